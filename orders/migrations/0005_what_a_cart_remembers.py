from decimal import Decimal

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0004_moves_by_steps")]
    operations = [
        migrations.AddField(
            model_name="cart", name="sent",
            field=models.ForeignKey(
                editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+",
                to="orders.productrequest",
            ),
        ),
        migrations.AddField(
            model_name="cart", name="sent_seen", field=models.CharField(blank=True, editable=False, max_length=64)
        ),
        migrations.AddField(
            model_name="cartitem", name="amount",
            field=models.DecimalField(decimal_places=2, default=Decimal(0), max_digits=12), preserve_default=False,
        ),
        migrations.AddField(
            model_name="cartitem", name="currency",
            field=models.CharField(default="", max_length=3), preserve_default=False,
        ),
    ]  # fmt: skip
