import secrets

from django.db import models
from django.utils.translation import gettext_lazy as _

from renewals.sums import Followable


def quote_reference() -> str:
    """What a quote is called where nobody reads it aloud."""
    return secrets.token_hex(8)


class Quote(Followable, models.Model):
    """The price of a buy-out as it was promised: what went in, each step, what came out. Never changed.

    `steps` is what a person can follow: [{"code", "facts": {…}, "amount"}], amounts as text in `currency`, before VAT.
    `total` is what is paid. `valid_until` is a local date, that day included.
    """

    class Basis(models.TextChoices):
        LEASED = "leased", _("Acquisition price and residual value")
        ONE_OFF = "one_off", _("Purchase price and depreciation")
        CUSTOM = "custom", _("Price set by an admin")

    ref = models.CharField(max_length=16, unique=True, default=quote_reference, editable=False)
    device = models.ForeignKey("assets.Device", models.PROTECT, related_name="quotes")
    renewal_on = models.DateField(_("renewal date"))
    basis = models.CharField(max_length=10, choices=Basis)
    made_at = models.DateTimeField()
    valid_until = models.DateField(_("valid until"))
    currency = models.CharField(_("currency"), max_length=3)
    inputs = models.JSONField(default=dict)
    steps = models.JSONField(default=list)
    net = models.DecimalField(max_digits=14, decimal_places=3)
    vat_percent = models.DecimalField(max_digits=5, decimal_places=2)
    vat = models.DecimalField(max_digits=14, decimal_places=3)
    total = models.DecimalField(max_digits=14, decimal_places=3)

    class Meta:
        verbose_name = _("quote")
        constraints = [
            models.CheckConstraint(condition=models.Q(total=models.F("net") + models.F("vat")), name="quote_adds_up"),
            models.CheckConstraint(condition=models.Q(net__gte=0), name="quote_not_negative"),
        ]

    def __str__(self):
        return f"{self.total} {self.currency}"
