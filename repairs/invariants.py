"""What must hold of repairs."""

from django.db.models import Exists, OuterRef

from assets.lifecycle import Status
from assets.models import Device
from repairs.models import Case, Loan, TradeIn
from velory.journal.invariants import invariant


@invariant("repair case")
def a_device_aside_has_a_case():
    """A device that needs repair has an open case that is not taken in, one in repair has one that is; no other has."""
    for status, cases in ((Status.NEEDS_REPAIR, Case.objects.waiting()), (Status.IN_REPAIR, Case.objects.in_repair())):
        has = Exists(cases.filter(device=OuterRef("pk")))
        for ref in Device.objects.filter(status=status).exclude(has).values_list("ref", flat=True):
            yield f"{ref} is {status} without a case that says so"
        for ref in Device.objects.filter(has).exclude(status=status).values_list("ref", flat=True):
            yield f"{ref} has an open case and is not {status}"


@invariant("loan")
def a_borrower_has_what_is_lent():
    """A device that is lent is held by the borrower."""
    for loan in Loan.objects.out().select_related("device"):
        if loan.device.holder_id != loan.person_id:
            yield f"{loan.device.ref} is lent to somebody who does not have it"


@invariant("trade-in")
def a_device_at_a_buyer_has_a_trade_in():
    """A device that is processed for trade in has an open trade-in, and no other has."""
    has = Exists(TradeIn.objects.open().filter(device=OuterRef("pk")))
    for ref in Device.objects.filter(status=Status.TRADE_IN).exclude(has).values_list("ref", flat=True):
        yield f"{ref} is processed for trade in, and no trade-in says so"
    for ref in Device.objects.filter(has).exclude(status=Status.TRADE_IN).values_list("ref", flat=True):
        yield f"{ref} has an open trade-in and is not processed for it"
