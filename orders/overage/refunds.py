"""What goes back to a card for cancelled devices, found by the line of the request that it is for."""

from orders.models import RequestLine
from orders.overage.card import KIND
from velory.payments.models import Refund


def refunds_of(lines: list[RequestLine]) -> dict[int, Refund]:
    """The refund of each line that has one, by the line's primary key; one query for all of them."""
    by_cause = {line.cause: line.pk for line in lines}
    found = Refund.objects.filter(attempt__kind=KIND, subject_ref__in=by_cause).select_related("attempt__card")
    return {by_cause[refund.subject_ref]: refund for refund in found}
