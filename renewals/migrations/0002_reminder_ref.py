from django.db import migrations, models

import renewals.models.reminder


class Migration(migrations.Migration):

    dependencies = [
        ("renewals", "0001_initial"),
    ]

    operations = [
        migrations.AddField("reminder", "ref", models.CharField(max_length=16, null=True)),
        migrations.RunSQL(
            "UPDATE renewals_reminder SET ref = substr(md5(random()::text || id::text), 1, 16)", migrations.RunSQL.noop
        ),
        migrations.AlterField(
            "reminder",
            "ref",
            models.CharField(
                default=renewals.models.reminder.reminder_reference, editable=False, max_length=16, unique=True
            ),
        ),
    ]
