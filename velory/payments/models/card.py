import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from velory.payments.models.held import Held
from velory.payments.models.payee import Payee
from velory.references import reference


def card_reference() -> str:
    """What a saved card is called."""
    return reference("K")


class State(models.TextChoices):
    """Where a card is. Forgotten is forgotten: it never comes back."""

    SAVING = "saving", pgettext_lazy("card", "Being saved")
    NOT_SAVED = "not_saved", pgettext_lazy("card", "Not saved")
    SAVED = "saved", pgettext_lazy("card", "Saved")
    FORGETTING = "forgetting", pgettext_lazy("card", "Being forgotten")
    FORGOTTEN = "forgotten", pgettext_lazy("card", "Forgotten")


# The one table of moves, known to the database too. What was saved although nobody expected it any more is saved.
CARD_MOVES: dict[str, set[str]] = {
    State.SAVING: {State.NOT_SAVED, State.SAVED},
    State.NOT_SAVED: {State.SAVED},
    State.SAVED: {State.FORGETTING, State.FORGOTTEN},
    State.FORGETTING: {State.FORGOTTEN},
    State.FORGOTTEN: set(),
}


class CardQuerySet(models.QuerySet):
    """What one can say of cards."""

    def of(self, person):
        """Those of one person."""
        return self.filter(person=person)

    def saving(self):
        """Those whose page at Stripe may still be open."""
        return self.filter(state=State.SAVING)

    def saved(self):
        """Those that can be charged, as far as we know."""
        return self.filter(state=State.SAVED)

    def usable_by(self, person):
        """A person's saved cards at an account where they can be charged now, the latest first."""
        found = self.of(person).saved().filter(account=models.F("payee__account"), payee__disconnected_at=None)
        return found.filter(payee__charges_enabled=True).select_related("payee").order_by("-saved_at", "-pk")


class Card(Held):
    """A card that somebody saved with one payee, to be charged later without them. We know its last four digits.

    It belongs to the account at which it was saved: nobody else can charge it. Moments are UTC, `expires_at` is when
    its page at Stripe closes.
    """

    State = State

    ref = models.CharField(max_length=12, unique=True, default=card_reference, editable=False)
    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="cards")
    payee = models.ForeignKey(Payee, models.PROTECT, related_name="cards")
    account = models.CharField(max_length=60)
    livemode = models.BooleanField()
    state = models.CharField(gettext_lazy("status"), max_length=12, choices=State, default=State.SAVING)
    back_to = models.CharField(max_length=200)
    request = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=1)
    customer_id = models.CharField(max_length=120, blank=True)
    session_id = models.CharField(max_length=120, blank=True)
    session_url = models.TextField(blank=True)
    method_id = models.CharField(max_length=120, blank=True)
    brand = models.CharField(max_length=30, blank=True)
    last4 = models.CharField(max_length=4, blank=True)
    good_until = models.DateField(null=True)
    begun_at = models.DateTimeField()
    moved_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    saved_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)

    objects = CardQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("saved card")
        constraints = [
            models.UniqueConstraint(
                fields=["person", "account"], condition=models.Q(state="saving"), name="card_saved_one_at_a_time"
            ),
            models.UniqueConstraint(
                fields=["session_id"], condition=~models.Q(session_id=""), name="card_session_once"
            ),
            models.CheckConstraint(condition=models.Q(state__in=State.values), name="card_state_known"),
            models.CheckConstraint(
                condition=~models.Q(state="saved") | (~models.Q(method_id="") & ~models.Q(customer_id="")),
                name="card_saved_is_known",
            ),
        ]
        indexes = [models.Index(fields=["person", "state"], name="card_of_person")]

    def __str__(self):
        return self.name or self.ref

    def get_absolute_url(self):
        """The page that its owner comes back to."""
        from django.urls import reverse

        return reverse("payments:card", args=[self.ref])

    @property
    def name(self) -> str:
        """What its owner knows it by; empty until it is saved."""
        if not self.last4:
            return ""
        return _("%(brand)s ending in %(digits)s") % {"brand": self.brand.capitalize(), "digits": self.last4}

    @property
    def is_saved(self) -> bool:
        """Whether it can be charged, as far as we know."""
        return self.state == State.SAVED

    def is_good_on(self, day) -> bool:
        """Whether it has not expired by a date."""
        return self.good_until is None or day <= self.good_until

    def become(self, to: str, *, at, **facts) -> None:
        """Take the row, which the caller holds, to another state. Raises ValueError where there is no way."""
        if to not in CARD_MOVES[self.state]:
            raise ValueError(f"A card does not move from {self.state} to {to}.")
        self.note(state=to, moved_at=at, **facts)
