"""Answers to what the ground floor asks: before a step of a repair, and at the store's gate."""

from django.utils.translation import gettext as _

from assets.gate import knows_what_is_borrowed
from assets.guards import answers
from assets.rules import someone_else_has_it
from repairs.models import Case, Loan
from velory.journal.reason import Reason


@answers("repair_can_start")
@answers("fault_can_be_dismissed")
def a_fault_is_reported(device, *, by, at, to=None, **details):
    """There is a case; and whoever gets the device works here."""
    if not Case.objects.open().of(device).exists():
        return Reason("no_case", _("Nobody has reported a fault of this device."))
    return someone_else_has_it(device, by=by, at=at, to=to)


@answers("repair_can_finish")
def it_was_taken_in(device, *, by, at, to=None, **details):
    """The case knows where it came from; whoever gets the device works here."""
    if not Case.objects.in_repair().of(device).exists():
        return Reason("no_case", _("There is no repair of this device to end."))
    return someone_else_has_it(device, by=by, at=at, to=to)


@knows_what_is_borrowed
def what_is_lent_to(person):
    """What is lent goes back: whoever has it may order what is to be theirs."""
    return Loan.objects.out().filter(person=person).values("device")
