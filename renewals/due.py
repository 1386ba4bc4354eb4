"""Devices as renewals see them: which wait for a choice, a confirmation, a release or a date."""

from datetime import date

from django.db.models import Exists, OuterRef, Q

from assets.lifecycle import PHASES, PRELIMINARY, Status
from assets.models import Device
from renewals.models.returning import Return
from renewals.paths import Path, closed, on_path, path_of
from renewals.stages import OFFSETS, STAGES, stage_now
from velory.tenancy.context import current_company

UNDECIDED = (Status.ACTIVE, *PRELIMINARY, Status.PENDING_BUYOUT, Status.NEEDS_REPAIR)


def in_a_stage(today: date) -> Q:
    """Some stage of the path is open, and the path is open in this company."""
    company = current_company()
    reached = Q(pk=None)
    for path in Path:
        if not closed(path, company):
            reached |= on_path(path) & Q(renewal_on__lte=OFFSETS[STAGES[path][0]].reaches(today))
    return reached


def due(today: date):
    """In use, in a stage, and not decided for good."""
    return Device.objects.filter(in_a_stage(today), status__in=UNDECIDED)


def awaiting_confirmation(today: date):
    """The holder has done their part, or was asked to; an admin confirms the return. What still waits for the new
    device stands in the list of returns."""
    not_yet = Return.objects.open().filter(device=OuterRef("pk"), time_to_return_at=None)
    return Device.objects.filter(~Exists(not_yet), status__in=[Status.RETURN_PENDING, Status.TO_RETURN])


def awaiting_release(today: date):
    """Returned or bought out; an admin takes it out of all company systems."""
    return Device.objects.filter(status__in=[Status.RETURNED, Status.BOUGHT_BY_EMPLOYEE])


def overdue(today: date):
    """In use beyond the renewal date."""
    return Device.objects.in_phase("in use").filter(renewal_on__lt=today)


def date_missing(today: date):
    """In use and following no path: nobody is reminded."""
    return Device.objects.without_renewal_date()


def awaits_choice(device, today: date) -> bool:
    """Whether its holder still has to say something, at a stage that is open."""
    path = path_of(device)
    if device.status not in PHASES["in use"] or closed(path, current_company()):
        return False
    return stage_now(path, device.renewal_on, today) is not None
