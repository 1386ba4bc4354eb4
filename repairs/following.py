"""What a case takes from the steps of its device, in their transaction: whoever takes them, from wherever."""

from assets.lifecycle import Status
from assets.models import Device
from repairs.models import Case, Loan
from repairs.notices import admins_hear_of
from velory.journal.steps import follows
from velory.people.models import Person

ENDS = {
    "dismiss_fault": Case.Outcome.NO_FAULT, "finish_repair": Case.Outcome.REPAIRED, "recycle": Case.Outcome.RECYCLED,
    "remove": Case.Outcome.REMOVED,
}  # fmt: skip


@follows(Device, "report_fault")
def a_case_is_opened(devices, *, name, at):
    """With what was said, by whom, and who has the device."""
    for device in devices:
        said = device.journal.last()
        reporter = Person.objects.filter(ref=said.by_ref).first()
        case = Case(device=device, fault=said.details.get("fault", ""), reported_by=reporter, reported_at=at)
        case.note_who_has_it(device)
        case.save(force_insert=True)
        admins_hear_of(case, at=at)


@follows(Device, "assign", "unassign", "set_payor")
def the_case_remembers_the_latest(devices, *, name, at):
    """Until it is taken in, the device may change hands; one click brings back what was last."""
    for case in _open_cases(devices, status=Status.NEEDS_REPAIR):
        case.note_who_has_it(next(device for device in devices if device.pk == case.device_id))
        case.save(update_fields=["holder", "space", "payor", "payor_cost_centre"])


@follows(Device, "start_repair")
def it_is_taken_in(devices, *, name, at):
    """Nobody's from now on, and the company pays: the case keeps who had it."""
    for case in _open_cases(devices):
        case.taken_in_at = at
        case.save(update_fields=["taken_in_at"])


@follows(Device, *ENDS)
def its_outcome_is_known(devices, *, name, at):
    """No fault, repaired, not worth repairing, or removed before it was repaired."""
    for case in _open_cases(devices):
        case.close(ENDS[name], at=at)


TAKES_IT_AWAY = (
    "assign", "unassign", "import", "remove", "start_repair", "dismiss_fault", "release", "release_bought",
    "complete_trade_in",
)  # fmt: skip


@follows(Device, *TAKES_IT_AWAY)
def a_loan_is_over_when_it_leaves_the_borrower(devices, *, name, at):
    """Whatever took it from the borrower: it is lent no more."""
    for loan in Loan.objects.out().filter(device__in=devices).select_for_update(of=("self",)):
        device = next(device for device in devices if device.pk == loan.device_id)
        if device.holder_id != loan.person_id:
            loan.returned_at = at
            loan.save(update_fields=["returned_at"])


def _open_cases(devices, **also):
    devices = [device for device in devices if all(getattr(device, name) == value for name, value in also.items())]
    return Case.objects.open().filter(device__in=devices).order_by("pk").select_for_update(of=("self",))
