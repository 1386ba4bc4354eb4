"""Being inside a company: entered by a fresh `with`, left in `finally`, never by a decorator (reliability R50)."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class NoCompany(RuntimeError):
    """Something that belongs to a company was asked for outside one."""


def current_company():
    """The company that this thread works for. Raises NoCompany where there is none."""
    company = getattr(connection, "tenant", None)
    if company is None or not hasattr(company, "time_zone"):
        raise NoCompany("Not inside a company.")
    return company


def inside_a_company() -> bool:
    """Whether this thread works for a company at the moment."""
    return hasattr(getattr(connection, "tenant", None), "time_zone")


@contextmanager
def inside(company) -> Iterator[None]:
    """Work for a company until the block ends. Open it outside a transaction, never inside one."""
    before = connection.tenant
    connection.set_tenant(company)
    try:
        yield
    finally:
        connection.set_tenant(before)


@contextmanager
def outside() -> Iterator[None]:
    """Work for the platform (schema `public`) until the block ends."""
    before = connection.tenant
    connection.set_schema_to_public()
    try:
        yield
    finally:
        connection.set_tenant(before)
