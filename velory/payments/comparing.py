"""Whether what Stripe says is what we asked for. Any difference, and the money counts for nothing (reliability R6)."""

from velory.payments.models import Attempt
from velory.payments.seen import Seen


def differences(attempt: Attempt, seen: Seen) -> list[dict]:
    """Each fact that is otherwise: [{"what", "ours", "theirs"}], as text; empty where all agree."""
    expected = _of_a_charge(attempt, seen) if attempt.card_id else _of_a_session(attempt, seen)
    said = _said_of_a_charge(seen) if attempt.card_id else _said(attempt, seen)
    return [
        {"what": what, "ours": str(expected[what.rpartition(".")[2]]), "theirs": "" if theirs is None else str(theirs)}
        for what, theirs in said
        if theirs != expected[what.rpartition(".")[2]]
    ]


def _of_a_session(attempt, seen):
    return {
        "account": attempt.account,
        "attempt": str(attempt.uuid),
        "reference": str(attempt.uuid),
        "amount": attempt.amount_minor,
        "currency": attempt.currency,
        "livemode": attempt.livemode,
        "session": attempt.session_id or (seen.session.id if seen.session else ""),
    }


def _of_a_charge(attempt, seen):
    return {
        "account": attempt.account,
        "attempt": str(attempt.uuid),
        "amount": attempt.amount_minor,
        "currency": attempt.currency,
        "livemode": attempt.livemode,
        "intent": attempt.intent_id or (seen.intent.id if seen.intent else ""),
        "customer": attempt.card.customer_id,
        "card": attempt.card.method_id,
    }


def _said_of_a_charge(seen):
    intent = seen.intent
    if intent is not None:
        yield "intent", intent.id
        yield "account", intent.account
        yield "attempt", intent.attempt
        yield "customer", intent.customer
        yield "intent.amount", intent.amount
        yield "intent.currency", intent.currency
        yield "intent.livemode", intent.livemode
        if intent.status == "succeeded":
            yield "card", intent.method
            yield "charged.amount", sum(charge.captured for charge in seen.charges)
    yield from _said_of_charges(seen)


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
    yield from _said_of_charges(seen)


def _said_of_charges(seen):
    for charge in seen.charges:
        yield "charge.currency", charge.currency
        yield "charge.livemode", charge.livemode
