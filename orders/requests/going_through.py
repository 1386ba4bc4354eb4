"""A request goes through: gate and budget are asked once more, under lock, and what was put aside is spent (spec 3).

All of it stands in the transaction of the step that approves; where one says no, nothing of it has happened.
"""

from collections import Counter

from django.db import transaction
from django.utils.translation import gettext as _

from assets.admission import admit_all
from orders.budgets import ledger
from orders.lifecycle import RequestStatus
from orders.models import LedgerLine, ProductRequest
from orders.ordering.placing import place
from orders.overage import salary
from velory import clock
from velory.journal.reason import Reason, Refused


def order(request: ProductRequest, *, at) -> None:
    """Let it through, and order it. Raises Refused."""
    let_through(request, at=at)
    for line in request.lines_in_order:
        salary.deduct(line, at=at)
    place(request, at=at)


def could_go_through(request: ProductRequest, *, at) -> None:
    """Ask what `order` will ask and leave everything as it is: before a card is charged. Raises Refused."""
    with transaction.atomic():
        let_through(request, at=at)
        transaction.set_rollback(True)


def why_not_now(request: ProductRequest, *, at) -> Reason | None:
    """What an approval would be answered now; None where it would go through. Nothing is left of the question."""
    try:
        could_go_through(request, at=at)
    except Refused as refused:
        return refused.reason
    return None


def let_through(request: ProductRequest, *, at) -> None:
    """Spend what was put aside, if the person may still have it. Raises Refused, in words for whoever approves.

    It is spent before the gate is asked: what is put aside counts there as asked for.
    """
    person = request.person
    if person is None:
        return
    reserved = {line.cause: line for line in put_aside_for(request)}
    try:
        _still_works_here(person, at=at)
        for line in request.lines_in_order:
            if line.cause in reserved:
                ledger.spend(reserved[line.cause], at=at)
        admit_all(person, _wanted(request, reserved), today=clock.local_date(at))
    except Refused as refused:
        raise Refused(_told_to_the_approver(refused.reason, person)) from refused


def release(request: ProductRequest, why: str, *, at) -> None:
    """Nothing is put aside for it any more."""
    for line in put_aside_for(request):
        ledger.release(line, why, at=at)


def put_aside_for(request: ProductRequest):
    """The budget's lines that a request reserved."""
    causes = [line.cause for line in request.lines_in_order]
    known = LedgerLine.objects.filter(kind=LedgerLine.Kind.RESERVE, cause__in=causes)
    return known.select_related("grant__person", "category").order_by("pk")


def _wanted(request, reserved):
    """How many of each category; while nothing is decided the gate itself counts what no budget counts."""
    wanted: Counter = Counter()
    for line in request.lines_in_order:
        counted_already = request.status != RequestStatus.APPROVED and line.cause not in reserved
        wanted[line.category] += 0 if counted_already else 1
    return wanted


def _still_works_here(person, *, at):
    if not person.works_on(clock.local_date(at)):
        raise Refused(Reason("left", _("%s no longer works here.") % person))


def _told_to_the_approver(reason, person):
    """The gate speaks to whoever orders; whoever approves reads of whom it speaks."""
    text = _("It can't be ordered for %(person)s now. The reason: “%(reason)s”") % {"person": person, "reason": reason}
    return Reason(reason.code, text, until=reason.until, who=reason.who)
