"""What must hold between requests of which a personal card bears a part, and payments (reliability 3.1: P3, P11)."""

from django.db.models import Q

from assets.lifecycle import Status
from orders.lifecycle import RequestStatus
from orders.models import ProductRequest, RequestLine
from orders.overage.due import KIND, part_of
from velory.journal.invariants import invariant
from velory.payments.models import Attempt, Refund

BOUGHT = [Attempt.State.PAID, Attempt.State.REFUND_DUE, Attempt.State.REFUNDED]


@invariant("P3 what a card bears is ordered when it is paid, and only then")
def ordered_and_paid():
    """Approved with a card's part and never paid; or paid, and not ordered."""
    bought = {a.subject_ref: a for a in Attempt.objects.filter(kind=KIND).in_state(*BOUGHT).filter(why="")}
    borne = ProductRequest.objects.filter(overage=ProductRequest.Overage.CARD).prefetch_related("lines")
    for request in borne:
        approved = request.status == RequestStatus.APPROVED and request.has_card_part
        if approved and request.ref not in bought:
            yield f"{request.ref} is ordered, and its card was not charged."
        if request.ref in bought and not approved:
            yield f"{request.ref} is {request.status}, and {bought[request.ref].ref} is paid."


@invariant("P11 what a card bore of a cancelled device goes back to it")
def cancelled_and_kept():
    """Cancelled, paid by card, and nothing owed back; unless the money went back in another way."""
    lines = RequestLine.objects.filter(
        request__overage=ProductRequest.Overage.CARD, overage__gt=0, order_line__device__status=Status.CANCELLED
    ).select_related("request")
    owed = {refund.subject_ref: refund for refund in Refund.objects.filter(~Q(subject_ref=""), attempt__kind=KIND)}
    for line in lines:
        paid = Attempt.objects.that_bought(KIND, line.request.ref)
        if paid is None or paid.refundable <= 0:
            continue
        refund = owed.get(line.cause)
        if refund is None or refund.amount != part_of(line):
            yield f"{line.cause} was cancelled, and its card has not got back {part_of(line)} {line.currency}."
