import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from velory.payments.models.attempt import Attempt
from velory.references import reference


def refund_reference() -> str:
    """What a refund is called when it is read aloud."""
    return reference("F")


class RefundQuerySet(models.QuerySet):
    """What one can say of refunds."""

    def not_failed(self):
        """Owed, on the way, or made."""
        return self.exclude(state=Refund.State.FAILED)

    def unfinished(self):
        """Owed, or on the way."""
        return self.filter(state__in=[Refund.State.DUE, Refund.State.PENDING])

    def needing_attention(self):
        """Failed, and nobody has settled it: the money is still owed."""
        return self.filter(state=Refund.State.FAILED, settled_at=None)

    def newest_first(self):
        """For pages."""
        return self.order_by("-asked_at", "-pk")


class Refund(models.Model):
    """An obligation to give money back, on the card that paid and from the account that was paid.

    One that failed is tried no second time by itself: it stays, for an admin to settle (R14). `subject_ref` names the
    part of what was sold that is given back, in the seller's words: each part once. Moments are UTC.
    """

    class State(models.TextChoices):
        DUE = "due", pgettext_lazy("refund", "To be made")
        PENDING = "pending", pgettext_lazy("refund", "On its way")
        SUCCEEDED = "succeeded", pgettext_lazy("refund", "Made")
        FAILED = "failed", pgettext_lazy("refund", "Failed")

    class Cause(models.TextChoices):
        TOO_LATE = "too_late", pgettext_lazy("refund", "Paid for what could no longer be bought")
        BY_ADMIN = "by_admin", pgettext_lazy("refund", "Decided by an admin")
        CANCELLED = "cancelled", pgettext_lazy("refund", "What was paid for was cancelled")
        AT_STRIPE = "at_stripe", pgettext_lazy("refund", "Made at Stripe")

    ref = models.CharField(max_length=12, unique=True, default=refund_reference, editable=False)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    attempt = models.ForeignKey(Attempt, models.PROTECT, related_name="refunds")
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    cause = models.CharField(_("reason"), max_length=12, choices=Cause)
    subject_ref = models.CharField(max_length=60, blank=True, db_default="")
    note = models.CharField(_("note"), max_length=300, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    state = models.CharField(_("status"), max_length=10, choices=State, default=State.DUE)
    why = models.CharField(max_length=60, blank=True)
    tries = models.PositiveSmallIntegerField(default=1)
    asked_of_stripe_at = models.DateTimeField(null=True)
    provider_id = models.CharField(max_length=120, null=True, unique=True)
    asked_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = RefundQuerySet.as_manager()

    class Meta:
        verbose_name = _("refund")
        constraints = [
            models.UniqueConstraint(
                fields=["attempt", "subject_ref"], condition=~models.Q(subject_ref=""), name="refund_of_a_part_once"
            ),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0), name="refund_of_something"),
            models.CheckConstraint(
                condition=models.Q(state__in=["due", "pending", "succeeded", "failed"]), name="refund_state_known"
            ),
            models.CheckConstraint(
                condition=models.Q(settled_at=None) | models.Q(state="failed"), name="refund_settled_has_failed"
            ),
        ]
        indexes = [models.Index(fields=["state"], name="refund_state")]

    def __str__(self):
        return self.ref

    @property
    def amount(self):
        """In the currency's own unit."""
        from velory.payments.currencies import from_minor

        return from_minor(self.amount_minor, self.currency)

    @property
    def is_final(self) -> bool:
        """Whether Stripe has said its last word, as far as there is one: even a refund that was made may come back."""
        return self.state in {self.State.SUCCEEDED, self.State.FAILED}
