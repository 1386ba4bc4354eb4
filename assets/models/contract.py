from django.db import models
from django.utils.translation import gettext_lazy as _


class Contract(models.Model):
    """The leasing contract of one device. Amounts are net, in `currency`; open until `closed_on`."""

    device = models.OneToOneField("assets.Device", models.CASCADE, related_name="contract")
    provider = models.ForeignKey(
        "assets.Partner", models.PROTECT, null=True, related_name="contracts", verbose_name=_("leasing provider")
    )
    number = models.CharField(_("contract number"), max_length=60, blank=True)
    starts_on = models.DateField(_("contract start"), null=True, blank=True)
    months = models.PositiveSmallIntegerField(_("months"), null=True, blank=True)
    monthly_cost = models.DecimalField(_("monthly cost"), max_digits=12, decimal_places=2, null=True, blank=True)
    acquisition_price = models.DecimalField(
        _("acquisition price"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    residual_percent = models.DecimalField(_("residual percent"), max_digits=5, decimal_places=2, null=True, blank=True)
    currency = models.CharField(_("currency"), max_length=3)
    closed_on = models.DateField(_("closed"), null=True, blank=True)

    class Meta:
        verbose_name = _("contract")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(residual_percent=None) | models.Q(residual_percent__range=(0, 100)),
                name="contract_residual_percent",
            ),
            models.CheckConstraint(
                condition=models.Q(monthly_cost=None) | models.Q(monthly_cost__gte=0), name="contract_monthly_cost"
            ),
            models.CheckConstraint(
                condition=models.Q(acquisition_price=None) | models.Q(acquisition_price__gte=0),
                name="contract_acquisition_price",
            ),
        ]

    def __str__(self):
        return self.number
