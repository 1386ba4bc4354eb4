import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from velory.payments.models.card import Card
from velory.payments.models.held import Held
from velory.payments.models.payee import Payee
from velory.references import reference


def attempt_reference() -> str:
    """What a payment is called when it is read aloud."""
    return reference("A")


class State(models.TextChoices):
    """Where a payment is. It moves on along MOVES and never back."""

    CREATING = "creating", pgettext_lazy("payment", "Being prepared")
    OPEN = "open", pgettext_lazy("payment", "Waiting for payment")
    SUPERSEDING = "superseding", pgettext_lazy("payment", "Being called off")
    EXPIRED = "expired", pgettext_lazy("payment", "Not paid")
    PAID = "paid", pgettext_lazy("payment", "Paid")
    REFUND_DUE = "refund_due", pgettext_lazy("payment", "To be refunded")
    MISMATCH = "mismatch", pgettext_lazy("payment", "Does not match")
    REFUNDED = "refunded", pgettext_lazy("payment", "Refunded")


OPEN_STATES = [State.CREATING, State.OPEN, State.SUPERSEDING]
_DECIDED = {State.EXPIRED, State.PAID, State.REFUND_DUE, State.MISMATCH}

# The one table of moves, known to the database too. What is decided is decided, but: money overrules "not paid";
# a mismatch without money is closed by an admin; a refund that fails afterwards is owed again (R14).
MOVES: dict[str, set[str]] = {
    State.CREATING: {State.OPEN, State.SUPERSEDING, *_DECIDED},
    State.OPEN: {State.SUPERSEDING, *_DECIDED},
    State.SUPERSEDING: {*_DECIDED},
    State.EXPIRED: {State.PAID, State.REFUND_DUE, State.MISMATCH},
    State.PAID: {State.REFUNDED},
    State.REFUND_DUE: {State.REFUNDED},
    State.MISMATCH: {State.REFUNDED, State.EXPIRED},
    State.REFUNDED: {State.REFUND_DUE},
}


class AttemptQuerySet(models.QuerySet):
    """What one can say of payments."""

    def about(self, kind: str, ref: str):
        """Every attempt to buy one thing."""
        return self.filter(kind=kind, subject_ref=ref)

    def open(self):
        """Those that can still be paid, as far as we know."""
        return self.filter(state__in=OPEN_STATES)

    def open_about(self, kind: str, ref: str) -> "Attempt | None":
        """The one open attempt to buy a thing, or None."""
        return self.about(kind, ref).open().first()

    def paid(self):
        """Those that bought what they are for."""
        return self.filter(state=State.PAID)

    def paid_about(self, kind: str, ref: str) -> "Attempt | None":
        """The attempt that bought a thing, or None."""
        return self.about(kind, ref).paid().first()

    def in_state(self, *states):
        """Those in one of some states."""
        return self.filter(state__in=states)

    def that_bought(self, kind: str, ref: str) -> "Attempt | None":
        """The attempt that bought a thing, also where some or all of it went back since; or None."""
        since = self.about(kind, ref).filter(state__in=[State.PAID, State.REFUND_DUE, State.REFUNDED], why="")
        return since.order_by("-settled_at", "-pk").first()

    def by_saved_card(self):
        """Those that charge a saved card, without its owner."""
        return self.exclude(card=None)

    def by(self, person):
        """Those of one payer."""
        return self.filter(person=person)

    def to(self, payee):
        """Those that pay one payee."""
        return self.filter(payee=payee)

    def mismatched(self):
        """Those that an admin has to look into."""
        return self.filter(state=State.MISMATCH)

    def stuck(self, at):
        """Being prepared or called off for more than ten minutes (P12)."""
        return self.filter(state__in=[State.CREATING, State.SUPERSEDING], moved_at__lt=at - timedelta(minutes=10))

    def newest_first(self):
        """For pages."""
        return self.order_by("-begun_at", "-pk")

    def with_what_lists_need(self):
        """For lists: payer and payee without a further query."""
        return self.select_related("person", "payee")

    def with_sums(self):
        """Adds `captured_minor`, `back_minor` (refunds that have not failed) and `disputed_minor` (not won)."""
        from velory.payments.models.money import sum_of

        return self.annotate(
            captured_minor=sum_of("charge"),
            back_minor=sum_of("refund") - sum_of("refund_failed"),
            disputed_minor=sum_of("dispute") - sum_of("dispute_won"),
        )


class Attempt(Held):
    """One attempt to pay for one thing: at most one open session at Stripe, on the account of one payee; or, with a
    `card`, one charge of a card that was saved there, without the person and without a session.

    `kind` and `subject_ref` say what is bought, in the words of whoever sells it (velory/payments/sales.py), `basis`
    on which price. Amount, currency, account and `livemode` never change: what Stripe says is held against them (R6).
    The state is written by `apply` and, before any money, by `start`; the database knows MOVES too. Moments are UTC.
    """

    State = State

    ref = models.CharField(max_length=12, unique=True, default=attempt_reference, editable=False)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40)
    subject_ref = models.CharField(max_length=40)
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="attempts")
    account = models.CharField(max_length=60)
    livemode = models.BooleanField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="payments")
    amount = models.DecimalField(_("amount"), max_digits=14, decimal_places=3)
    currency = models.CharField(_("currency"), max_length=3)
    amount_minor = models.BigIntegerField()
    basis = models.CharField(max_length=60, blank=True)
    card = models.ForeignKey(Card, models.PROTECT, null=True, related_name="attempts")
    state = models.CharField(_("status"), max_length=12, choices=State, default=State.CREATING)
    why = models.CharField(max_length=30, blank=True)
    differences = models.JSONField(default=list)
    request = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=1)
    session_id = models.CharField(max_length=120, blank=True)
    session_url = models.TextField(blank=True)
    intent_id = models.CharField(max_length=120, blank=True)
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_ref"], condition=models.Q(state__in=OPEN_STATES), name="attempt_open_once"
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_ref"], condition=models.Q(state=State.PAID), name="attempt_paid_once"
            ),
            models.UniqueConstraint(
                fields=["session_id"], condition=~models.Q(session_id=""), name="attempt_session_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="attempt_state_known"),
            models.CheckConstraint(condition=models.Q(amount_minor__gt=0, amount__gt=0), name="attempt_of_something"),
            models.CheckConstraint(
                condition=~models.Q(state=State.OPEN)
                | models.Q(~models.Q(session_id=""), card=None)
                | models.Q(~models.Q(intent_id=""), card__isnull=False),
                name="attempt_open_has_session",
            ),
            models.CheckConstraint(
                condition=models.Q(card=None) | models.Q(session_id=""), name="attempt_by_card_has_no_session"
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "subject_ref"], name="attempt_subject"),
            models.Index(fields=["-begun_at"], name="attempt_newest"),
            models.Index(fields=["intent_id"], name="attempt_intent", condition=~models.Q(intent_id="")),
        ]

    def __str__(self):
        return self.ref

    def get_absolute_url(self):
        """The payer's page."""
        from django.urls import reverse

        return reverse("payments:payment", args=[self.ref])

    @property
    def is_open(self) -> bool:
        """Whether it can still be paid, as far as we know."""
        return self.state in OPEN_STATES

    # How it is written. `apply` alone says what a payment comes to; `start` opens it and calls it off

    def move(self, to: str, *, at, **facts) -> None:
        """Take the row, which the caller holds, to another state. Raises ValueError where MOVES has no way there."""
        if to not in MOVES[self.state]:
            raise ValueError(f"A payment does not move from {self.state} to {to}.")
        self.note(state=to, moved_at=at, **facts)

    # What it comes to, in the currency's smallest unit

    @property
    def captured(self) -> int:
        """What was taken from the card."""
        return self._sum("charge")

    @property
    def given_back(self) -> int:
        """What was refunded and has not come back."""
        return self._sum("refund") - self._sum("refund_failed")

    @property
    def disputed(self) -> int:
        """What the payer's bank has taken back, or may yet."""
        return self._sum("dispute") - self._sum("dispute_won")

    @property
    def refundable(self) -> int:
        """What could still be refunded: captured, less refunds asked for and disputes."""
        asked = self.refunds.not_failed().aggregate(sum=models.Sum("amount_minor"))["sum"] or 0
        return self.captured - asked - self.disputed

    def _sum(self, kind):
        return self.money.filter(kind=kind).aggregate(sum=models.Sum("amount_minor"))["sum"] or 0
