"""Whether what Stripe says is what we asked for. Any difference, and the money counts for nothing (reliability R6)."""

from velory.payments.models import Attempt
from velory.payments.seen import Seen


def differences(attempt: Attempt, seen: Seen) -> list[dict]:
    """Each fact that is otherwise: [{"what", "ours", "theirs"}], as text; empty where all agree."""
    expected = {
        "account": attempt.account,
        "attempt": str(attempt.uuid),
        "reference": str(attempt.uuid),
        "amount": attempt.amount_minor,
        "currency": attempt.currency,
        "livemode": attempt.livemode,
        "session": attempt.session_id or (seen.session.id if seen.session else ""),
    }
    return [
        {"what": what, "ours": str(expected[what.rpartition(".")[2]]), "theirs": "" if said is None else str(said)}
        for what, said in _said(attempt, seen)
        if said != expected[what.rpartition(".")[2]]
    ]


def _said(attempt, seen):
    session, intent = seen.session, seen.intent
    if session is not None:
        yield "session", session.id
        yield "account", session.account
        yield "attempt", session.attempt
        yield "reference", session.reference
        yield "amount", session.amount
        yield "currency", session.currency
        yield "livemode", session.livemode
    if intent is not None:
        yield "intent.amount", intent.amount
        yield "intent.currency", intent.currency
        yield "intent.livemode", intent.livemode
    if seen.charges:
        yield "charged.amount", sum(charge.captured for charge in seen.charges)
    for charge in seen.charges:
        yield "charge.currency", charge.currency
        yield "charge.livemode", charge.livemode
