"""What devices are searched by is without case, accents and ligatures: `velory.folding`."""

from django.contrib.postgres.indexes import GinIndex
from django.db import migrations, models
from django.db.models.functions import Concat

from velory.folding import Folded


class Migration(migrations.Migration):
    dependencies = [("assets", "0004_buyout_price")]

    operations = [
        migrations.RemoveIndex("device", "device_search"),
        migrations.RemoveField("device", "search"),
        migrations.AddField(
            "device",
            "search",
            models.GeneratedField(
                expression=Folded(
                    Concat(
                        "name", models.Value(" "), "serial", models.Value(" "), "imei", models.Value(" "),
                        "ref", models.Value(" "), "number", output_field=models.TextField(),
                    )
                ),
                output_field=models.TextField(),
                db_persist=True,
            ),
        ),
        migrations.AddIndex("device", GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="device_search")),
    ]  # fmt: skip
