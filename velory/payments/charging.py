"""The charge of a saved card at Stripe: what is asked for, that it is asked for once, and what came of it (R10).

The person is not there. A bank that wants them says no, and so the intent is called off: whoever pays then does so on a
page of Stripe's, and what was called off can never be paid as well.
"""

from datetime import datetime, timedelta

from django.db import transaction

from velory import clock
from velory.payments import gateway
from velory.payments.creating import KEYS_LIVE
from velory.payments.errors import Declined, Gone, Stored, Unreachable
from velory.payments.models import Attempt, Card
from velory.payments.sales import Why, sale_of
from velory.payments.seen import Intent, Seen
from velory.tenancy.context import current_company

ON_ITS_WAY = timedelta(minutes=2)  # after which what we asked for has come to Stripe or never will
WANTS_THE_PERSON = {"authentication_required", "payment_intent_authentication_failure"}
UNDECIDED = {"processing", "succeeded", "canceled"}  # there is nothing for us to call off


class NothingMade(Exception):
    """Stripe says no to the charge itself, and there is no intent: nobody can ever pay it."""


class CalledOff(Exception):
    """Somebody was first: it is not to be charged any more."""


def intent_of(attempt: Attempt, *, at: datetime) -> Intent:
    """The attempt's intent, whatever the bank said to it: the one that there is, or a new one. Outside transactions.

    Raises NothingMade where there is none for sure, CalledOff where it is not to be made any more, and Unreachable
    where nobody knows.
    """
    attempt, asked_before = _written_down(attempt)
    try:
        if _is_old(attempt):
            return find(attempt) or _nothing()
        try:
            return _asked_for(attempt)
        except Stored:  # an error that Stripe repeats for this key: another key, once nothing was found
            return find(attempt) or _asked_for(_with_another_key(attempt))
    except Gone as gone:
        if asked_before:
            raise Unreachable("It may have been charged, and the account can’t be asked.") from gone
        raise NothingMade from gone
    except Declined as refusal:
        raise NothingMade from refusal


def find(attempt: Attempt) -> Intent | None:
    """The attempt's intent at Stripe, where our own row does not know it."""
    if not attempt.request:
        return None
    return gateway.find_intent(str(attempt.uuid), customer=_card_of(attempt).customer_id, account=attempt.account)


def look(attempt: Attempt) -> Seen:
    """Everything about the charge, as it stands at Stripe. What may be on its way there is not called nothing."""
    id_ = attempt.intent_id
    if not id_:
        found = find(attempt)
        id_ = found.id if found else ""
    if not id_ and attempt.state == Attempt.State.SUPERSEDING:
        wait_until_it_is_there(attempt)
    return gateway.look_at_intent(id_, account=attempt.account) if id_ else Seen()


def wait_until_it_is_there(attempt: Attempt) -> None:
    """Raise Unreachable while what was asked for may still come to Stripe."""
    if attempt.request and clock.wall().timestamp() - attempt.request["asked_at"] < ON_ITS_WAY.total_seconds():
        raise Unreachable("The charge may be on its way to Stripe.")


def why_not_paid(intent: Intent) -> str:
    """Why a charge did not go through; empty where it did, or where the bank is still thinking."""
    if intent.status in UNDECIDED:
        return ""
    needs_person = intent.status == "requires_action" or intent.error in WANTS_THE_PERSON
    return Why.NEEDS_PERSON if needs_person else Why.DECLINED


def _card_of(attempt) -> Card:
    assert attempt.card is not None, "This payment is made on a page."
    return attempt.card


def _nothing():
    raise NothingMade


def _asked_for(attempt):
    key = f"attempt:{attempt.uuid}:charge" + (f":{attempt.tries}" if attempt.tries > 1 else "")
    return gateway.charge_card(attempt.request["params"], account=attempt.account, key=key)


def _is_old(attempt):
    return clock.wall().timestamp() - attempt.request["asked_at"] > KEYS_LIVE.total_seconds()


def _with_another_key(attempt):
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        held.note(tries=held.tries + 1)
    return held


def _written_down(attempt):
    """What is sent, kept before it is sent. What has been called off meanwhile is not sent."""
    params = attempt.request.get("params") or params_of(attempt)
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        if held.state != Attempt.State.CREATING:
            raise CalledOff
        asked_before = bool(held.request)
        if not asked_before:
            held.note(request={"params": params, "asked_at": int(clock.wall().timestamp())})
    return held, asked_before


def params_of(attempt: Attempt) -> dict:
    """One charge of a saved card, at once, without its owner; with the marks that a session would have."""
    card, title = _card_of(attempt), sale_of(attempt).title(attempt)[:250]
    marks = {
        "velory_attempt": str(attempt.uuid), "velory_company": str(current_company().uuid),
        "velory_payment": attempt.ref,
    }  # fmt: skip
    receipt = {"receipt_email": attempt.person.email} if attempt.person.email else {}
    return receipt | {
        "amount": attempt.amount_minor,
        "currency": attempt.currency.lower(),
        "customer": card.customer_id,
        "payment_method": card.method_id,
        "allowed_payment_method_types": ["card"],
        "off_session": True,
        "confirm": True,
        "description": title,
        "metadata": marks,
    }
