"""The sweeper's look at one attempt: whatever was lost on the way, it ends where it would have ended (FI-3, FI-11)."""

import logging
from datetime import datetime

from velory.journal.reason import Refused
from velory.payments import start
from velory.payments.apply import apply
from velory.payments.errors import Trouble
from velory.payments.models import Attempt
from velory.payments.sales import Why

log = logging.getLogger(__name__)


def sweep(attempt: Attempt, *, at: datetime) -> str:
    """Bring an attempt on: finish what was begun, end what has run out, read what happened. Returns its state."""
    try:
        return _bring_on(attempt, at=at)
    except Trouble as trouble:
        log.warning("Payment %s could not be looked at: %s", attempt.ref, type(trouble).__name__)
        return attempt.state


def _bring_on(attempt, *, at):
    if attempt.state == Attempt.State.SUPERSEDING:
        return start.abandon(attempt, at=at, why=attempt.why)
    if attempt.is_open and at >= attempt.expires_at:
        return start.abandon(attempt, at=at, why=Why.EXPIRED)
    if attempt.state == Attempt.State.CREATING:
        return _finish(attempt, at=at)
    if attempt.is_open and attempt.card_id:
        return start.charge(attempt, at=at)
    return apply(attempt, at=at).state


def _finish(attempt, *, at):
    """A press on the button that died half way: its session is made after all, for whoever comes back. A card that was
    to be charged is.
    """
    attempt = apply(attempt, at=at)
    if attempt.state == Attempt.State.CREATING:
        try:
            (start.charge if attempt.card_id else start.checkout)(attempt, at=at)
        except Refused:
            log.info("Payment %s came to nothing.", attempt.ref)
    return Attempt.objects.get(pk=attempt.pk).state
