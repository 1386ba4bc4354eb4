"""Faults happen to a demo of its own; no company of the test database is needed."""

import pytest


@pytest.fixture(autouse=True)
def at_nordvik():
    """The test itself is nowhere."""


@pytest.fixture(autouse=True)
def at():
    """The test's own clock is not touched."""
