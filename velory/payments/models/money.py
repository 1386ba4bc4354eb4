from django.db import models
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from velory.payments.models.attempt import Attempt


class MoneyQuerySet(models.QuerySet):
    """What one can say of money that moved."""

    def of_kind(self, *kinds):
        """Some kinds only."""
        return self.filter(kind__in=kinds)

    def in_order(self):
        """As it happened."""
        return self.order_by("at", "pk")


class Money(models.Model):
    """One movement of money as Stripe told it: never changed, never deleted, known once by its kind and Stripe's id.

    A refund that failed and a dispute that was won are rows of their own, which undo the one before them.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", pgettext_lazy("money", "Paid by card")
        REFUND = "refund", pgettext_lazy("money", "Refunded")
        REFUND_FAILED = "refund_failed", pgettext_lazy("money", "Refund failed")
        DISPUTE = "dispute", pgettext_lazy("money", "Disputed by the payer’s bank")
        DISPUTE_WON = "dispute_won", pgettext_lazy("money", "Dispute won")
        DISPUTE_LOST = "dispute_lost", pgettext_lazy("money", "Dispute lost")

    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="money")
    kind = models.CharField(max_length=14, choices=Kind)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    account = models.CharField(max_length=60)
    livemode = models.BooleanField()
    provider_id = models.CharField(max_length=120)
    at = models.DateTimeField()

    objects = MoneyQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("money", "movement of money")
        constraints = [
            models.UniqueConstraint(fields=["kind", "provider_id"], name="money_once"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="money_is_some"),
            models.CheckConstraint(
                condition=models.Q(
                    kind__in=["charge", "refund", "refund_failed", "dispute", "dispute_won", "dispute_lost"]
                ),
                name="money_kind_known",
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.amount_minor} {self.currency}"

    @property
    def amount(self):
        """In the currency's own unit."""
        from velory.payments.currencies import from_minor

        return from_minor(self.amount_minor, self.currency)


def sum_of(kind: str):
    """For querysets of attempts: how much of a kind there is, in the smallest unit."""
    rows = Money.objects.filter(attempt=models.OuterRef("pk"), kind=kind).order_by()
    total = rows.values("attempt").annotate(total=models.Sum("amount_minor")).values("total")
    return Coalesce(models.Subquery(total), 0, output_field=models.BigIntegerField())
