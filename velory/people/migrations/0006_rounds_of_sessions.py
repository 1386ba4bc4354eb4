from django.db import migrations, models


class Migration(migrations.Migration):
    """A number with a default in the database too: the code before this one goes on adding people meanwhile."""

    dependencies = [("people", "0005_of_whom_two_factors_are_asked")]

    operations = [
        migrations.AddField(
            model_name="person",
            name="session_round",
            field=models.PositiveIntegerField(db_default=0, default=0, editable=False),
        ),
    ]
