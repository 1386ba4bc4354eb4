"""The page at Stripe where a card is saved: what is asked for, and that it is asked for once (reliability R10)."""

from datetime import datetime

from django.db import transaction

from velory import clock
from velory.payments import gateway
from velory.payments.customers import KEYS_LIVE, customer_of
from velory.payments.errors import Declined, Stored
from velory.payments.models import Card
from velory.payments.seen import Saving
from velory.tenancy.context import current_company


def session_of(card: Card, *, at: datetime) -> Saving:
    """The session of a card: the one that there is, or a new one. Outside any transaction.

    Raises Unreachable where nobody knows, Declined where there is none and Stripe makes none.
    """
    card = _written_down(card, at=at)
    if clock.wall().timestamp() - card.request["asked_at"] > KEYS_LIVE.total_seconds():
        found = find(card)
        if found is None:
            raise Declined("It was asked for too long ago, and there is none.")
        return found
    try:
        return _asked_for(card)
    except Stored:  # an error that Stripe repeats for this key: another key, once nothing was found
        return find(card) or _asked_for(_with_another_key(card))


def find(card: Card) -> Saving | None:
    """The session of a card at Stripe, where our own row does not know it."""
    if not card.request:
        return None
    return gateway.find_saving(str(card.uuid), customer=card.customer_id, account=card.account)


def _asked_for(card):
    key = f"card:{card.uuid}:create" + (f":{card.tries}" if card.tries > 1 else "")
    return gateway.create_saving(card.request["params"], account=card.account, key=key)


def _written_down(card, *, at):
    """What is sent, kept before it is sent; as it was kept, where it was sent before."""
    if card.request:
        return card
    customer = customer_of(card.person, account=card.account, livemode=card.livemode)
    params = params_of(card, customer, at=at)
    with transaction.atomic():
        held = Card.held(card.pk)
        if not held.request:
            held.note(request={"params": params, "asked_at": int(clock.wall().timestamp())}, customer_id=customer)
    return held


def _with_another_key(card):
    with transaction.atomic():
        held = Card.held(card.pk)
        held.note(tries=held.tries + 1)
    return held


def params_of(card: Card, customer: str, *, at: datetime) -> dict:
    """A page of Stripe's where a card is saved, in its owner's language. Nothing is charged on it.

    The machine's clock counts there, and ours may have been pushed.
    """
    company, page = current_company(), card.get_absolute_url()
    marks = {"velory_card": str(card.uuid), "velory_company": str(company.uuid)}
    return {
        "mode": "setup",
        "allowed_payment_method_types": ["card"],
        "customer": customer,
        "client_reference_id": str(card.uuid),
        "metadata": marks,
        "setup_intent_data": {"metadata": marks},
        "expires_at": int((clock.wall() + (card.expires_at - at)).timestamp()),
        "locale": card.person.language,
        "success_url": company.address(page),
        "cancel_url": company.address(f"{page}?back=1"),
    }
