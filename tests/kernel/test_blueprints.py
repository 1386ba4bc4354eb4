"""The second company's tables are drawn from the first one's, and are the same to the last trigger."""

import pytest
from django.db import connection

from velory.tenancy.models import Blueprint, Company

pytestmark = pytest.mark.django_db

WHAT = {
    "columns": """SELECT table_name, column_name, data_type, is_nullable, column_default, is_identity,
                  generation_expression FROM information_schema.columns WHERE table_schema = '{0}'""",
    "constraints": """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(c.oid) FROM pg_constraint c
                      JOIN pg_namespace n ON n.oid = c.connamespace WHERE nspname = '{0}'""",
    "indexes": "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = '{0}'",
    "triggers": """SELECT c.relname, t.tgname, pg_get_triggerdef(t.oid) FROM pg_trigger t
                   JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
                   WHERE nspname = '{0}' AND NOT tgisinternal""",
    "functions": """SELECT p.proname, p.prosrc FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
                    WHERE nspname = '{0}'""",
    "migrations": "SELECT app, name FROM {0}.django_migrations",
    "kinds of things": "SELECT id, app_label, model FROM {0}.django_content_type",
}  # fmt: skip


@pytest.mark.parametrize("what", WHAT)
def test_what_is_drawn_is_what_migrations_build(what, companies):
    """Nordvik was opened first and is built by migrations; Saimaa is drawn from it."""
    assert Blueprint.objects.count() == 1

    with connection.cursor() as cursor:
        found = []
        for company in (companies["nordvik"], companies["saimaa"]):
            cursor.execute(WHAT[what].format(company.schema_name))
            schema = company.schema_name
            found.append(
                sorted(tuple(str(cell).replace(f"{schema}.", "") for cell in row) for row in cursor.fetchall())
            )

    assert found[0] == found[1]
    assert found[0]


def test_a_company_whose_opening_ended_half_way_is_migrated_on(companies):
    """Whatever is there already, nothing is drawn over it."""
    from velory.tenancy import blueprint

    said = []
    with connection.execute_wrapper(lambda run, sql, *rest: (said.append(str(sql)), run(sql, *rest))[1]):
        blueprint.build(Company.objects.get(slug="nordvik"))

    assert not any("CREATE TABLE" in sql for sql in said)
