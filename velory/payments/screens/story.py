"""What happened to a payment, in words and in order; and where it stands now."""

from django.utils.translation import gettext as _

from velory.payments.models import Attempt, Money, Refund
from velory.payments.sales import Why
from velory.ui.dates import moment
from velory.ui.money import money as in_money

State = Attempt.State


def story_of(attempt, moved, refunds) -> list[dict]:
    """The stages of a timeline: begun, each movement of money, each refund asked for, and where it is now."""
    told = [_told(attempt.begun_at, _begun(attempt) % {"person": attempt.person}, _sum(attempt))]
    told += [_told(row.at, row.get_kind_display(), in_money(row.amount, row.currency)) for row in moved]
    told += [
        _told(refund.asked_at, _asked(refund), in_money(refund.amount, refund.currency), first=True)
        for refund in refunds
        if refund.cause != Refund.Cause.AT_STRIPE  # nobody asked here: the movement says it
    ]
    told.sort(key=lambda stage: stage["order"])
    return [*told, _now(attempt, since=told[-1]["order"][0])]


def _told(at, title, note="", *, first=False):
    return {"state": "past", "order": (at, not first), "title": title, "when": moment(at), "note": note}


def _begun(attempt):
    return _("The saved card of %(person)s was to be charged") if attempt.card_id else _("%(person)s went on to pay")


def _sum(attempt):
    return _("%(amount)s to %(payee)s") % {"amount": in_money(attempt.amount, attempt.currency), "payee": attempt.payee}


def _asked(refund):
    if refund.cause == Refund.Cause.BY_ADMIN and refund.by:
        return _("%(person)s decided to refund") % {"person": refund.by}
    if refund.cause == Refund.Cause.CANCELLED:
        return _("Refund owed, because what was paid for was cancelled")
    return _("Refund owed, because it could no longer be bought")


def _now(attempt, since):
    title, note = _standing(attempt)
    when = moment(attempt.moved_at) if attempt.moved_at >= since else ""
    return {"state": "now", "title": title, "when": when, "note": note}


def _standing(attempt) -> tuple[str, str]:
    words = {
        State.CREATING: _("Stripe is being asked for the page where it is paid.")
        if not attempt.card_id
        else _("Stripe is being asked to charge the card."),
        State.OPEN: _("It can be paid until %(until)s.") % {"until": moment(attempt.expires_at)}
        if not attempt.card_id
        else _("The bank has not answered yet."),
        State.SUPERSEDING: _("Stripe is being asked to close the page where it is paid.")
        if not attempt.card_id
        else _("Stripe is being asked to call the charge off."),
        State.EXPIRED: why_not_paid(attempt),
        State.PAID: _("The money is there, and what was bought was handed over."),
        State.REFUND_DUE: _("It could no longer be bought when the money came. All of it goes back by itself."),
        State.MISMATCH: _("Nothing was handed over, and nothing is done by itself. An admin looks into it."),
        State.REFUNDED: _("All of the money went back."),
    }
    return attempt.get_state_display(), words[attempt.state]


def why_not_paid(attempt) -> str:
    """Why an attempt ended without money, where that is known."""
    try:
        return str(Why(attempt.why).label)
    except ValueError:
        return ""


def paid_row(attempt) -> Money | None:
    """The movement by which it was paid, or None."""
    return attempt.money.of_kind("charge").in_order().first()
