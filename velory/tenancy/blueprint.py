"""A company's tables, as the first company that was opened with this code got them: later ones are drawn from that.

Migrations build a schema step by step, from the first table of all on; that takes seconds, and more with each
migration. What they said to the database while they built one from nothing is kept (platform table `Blueprint`), and
said again for the next company in one go, all or nothing. A schema that has anything in it is migrated as ever.
"""

import hashlib
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader

from velory.tenancy.context import outside
from velory.tenancy.models import Blueprint

SILENT = ("SELECT", "SAVEPOINT", "RELEASE", "ROLLBACK", "SET ", "SHOW")  # these build nothing


def build(company) -> None:
    """Give a company's empty schema its tables; one that is begun gets the migrations that it lacks."""
    with outside():
        drawn = Blueprint.objects.filter(drawn_from=_digest()).first()
    if _is_begun(company):
        _migrate(company)
    elif drawn is not None:
        _say_again(company, drawn.statements)
    else:
        with _heard() as said:
            _migrate(company)
        _keep(said, company)


def _keep(said, company):
    """For the next one; what names this company's schema would be wrong in another."""
    if any(company.schema_name in statement for statement in said):
        return
    with outside():
        Blueprint.objects.exclude(drawn_from=_digest()).delete()
        Blueprint.objects.get_or_create(drawn_from=_digest(), defaults={"statements": said})


def _migrate(company):
    call_command("migrate_schemas", schema_name=company.schema_name, verbosity=0, interactive=False)


def _is_begun(company) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_tables WHERE schemaname = %s LIMIT 1", [company.schema_name])
        return cursor.fetchone() is not None


def _say_again(company, statements):
    before = connection.tenant
    connection.set_tenant(company)
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.cursor.execute(";\n".join(statements))
    finally:
        connection.set_tenant(before)


@contextmanager
def _heard():
    """What is said to the database meanwhile, with its values in it, but for questions."""
    said: list[str] = []

    def listen(execute, sql, params, many, context):
        answer = execute(sql, params, many, context)
        if not str(sql).lstrip().upper().startswith(SILENT):
            values = params if many else [params]
            with connection.connection.cursor() as cursor:  # its own: asking the one at work would end its answer
                whole = [cursor.mogrify(sql, one) if one else str(sql) for one in values]
            said.extend(statement.strip().rstrip(";") for statement in whole)
        return answer

    with connection.execute_wrapper(listen):
        yield said


@cache
def _digest() -> str:
    """Of every migration that a company's schema must have: names and texts."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    ours = {app.rsplit(".", 1)[-1] for app in settings.TENANT_APPS}
    found = hashlib.sha256()
    for (app, name), migration in sorted(loader.disk_migrations.items()):
        if app in ours:
            module = __import__(migration.__module__, fromlist=["_"])
            found.update(f"{app}.{name}\n".encode() + Path(str(module.__file__)).read_bytes())
    return found.hexdigest()
