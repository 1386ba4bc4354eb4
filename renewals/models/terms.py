"""The terms on which a device leaves: what the company allows, when, and what it costs."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

DAY_OF_MONTH = [MinValueValidator(1), MaxValueValidator(31)]
PERCENT = [MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))]


class Terms(models.Model):
    """What a holder may choose and on which conditions. Percents are of the price before VAT; the fee is net, in the
    company's currency. The company's policy has them as they are now, a renewal as they were when it opened."""

    leased_buyout = models.BooleanField(_("leased: holders may buy out"), default=True)
    leased_return = models.BooleanField(_("leased: holders may return"), default=True)
    one_off_buyout = models.BooleanField(_("own devices: holders may buy out"), default=True)
    one_off_return = models.BooleanField(_("own devices: holders may return"), default=True)
    one_off_keep = models.BooleanField(_("own devices: holders may keep"), default=True)
    keep_by_default = models.BooleanField(_("own devices: kept where nothing was chosen"), default=False)
    window_from = models.PositiveSmallIntegerField(
        _("buy-out from day of the month"), null=True, blank=True, validators=DAY_OF_MONTH
    )
    window_to = models.PositiveSmallIntegerField(
        _("buy-out to day of the month"), null=True, blank=True, validators=DAY_OF_MONTH
    )
    minimum_tenure_months = models.PositiveSmallIntegerField(
        _("months of employment before a buy-out"), null=True, blank=True, validators=[MaxValueValidator(600)]
    )
    quote_valid_days = models.PositiveSmallIntegerField(
        _("days that a price holds"), default=14, validators=[MinValueValidator(1), MaxValueValidator(90)]
    )
    residual_percent = models.DecimalField(
        _("leased: residual percent"), max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )
    service_fee = models.DecimalField(
        _("leased: service fee"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )  # fmt: skip
    vat_percent = models.DecimalField(
        _("VAT percent"), max_digits=5, decimal_places=2, null=True, blank=True, validators=PERCENT
    )

    class Meta:
        abstract = True


TERMS = [field.name for field in Terms._meta.local_fields]
