"""Faults happen to a demo of its own; no company of the test database is needed."""

import socket

import pytest


@pytest.fixture(autouse=True)
def at_nordvik():
    """The test itself is nowhere."""


@pytest.fixture(autouse=True)
def at():
    """The test's own clock is not touched."""


@pytest.fixture(autouse=True, scope="module")
def names_of_this_machine():
    """`nordvik.localhost` is this machine, also where the resolver does not know it."""
    real = socket.getaddrinfo
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(
            socket, "getaddrinfo",
            lambda host, *rest, **more: real("127.0.0.1" if str(host).endswith("localhost") else host, *rest, **more),
        )  # fmt: skip
        yield
