"""A payment that does not match, and to which no money came, is closed by an admin: the choice is open again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.journal.sentences import says
from velory.payments import gateway
from velory.payments.apply import apply
from velory.payments.models import Attempt
from velory.payments.sales import Why, sale_of


def why_not_closable(attempt: Attempt) -> Reason | None:
    """Why a payment can't be closed without money, or None."""
    if attempt.state != Attempt.State.MISMATCH:
        return Reason("over", _("This payment is no longer one that does not match."))
    if attempt.captured > attempt.given_back:
        return Reason("money", _("Money came for it. Refund that first; then the payment closes by itself."))
    return None


def close(attempt: Attempt, *, note: str, by, at: datetime) -> Attempt:
    """Make sure at Stripe that nobody can pay it any more, and that nobody has; then close it.

    Outside any transaction. Raises Refused, or Trouble of errors.py.
    """
    if reason := why_not_closable(attempt):
        raise Refused(reason)
    if attempt.session_id:
        gateway.expire_session(attempt.session_id, account=attempt.account)
        session = gateway.look(attempt.session_id, account=attempt.account).session
        if session is not None and session.status == "open":
            raise Refused(Reason("still_open", _("The page where it is paid is still open at Stripe. Try again soon.")))
    if attempt.card_id and attempt.intent_id:
        gateway.cancel_intent(attempt.intent_id, account=attempt.account)
        intent = gateway.look_at_intent(attempt.intent_id, account=attempt.account).intent
        if intent is not None and intent.status not in {"canceled", "succeeded"}:
            raise Refused(Reason("still_open", _("The charge is still open at Stripe. Try again soon.")))
    apply(attempt, at=at)
    sale = sale_of(attempt)
    with transaction.atomic():
        thing = sale.hold(attempt.subject_ref)
        held = Attempt.held(attempt.pk)
        if reason := why_not_closable(held):
            raise Refused(reason)
        held.move(Attempt.State.EXPIRED, at=at, why=Why.MISMATCH)
        write(held, "close", by=by, at=at, details={"note": note})
        if thing is not None:
            sale.not_paid(thing, held, at=at, why=Why.MISMATCH)
    return held


says("payments.attempt", "close", gettext_lazy("{by} closed it, because no money came: {note}"))
