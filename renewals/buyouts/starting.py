"""On the way to the payment and back from it. Nothing is decided before the money is there."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assets.lifecycle import Status
from renewals.buyouts.opening import pay_until, shut
from renewals.buyouts.payees import payee_of
from renewals.models import Quote
from renewals.quotes import quote_for
from renewals.terms import terms_of
from velory.journal.reason import Reason, Refused
from velory.payments import start as payments
from velory.payments.models import Attempt

KIND = "renewals.buyout"
BOUGHT = (Status.BOUGHT_BY_EMPLOYEE, Status.BOUGHT_OUT)


class PriceChanged(Exception):
    """The price is another one than the person has seen; nothing was started."""


def begin_buyout(device, *, by, seen: str, version: int | None, at) -> Attempt:
    """The step and the payment that belongs to it, in one transaction; the open payment again where there is one.

    `seen` is the fingerprint of the price that the person was shown. Raises Refused or PriceChanged.
    """
    with transaction.atomic():
        device.take_hold()
        standing = open_payment(device)
        if standing and standing.person_id == by.pk and device.status == Status.PENDING_BUYOUT:
            return standing
        until = pay_until(device, terms_of(device), at) if device.renewal_on else at
        quote, payee = _to_be_paid(device, by=by, at=at)
        if quote.fingerprint != seen:
            raise PriceChanged
        device.start_buyout(by=by, at=at, version=version)
        return payments.begin(
            KIND, device.ref, person=by, amount=quote.total, currency=quote.currency, payee=payee, until=until,
            basis=quote.ref, at=at,
        )  # fmt: skip


def _to_be_paid(device, *, by, at) -> tuple[Quote, Any]:
    reason = shut(device, person=by, at=at, final=True)
    if reason:
        raise Refused(reason)
    quote, payee = quote_for(device, at=at), payee_of(device)
    if isinstance(quote, Reason):
        raise Refused(quote)
    if isinstance(payee, Reason):
        raise Refused(payee)
    return quote, payee


def open_payment(device) -> Attempt | None:
    """The payment that is under way, or None."""
    return Attempt.objects.open_about(KIND, device.ref)


def last_payment(device) -> Attempt | None:
    """The latest payment for a device, whatever came of it."""
    return Attempt.objects.about(KIND, device.ref).newest_first().with_what_lists_need().first()


def quote_behind(attempt) -> Quote | None:
    """The quote that a payment stands on."""
    return Quote.objects.filter(ref=attempt.basis).first()


def turn_back(device, *, by, at) -> str:
    """Call the payment off and leave the choice open again. Outside any transaction; returns what became of it."""
    if device.status != Status.PENDING_BUYOUT or device.holder_id != by.pk:
        raise Refused(Reason("status", _("There is no payment to call off.")))
    attempt = open_payment(device)
    if attempt is not None:
        return payments.abandon(attempt, at=at)
    last = last_payment(device)
    if last is not None and last.state == Attempt.State.MISMATCH:
        raise Refused(Reason("mismatch", _("What came of the payment is being looked into."), who=_("an admin")))
    device.abandon_buyout(by=by, at=at)
    return Attempt.State.EXPIRED
