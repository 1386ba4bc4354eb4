"""A request that is approved and not paid: reminded of a day before, withdrawn when the days are over (spec 3).

What may still be paid is called off at Stripe first; a payment that was quicker counts.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy, gettext_noop

from orders.lifecycle import RequestStatus
from orders.models import ProductRequest
from orders.overage import card_letters
from orders.overage.due import KIND, last_day_to_pay, pay_until
from velory import clock
from velory.agenda import book
from velory.journal.steps import follows
from velory.payments import start
from velory.payments.agenda import LATER, SOON
from velory.payments.models import Attempt
from velory.payments.sales import Why

LAPSE, REMIND, CALL_OFF = "orders.lapse", "orders.remind_to_pay", "orders.call_off_payment"
IN_THE_MORNING = time(8)
NOT_PAID = gettext_noop("It was not paid in time.")


@follows(ProductRequest, "approve")
def the_days_to_pay_begin(requests, *, name, at):
    """From the approval on, where a card bears a part."""
    for request in requests:
        if request.status == RequestStatus.PAYMENT_NEEDED:
            book.put(LAPSE, request.ref, pay_until(request))
            if reminded_at(request) > at:
                book.put(REMIND, request.ref, reminded_at(request))


@follows(ProductRequest, "settle", "withdraw")
def the_days_to_pay_are_over(requests, *, name, at):
    """Paid or withdrawn; what may still be paid for what is withdrawn is called off."""
    for request in requests:
        book.drop(LAPSE, request.ref)
        book.drop(REMIND, request.ref)
        if name == "withdraw" and Attempt.objects.open_about(KIND, request.ref):
            book.put(CALL_OFF, request.ref, at)


def reminded_at(request: ProductRequest, days: int | None = None) -> datetime:
    """The morning of the day before the last on which it can be paid."""
    return clock.local(last_day_to_pay(request, days) - timedelta(days=1), IN_THE_MORNING)


@book.does(REMIND, label=gettext_lazy("Reminding of a payment"))
def remind(ref: str, at: datetime) -> None:
    """Once; where the days were changed meanwhile, on the morning that they now say."""
    request = ProductRequest.objects.get(ref=ref)
    if request.status != RequestStatus.PAYMENT_NEEDED:
        return
    if reminded_at(request) > at:
        book.put(REMIND, ref, reminded_at(request))
        return
    card_letters.remind_to_pay(request, at=at)


@book.does(LAPSE, label=gettext_lazy("Withdrawing a request that was not paid"))
def lapse(ref: str, at: datetime) -> None:
    """Nobody has paid: it is withdrawn, and the budget is as before."""
    request = ProductRequest.objects.get(ref=ref)
    if request.status != RequestStatus.PAYMENT_NEEDED:
        return
    if pay_until(request) > at:
        book.put(LAPSE, ref, pay_until(request))
        return
    book.put(LAPSE, ref, at + (LATER if is_looked_into(request) else SOON))
    if not is_looked_into(request) and not call_off(ref, at=at):
        _withdraw(request, at=at)


def is_looked_into(request: ProductRequest) -> bool:
    """Stripe tells a payment for it differently: until an admin has seen to that, nothing is decided."""
    return Attempt.objects.about(KIND, request.ref).mismatched().exists()


def call_off(ref: str, *, at: datetime) -> bool:
    """Call off what may still be paid. Whether it still may: Stripe is silent, or somebody was quicker."""
    attempt = Attempt.objects.open_about(KIND, ref)
    return attempt is not None and start.abandon(attempt, at=at, why=Why.EXPIRED) != Attempt.State.EXPIRED


def _withdraw(request, *, at):
    with transaction.atomic():
        request.take_hold()
        if request.status != RequestStatus.PAYMENT_NEEDED or Attempt.objects.open_about(KIND, request.ref):
            return
        request.withdraw(by=None, at=at, why=NOT_PAID)


@book.does(CALL_OFF, label=gettext_lazy("Calling off a payment"))
def call_off_payment(ref: str, at: datetime) -> None:
    """It was withdrawn while it could be paid. The sweeper goes on where Stripe is silent."""
    call_off(ref, at=at)
