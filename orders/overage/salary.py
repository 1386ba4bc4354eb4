"""What goes over a budget and is taken from the salary: a ledger that whoever pays salaries gets as a file (spec 3).

Written in the transaction of its cause: a device is ordered, or cancelled. One line takes, one may undo it; neither is
ever changed.
"""

from orders.models import Deduction, ProductRequest
from velory import clock

Kind = Deduction.Kind


def deduct(line, *, at) -> Deduction | None:
    """Take what a device costs its person from their salary, VAT included: once, or each month of its lease.

    None where the person bears nothing of it, or bears it otherwise. A second time it is the deduction of the first.
    """
    request = line.request
    if request.overage != ProductRequest.Overage.SALARY or line.overage_gross <= 0:
        return None
    return Deduction.objects.get_or_create(
        line=line,
        kind=Kind.DEDUCT,
        defaults={
            "person": request.person, "amount": line.overage_gross, "vat": line.overage_vat,
            "currency": line.currency, "months": line.months or 0 if line.is_monthly else 0,
            "on": clock.local_date(at), "at": at,
        },
    )[0]  # fmt: skip


def reverse(line, *, at) -> Deduction | None:
    """It is as if it had never been taken; None where nothing was. A second time changes nothing."""
    taken = Deduction.objects.filter(line=line, kind=Kind.DEDUCT).first()
    if taken is None:
        return None
    return Deduction.objects.get_or_create(
        undoes=taken,
        defaults={
            "person_id": taken.person_id, "line": line, "kind": Kind.REVERSE, "amount": -taken.amount,
            "vat": -taken.vat, "currency": taken.currency, "months": taken.months,
            "on": clock.local_date(at), "at": at,
        },
    )[0]  # fmt: skip
