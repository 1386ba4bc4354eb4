"""The database that every test begins with: two companies, opened at a moment that no test and no machine chooses.

`make test` makes it once (`python -m tests.ground NAME`), and each of its processes begins with a copy: building the
tables from nothing takes half a minute, copying them a moment.
"""

import os
import sys
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from unittest import mock

import django
from django.conf import settings
from django.db import connection
from django.test.utils import setup_databases, teardown_databases

NORDVIK = {
    "name": "Nordvik Energi AB", "slug": "nordvik", "domain": "nordvik.localhost", "country": "SE",
    "language": "sv", "currency": "SEK", "plan": "pro",
    "features": ["repair_flow", "leased_end_of_life", "store"],
}  # fmt: skip
SAIMAA = {
    "name": "Saimaa Konepaja Oy", "slug": "saimaa", "domain": "saimaa.localhost", "country": "FI",
    "language": "sv", "currency": "EUR", "plan": "pro",
    "features": ["repair_flow", "leased_end_of_life", "store"],
}  # fmt: skip
OPENED_AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # so that what an opening puts on the agenda is the same each run


@contextmanager
def standing_on(name):
    """A test database of that name: a copy of the one that VELORY_TEST_GROUND names, or made from nothing."""
    ground = os.environ.get("VELORY_TEST_GROUND")
    if not ground:
        made = make(name)
        yield
        connection.set_schema_to_public()
        teardown_databases(made, verbosity=0)
        return
    before = connection.settings_dict["NAME"]
    drop(name)
    copy(ground, name)
    yield
    _use(before)
    drop(name)


def make(name):
    """Make the database from nothing; answers what `teardown_databases` wants to know."""
    from velory import clock
    from velory.tenancy.opening import open_company

    connection.settings_dict["TEST"]["NAME"] = name
    with mock.patch.object(clock, "now", return_value=OPENED_AT):
        made = setup_databases(verbosity=0, interactive=False, serialized_aliases=[])
        connection.set_schema_to_public()
        for company in (NORDVIK, SAIMAA):
            open_company(**company)
    return made


def copy(ground, name):
    """Begin with a copy; its companies are its own, for files and cache keys bear what they are known by."""
    from velory.tenancy.models import Company

    with connection._nodb_cursor() as cursor:
        cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{ground}"')
    _use(name)
    for company in Company.objects.all():
        Company.objects.filter(pk=company.pk).update(uuid=uuid.uuid4())


def drop(name):
    """Whatever stands under the name is gone."""
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


def _use(name):
    connection.set_schema_to_public()
    connection.close()
    connection.settings_dict["NAME"] = settings.DATABASES["default"]["NAME"] = name


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "velory.settings")
    django.setup()
    make(sys.argv[1])
