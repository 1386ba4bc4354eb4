"""Customers at Stripe: whom a saved card belongs to. One for each person and account, made once, under a key of ours.

Stripe is told the e-mail, which its page and its receipts need, and our own marks. No name, no address.
"""

from datetime import timedelta

from django.db import transaction

from velory import clock
from velory.payments import gateway
from velory.payments.errors import Stored
from velory.payments.models import Customer
from velory.tenancy.context import current_company

KEYS_LIVE = timedelta(hours=23)  # Stripe forgets them after a day
BEFORE = 3600  # seconds before we asked from which they are searched: clocks differ


def customer_of(person, *, account: str, livemode: bool) -> str:
    """A person's id at an account: the one there is, or a new one. Outside any transaction.

    Raises Unreachable where nobody knows, Declined where Stripe says no.
    """
    row, _made = Customer.objects.get_or_create(person=person, account=account, livemode=livemode)
    if row.provider_id:
        return row.provider_id
    row = _written_down(row)
    id_ = (_found(row) if _is_old(row) else "") or _asked_for(row)
    with transaction.atomic():
        held = Customer.held(row.pk)
        if not held.provider_id:
            held.note(provider_id=id_)
    return held.provider_id


def _written_down(row):
    """What is sent, kept before it is sent, so that it can be sent again to the letter."""
    with transaction.atomic():
        held = Customer.held(row.pk)
        if not held.request:
            marks = {"velory_customer": str(held.uuid), "velory_company": str(current_company().uuid)}
            params = {"metadata": marks} | ({"email": held.person.email} if held.person.email else {})
            held.note(request={"params": params, "asked_at": int(clock.wall().timestamp())})
    return held


def _asked_for(row):
    try:
        return gateway.create_customer(row.request["params"], account=row.account, key=_key(row))
    except Stored:
        return _found(row) or gateway.create_customer(
            row.request["params"], account=row.account, key=_key(_with_another_key(row))
        )


def _found(row):
    since = row.request["asked_at"] - BEFORE
    return gateway.find_customer(str(row.uuid), account=row.account, since=since)


def _is_old(row):
    return clock.wall().timestamp() - row.request["asked_at"] > KEYS_LIVE.total_seconds()


def _key(row):
    return f"customer:{row.uuid}" + (f":{row.tries}" if row.tries > 1 else "")


def _with_another_key(row):
    with transaction.atomic():
        held = Customer.held(row.pk)
        held.note(tries=held.tries + 1)
    return held
