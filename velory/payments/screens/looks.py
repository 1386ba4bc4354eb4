"""How payments read: the word, the icon and the tone of where one is; what it is for; its addresses."""

from dataclasses import dataclass

from django.urls import reverse

from velory.payments.models import Attempt, Refund
from velory.payments.sales import sale_of

TONES = {
    Attempt.State.CREATING: ("badge-info", "circle-dashed"),
    Attempt.State.OPEN: ("badge-info", "credit-card"),
    Attempt.State.SUPERSEDING: ("badge-info", "circle-dashed"),
    Attempt.State.EXPIRED: ("badge-neutral", "circle-x"),
    Attempt.State.PAID: ("badge-success", "circle-check"),
    Attempt.State.REFUND_DUE: ("badge-warning", "undo-2"),
    Attempt.State.MISMATCH: ("badge-error", "triangle-alert"),
    Attempt.State.REFUNDED: ("badge-secondary", "undo-2"),
}
REFUND_TONES = {
    Refund.State.DUE: ("badge-warning", "hourglass"),
    Refund.State.PENDING: ("badge-info", "hourglass"),
    Refund.State.SUCCEEDED: ("badge-success", "circle-check"),
    Refund.State.FAILED: ("badge-error", "triangle-alert"),
}


@dataclass(frozen=True)
class Badge:
    """A word with its icon and tone: never by colour alone."""

    label: str
    tone: str
    icon: str


def badge_of(attempt) -> Badge:
    """Where a payment is."""
    tone, icon = TONES[attempt.state]
    return Badge(attempt.get_state_display(), tone, icon)


def badge_of_refund(refund) -> Badge:
    """Where a refund is."""
    tone, icon = REFUND_TONES[refund.state]
    return Badge(refund.get_state_display(), tone, icon)


def titles_of(attempts) -> dict[int, str]:
    """What each is for, in the reader's language, by primary key. A seller who is gone leaves the reference."""
    by_kind: dict[str, list] = {}
    for attempt in attempts:
        by_kind.setdefault(attempt.kind, []).append(attempt)
    found: dict[int, str] = {}
    for same in by_kind.values():
        try:
            found |= sale_of(same[0]).titles(same)
        except KeyError:
            found |= {attempt.pk: attempt.subject_ref for attempt in same}
    return found


def place_of_thing(attempt) -> str:
    """The page of what was bought; "" where nobody sells such things any more."""
    try:
        return sale_of(attempt).back_to(attempt)
    except KeyError:
        return ""


def address_of(attempt) -> str:
    """The admins' page about a payment."""
    return reverse("money:payment", args=[attempt.ref])
