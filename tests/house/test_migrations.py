"""The version before can go on writing on this version's tables: `docs/operating.md` promises it."""

import pytest
from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

pytestmark = pytest.mark.nowhere
# The first versions, which nobody goes back to: these added columns that have to be given.
FORMER = {
    "assets": "0009", "orders": "0007", "payments": "0004", "people": "0005", "post": "0006", "renewals": "0004",
    "tenancy": "0004",
}  # fmt: skip


def columns_added_to_a_table_that_was_there():
    """Each column of this version that a migration added since: (migration, model, field)."""
    ours = {config.label for config in apps.get_app_configs() if not config.name.startswith(("django", "allauth"))}
    for (app, name), migration in sorted(MigrationLoader(None, ignore_no_migrations=True).disk_migrations.items()):
        if app not in ours or name[:4] <= FORMER.get(app, "0000"):
            continue
        made = {op.name.lower() for op in migration.operations if isinstance(op, migrations.CreateModel)}
        for op in migration.operations:
            if isinstance(op, migrations.AddField) and op.model_name.lower() not in made:
                try:
                    yield f"{app}.{name}", apps.get_model(app, op.model_name)._meta.get_field(op.name)
                except (LookupError, FieldDoesNotExist):
                    continue  # gone again


def test_a_column_that_is_added_may_be_left_out_by_who_does_not_know_it():
    added = list(columns_added_to_a_table_that_was_there())
    needed = [
        f"{field} ({where}): give it null=True or a db_default"
        for where, field in added
        if not (field.null or field.many_to_many or field.generated or field.has_db_default())
    ]
    assert added, "this looks at nothing"
    assert not needed
