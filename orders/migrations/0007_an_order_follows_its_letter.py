"""Two moves of an order, for its status follows the letter that carries it: one that bounced after all has not arrived,
and one that was sent once more from the mail page has."""

from django.db import migrations, models

EDGES = {"orders.order": [("failed", "sent"), ("sent", "failed")]}


def know(apps, schema_editor):
    edge = apps.get_model("journal", "Edge")
    edge.objects.bulk_create(
        edge(machine=machine, source=s, target=t) for machine, moves in EDGES.items() for s, t in moves
    )


def forget(apps, schema_editor):
    edge = apps.get_model("journal", "Edge")
    for machine, moves in EDGES.items():
        for source, target in moves:
            edge.objects.filter(machine=machine, source=source, target=target).delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0006_what_was_heard")]
    operations = [
        migrations.AddField(
            model_name="order", name="fault_answer", field=models.CharField(blank=True, max_length=20)
        ),
        migrations.RunPython(know, forget),
    ]
