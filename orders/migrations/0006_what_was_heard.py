from django.db import migrations, models

import orders.models.report


class Migration(migrations.Migration):
    """Reports have an address, admins record them too, and an order knows which message named its number."""

    dependencies = [("orders", "0005_what_a_cart_remembers")]

    operations = [
        migrations.AddField(model_name="order", name="heard", field=models.JSONField(default=dict)),
        migrations.AddField(
            model_name="report",
            name="ref",
            field=models.CharField(
                default=orders.models.report.report_reference, editable=False, max_length=12, unique=True
            ),
        ),
        migrations.AlterField(
            model_name="report",
            name="way",
            field=models.CharField(
                choices=[("page", "On the order's page"), ("feed", "By machine"), ("admin", "Recorded by an admin")],
                max_length=5,
            ),
        ),
    ]
