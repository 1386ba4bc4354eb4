"""What a product costs, in one of the two ways in which it can be had."""

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from babel.numbers import get_currency_precision
from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.ui.money import money


class Mode(models.TextChoices):
    """How a device is paid for, and in what a budget counts: once, or by the month."""

    ONE_OFF = "one_off", _("One-off")
    MONTHLY = "monthly", _("Monthly")


@dataclass(frozen=True)
class Price:
    """An amount, net: once, or each month for some months. `vat_percent` is empty where nobody has said it."""

    mode: str
    amount: Decimal
    currency: str
    months: int = 0
    provider: Any = None
    vat_percent: Decimal | None = None

    def __str__(self):
        return money(self.amount, self.currency)

    @property
    def is_monthly(self) -> bool:
        return self.mode == Mode.MONTHLY

    @cached_property
    def vat(self) -> Decimal | None:
        """The tax on it, rounded as its currency is."""
        return None if self.vat_percent is None else rounded(self.amount * self.vat_percent / 100, self.currency)

    @property
    def with_vat(self) -> Decimal | None:
        """What it comes to, tax included."""
        return None if self.vat is None else self.amount + self.vat

    @property
    def in_all(self) -> Decimal:
        """What it comes to over its whole time, net."""
        return self.amount * self.months if self.is_monthly else self.amount


def rounded(amount: Decimal, currency: str) -> Decimal:
    """An amount with as many decimals as its currency has, halves away from zero."""
    return amount.quantize(Decimal(1).scaleb(-get_currency_precision(currency)), ROUND_HALF_UP)
