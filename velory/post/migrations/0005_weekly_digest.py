from django.db import migrations, models


class Migration(migrations.Migration):
    """Whether the admins get a weekly digest."""

    dependencies = [("post", "0004_recipients_outside")]

    operations = [
        migrations.AddField(
            model_name="mailsettings",
            name="weekly_digest",
            field=models.BooleanField(default=True, verbose_name="weekly digest to the admins"),
        )
    ]
