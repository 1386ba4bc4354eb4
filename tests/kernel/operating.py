"""The operators' company for tests: its schema is made once and put aside; a test that asks for it has its row."""

import pytest
from django.db import connection

from tests.conftest import Browser
from tests.making import an_admin
from velory.agenda.models import Due
from velory.people.models import Person
from velory.tenancy.context import inside, outside
from velory.tenancy.models import Company, Domain
from velory.tenancy.opening import open_company
from velory.tenancy.routing import forget_hosts

ASIDE = "ops_aside"
HOST = "ops.localhost"


@pytest.fixture(scope="session")
def operators_facts(django_db_setup, django_db_blocker):
    """The facts of the operators' company; its schema stands aside, its row does not stand at all."""
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        company = open_company(
            "Velory", slug="ops", domain=HOST, country="SE", language="en", currency="SEK", plan="pro"
        )  # fmt: skip
        facts = {f.attname: getattr(company, f.attname) for f in Company._meta.concrete_fields if not f.primary_key}
        Due.objects.filter(company=company).delete()
        with connection.cursor() as cursor:
            cursor.execute(f'DROP SCHEMA IF EXISTS "{ASIDE}" CASCADE')
            cursor.execute(f'ALTER SCHEMA "{company.schema_name}" RENAME TO "{ASIDE}"')
        Company.objects.filter(pk=company.pk).delete()
        forget_hosts()
        return facts | {"schema_name": ASIDE}


@pytest.fixture
def ops(operators_facts, at_nordvik):
    """The operators' company, for one test."""
    with outside():
        (company,) = Company.objects.bulk_create([Company(**operators_facts)])
        Domain.objects.create(domain=HOST, tenant=company, is_primary=True)
    forget_hosts()
    yield company
    forget_hosts()


@pytest.fixture
def operator(ops) -> Person:
    """An admin of it."""
    with inside(ops):
        return an_admin(first_name="Velory", last_name="Operator", email="operator@velory.example")


@pytest.fixture
def console(ops, operator):
    """Their browser, at their host."""
    browser = Browser(HTTP_HOST=HOST)
    with inside(ops):
        browser.force_login(operator, backend="velory.people.backends.PersonBackend")
    return browser


def at_ops(ops, person):
    """The browser of somebody else who works at the operators'."""
    browser = Browser(HTTP_HOST=HOST)
    with inside(ops):
        browser.force_login(person, backend="velory.people.backends.PersonBackend")
    return browser
