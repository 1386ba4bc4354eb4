"""What people are searched by is without case, accents and ligatures: `velory.folding`."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models.functions import Coalesce, Concat

from velory.folding import Folded


class Migration(migrations.Migration):
    dependencies = [("people", "0003_approvers")]

    operations = [
        migrations.RemoveIndex("person", "person_search"),
        migrations.RemoveField("person", "search"),
        migrations.AddField(
            "person",
            "search",
            models.GeneratedField(
                expression=Folded(
                    Concat(
                        "first_name", models.Value(" "), "last_name", models.Value(" "),
                        Coalesce("email", models.Value("")), models.Value(" "), "employee_number",
                        output_field=models.TextField(),
                    )
                ),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex("person", GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="person_search")),
    ]  # fmt: skip
