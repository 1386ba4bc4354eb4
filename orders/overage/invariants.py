"""What must hold of salary deductions: taken when it is ordered, undone when it is cancelled, and only then."""

from assets.lifecycle import Status
from orders.models import Deduction, OrderLine, ProductRequest
from velory.journal.invariants import invariant


@invariant("what goes over a budget is deducted once, and given back with its device")
def deducted_and_reversed():
    """Ordered and not deducted; or reversed otherwise than with the device's cancellation."""
    borne = OrderLine.objects.filter(
        request_line__request__overage=ProductRequest.Overage.SALARY, request_line__overage__gt=0
    ).select_related("device", "request_line__request")
    known = {(line, kind) for line, kind in Deduction.objects.values_list("line", "kind")}
    for ordered in borne:
        line = ordered.request_line
        if line is None:
            continue
        if (line.pk, Deduction.Kind.DEDUCT) not in known:
            yield f"{line.cause} is ordered, and nothing is deducted for it."
        if ((line.pk, Deduction.Kind.REVERSE) in known) != (ordered.device.status == Status.CANCELLED):
            yield f"{line.cause} is {ordered.device.status}, and its deduction does not say the same."
