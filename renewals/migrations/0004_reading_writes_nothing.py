from django.db import migrations


class Migration(migrations.Migration):
    """A calendar feed is read by GET, and GET writes nothing: when it was read last is not kept."""

    dependencies = [("renewals", "0003_choices")]

    operations = [migrations.RemoveField(model_name="calendarfeed", name="read_at")]
