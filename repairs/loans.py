"""Lending a device for the time being, and taking it back."""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from assets.lifecycle import Status
from assets.models import Device
from repairs.models import Case, Loan, RepairSettings
from repairs.notices import remind_in_time
from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused


def lend(device: Device, to, *, due_on, by, at, case: Case | None = None) -> Loan:
    """Assign a device to a person as a loan, until a local date. Raises Refused.

    It is for the time of a repair: the one that is named, else of what they had of the same category.
    """
    with transaction.atomic():
        device = Device.objects.select_for_update(of=("self",)).get(pk=device.pk)
        if reason := why_not_lent(device):
            raise Refused(reason)
        case = case or Case.objects.keeping_from(to, device.category).order_by("pk").first()
        device.assign(by=by, at=at, to=to)
        device.set_payor(by=by, at=at, payor=Device.Payor.COMPANY)
        made = Loan.objects.create(device=device, person=to, case=case, due_on=due_on, lent_at=at)
        write(made, "lend", by=by, at=at, details={"due_on": due_on.isoformat(), "to": str(to)})
        remind_in_time(made, at=at)
    return made


def why_not_lent(device: Device) -> Reason | None:
    """What stands against lending a device, or None: it is in use, and nobody's or in a pool."""
    if device.status != Status.ACTIVE:
        return Reason("status", _("Only an active device is lent: this one is “%s”.") % device.get_status_display())
    if device.holder_id:
        return Reason("held", _("%s has it. Take it back first.") % device.holder)
    return None


def take_back(loan: Loan, *, by, at) -> None:
    """It is back: unassigned, and lent no more. Raises Refused where it is not out any more."""
    with transaction.atomic():
        device = Device.objects.select_for_update(of=("self",)).get(pk=loan.device_id)
        held = Loan.objects.out().filter(pk=loan.pk).first()
        if held is None:
            raise Refused(Reason("back", _("It is not lent any more.")))
        device.unassign(by=by, at=at)  # the loan ends as the device leaves its borrower
        write(held, "take_back", by=by, at=at)


def prolong(loan: Loan, due_on, *, by, at) -> None:
    """Another day on which it is due. Raises Refused."""
    with transaction.atomic():
        held = Loan.objects.out().select_for_update(of=("self",)).filter(pk=loan.pk).first()
        if held is None:
            raise Refused(Reason("back", _("It is not lent any more.")))
        held.due_on = due_on
        held.save(update_fields=["due_on"])
        write(held, "prolong", by=by, at=at, details={"due_on": due_on.isoformat()})
        remind_in_time(held, at=at)


def usual_due(today):
    """The day on which a loan of the usual length is due."""
    return today + timedelta(days=RepairSettings.here().loan_days)
