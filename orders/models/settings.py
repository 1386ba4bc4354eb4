from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from velory.one_row import OneRow
from velory.tenancy.context import current_company
from velory.vat import standard_rate


class StoreSettings(OneRow):
    """How this company's store works: one row. Without a rate of its own the country's standard rate applies."""

    vat_percent = models.DecimalField(
        _("VAT, percent"), max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )  # fmt: skip

    approver = models.ForeignKey(
        "people.Person", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("company's approver")
    )
    auto_approve = models.BooleanField(_("approve by itself what lies within the budget"), default=False)
    salary_deduction = models.BooleanField(_("what goes over a budget may be deducted from the salary"), default=False)
    personal_card = models.BooleanField(_("what goes over a budget may be paid by personal card"), default=False)
    auto_receive = models.BooleanField(_("delivered one-off devices are received by themselves"), default=False)
    payment_days = models.PositiveSmallIntegerField(_("days to pay in"), default=7)
    requests_digest = models.BooleanField(
        _("approvers get a mail at 16:00 with what still waits"), default=True, db_default=True
    )
    receipt_reminder_days = models.PositiveSmallIntegerField(
        _("days until a reminder of receipt"), default=3, db_default=3
    )

    class Meta:
        verbose_name = _("store settings")
        constraints = [
            models.CheckConstraint(condition=models.Q(pk=1), name="store_settings_one_row"),
            models.CheckConstraint(
                condition=models.Q(vat_percent=None) | models.Q(vat_percent__range=(0, 100)), name="store_vat_percent"
            ),
        ]

    @property
    def vat(self) -> Decimal | None:
        """The rate in percent: the company's own, else its country's; None where nobody knows it."""
        return self.vat_percent if self.vat_percent is not None else standard_rate(current_company().country)
