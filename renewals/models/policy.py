from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from renewals.models.terms import PERCENT, Terms
from velory.one_row import OneRow


class Policy(OneRow, Terms):
    """How this company wants its devices renewed: one row. A renewal that has opened keeps the terms of that day."""

    one_off_reminder = models.BooleanField(_("remind holders of devices bought outright"), default=True)
    summary_mail = models.BooleanField(_("monthly summary of buy-outs"), default=False)
    summary_to = models.EmailField(_("summary goes to"), blank=True)

    class Meta:
        verbose_name = _("renewal policy")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="renewal_policy_one_row")]


class Depreciation(models.Model):
    """How the worth of a category's devices falls: in a straight line over so many months, to a floor and no lower."""

    category = models.OneToOneField("assets.Category", models.CASCADE, related_name="depreciation")
    months = models.PositiveSmallIntegerField(
        _("months"), validators=[MinValueValidator(1), MaxValueValidator(240)], default=36
    )
    floor_percent = models.DecimalField(
        _("floor percent"), max_digits=5, decimal_places=2, validators=PERCENT, default=Decimal(10)
    )

    class Meta:
        verbose_name = _("depreciation")
        constraints = [models.CheckConstraint(condition=models.Q(months__gte=1), name="depreciation_takes_time")]

    def __str__(self):
        return f"{self.category}: {self.months} months, {self.floor_percent} %"
