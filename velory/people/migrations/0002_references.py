"""Locations and teams get references for their addresses; an invitation goes with whoever wrote it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import velory.references


def name_them(apps, schema_editor):
    """One reference each. Cost: one statement a location or team, and there are few."""
    for model, make in (("Location", velory.references.location_reference), ("Team", velory.references.team_reference)):
        for place in apps.get_model("people", model).objects.filter(ref=None):
            place.ref = make()
            place.save(update_fields=["ref"])


def field(make, **rest):
    return models.CharField(default=make, editable=False, max_length=12, unique=True, **rest)


class Migration(migrations.Migration):
    dependencies = [("people", "0001_initial")]

    operations = [
        migrations.AddField("location", "ref", models.CharField(editable=False, max_length=12, null=True)),
        migrations.AddField("team", "ref", models.CharField(editable=False, max_length=12, null=True)),
        migrations.RunPython(name_them, migrations.RunPython.noop),
        migrations.AlterField("location", "ref", field(velory.references.location_reference)),
        migrations.AlterField("team", "ref", field(velory.references.team_reference)),
        migrations.AlterField(
            "invitation",
            "invited_by",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
    ]
