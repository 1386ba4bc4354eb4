"""What follows in the life of a request, in the transaction of its step: who is asked, who hears of the answer, what
the budget gives, and the order itself.
"""

from orders.lifecycle import RequestStatus
from orders.models import LedgerLine, ProductRequest
from orders.requests import digest, going_through, leaving, letters
from velory.journal.steps import follows

Why = LedgerLine.Why


@follows(ProductRequest, "send")
def whoever_answers_is_asked(requests, *, name, at):
    """At once, and this afternoon again if it still waits then; where nobody is to be asked, nobody is."""
    leaving.watch([person for request in requests for person in (request.requester, request.person) if person], at=at)
    for request in requests:
        if letters.ask_for_an_answer(request, at=at):
            digest.put_next(at)


@follows(ProductRequest, "approve")
def nobody_is_asked_any_more(requests, *, name, at):
    """A card that bears a part is charged first; that it could be ordered is asked before that."""
    for request in requests:
        letters.nobody_is_asked(request)
        if request.status == RequestStatus.PAYMENT_NEEDED:
            going_through.could_go_through(request, at=at)


@follows(ProductRequest, "approve", "settle")
def what_is_approved_is_ordered(requests, *, name, at):
    """Approved means ordered, and whoever waits for it hears so."""
    for request in requests:
        if request.status == RequestStatus.APPROVED:
            going_through.order(request, at=at)
            letters.say_it_is_approved(request, at=at)


@follows(ProductRequest, "reject")
def the_requester_hears_no(requests, *, name, at):
    """With the reason, if one was given; the budget is as before."""
    for request in requests:
        letters.nobody_is_asked(request)
        going_through.release(request, Why.REJECTED, at=at)
        letters.say_it_is_rejected(request, at=at)


@follows(ProductRequest, "withdraw")
def nothing_is_asked_any_more(requests, *, name, at):
    """The budget is as before; what Velory itself withdrew is told."""
    for request in requests:
        letters.nobody_is_asked(request)
        going_through.release(request, Why.WITHDRAWN, at=at)
        letters.say_it_is_withdrawn(request, at=at)
