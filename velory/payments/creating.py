"""The session at Stripe: what is asked for, and that it is asked for once (reliability R10).

What is sent is kept on the attempt before it is sent, so that it can be sent again to the letter.
"""

from datetime import datetime, timedelta

from django.db import transaction

from velory import clock
from velory.payments import gateway
from velory.payments.errors import Declined, Stored
from velory.payments.models import Attempt
from velory.payments.models.payee import COMPANY
from velory.payments.sales import sale_of
from velory.payments.seen import Session
from velory.tenancy.context import current_company

KEYS_LIVE = timedelta(hours=23)  # Stripe forgets them after a day
BEFORE = 3600  # seconds before we asked from which sessions are searched: clocks differ


def session_of(attempt: Attempt, *, at: datetime) -> Session:
    """The attempt's session: the one that there is, or a new one. Outside any transaction.

    Raises Unreachable where nobody knows, Declined where there is none and Stripe makes none.
    """
    attempt = _written_down(attempt, at=at)
    if _is_old(attempt):
        return _found(attempt) or _too_late()
    try:
        return _asked_for(attempt)
    except Stored:  # an error that Stripe repeats for this key: another key, once nothing was found (FI-6)
        return _found(attempt) or _asked_for(_with_another_key(attempt))


def find(attempt: Attempt) -> Session | None:
    """The attempt's session at Stripe, where our own row does not know it."""
    return _found(attempt) if attempt.request else None


def _asked_for(attempt):
    key = f"attempt:{attempt.uuid}:create" + (f":{attempt.tries}" if attempt.tries > 1 else "")
    return gateway.create_session(attempt.request["params"], account=attempt.account, key=key)


def _found(attempt):
    since = attempt.request["asked_at"] - BEFORE
    return gateway.find_session(str(attempt.uuid), account=attempt.account, since=since)


def _is_old(attempt):
    return clock.wall().timestamp() - attempt.request["asked_at"] > KEYS_LIVE.total_seconds()


def _too_late():
    raise Declined("It was asked for too long ago, and there is none.")


def _with_another_key(attempt):
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        held.note(tries=held.tries + 1)
    return held


def _written_down(attempt, *, at):
    """What is sent, kept before it is sent; as it was kept, where it was sent before."""
    if attempt.request:
        return attempt
    params = params_of(attempt, at=at)
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        if not held.is_open:
            raise Declined("It was called off meanwhile.")
        if not held.request:
            held.note(request={"params": params, "asked_at": int(clock.wall().timestamp())})
    return held


def params_of(attempt: Attempt, *, at: datetime) -> dict:
    """A page of Stripe's where one thing is paid for by card, once, in the payer's language.

    It ends with the right to buy (R16); the machine's clock counts there, and ours may have been pushed. The company's
    own account always gives a receipt; a partner's does as it is set at Stripe.
    """
    company, page = current_company(), attempt.get_absolute_url()
    title = sale_of(attempt).title(attempt)[:250]
    marks = {"velory_attempt": str(attempt.uuid), "velory_company": str(company.uuid), "velory_payment": attempt.ref}
    price = {
        "currency": attempt.currency.lower(), "unit_amount": attempt.amount_minor, "product_data": {"name": title},
    }  # fmt: skip
    known = {"customer_email": attempt.person.email} if attempt.person.email else {}
    receipt = {"receipt_email": attempt.person.email} if known and attempt.payee.key == COMPANY else {}
    return known | {
        "mode": "payment",
        "allowed_payment_method_types": ["card"],
        "line_items": [{"quantity": 1, "price_data": price}],
        "adaptive_pricing": {"enabled": False},
        "submit_type": "pay",
        "client_reference_id": str(attempt.uuid),
        "metadata": marks,
        "payment_intent_data": {"metadata": marks, "description": title} | receipt,
        "expires_at": int((clock.wall() + (attempt.expires_at - at)).timestamp()),
        "locale": attempt.person.language,
        "success_url": company.address(page),
        "cancel_url": company.address(f"{page}?back=1"),
    }
