"""Whoever had a last day before offboarding was known leaves too: an offboarding for each, told nothing."""

from django.db import migrations

OPEN = """
    INSERT INTO assets_offboarding (person_id, last_day_on, opened_at)
    SELECT id, last_day_on, now() FROM people_person AS person
    WHERE last_day_on IS NOT NULL AND NOT EXISTS (
        SELECT 1 FROM assets_offboarding AS known WHERE known.person_id = person.id AND known.ended_at IS NULL
    )
"""


class Migration(migrations.Migration):
    dependencies = [("assets", "0008_bulk_changes"), ("people", "0004_folded_search")]

    operations = [migrations.RunSQL(OPEN, migrations.RunSQL.noop)]
