"""Devices that a distributor delivered beside an order: kept until an admin takes them in or declines (spec 3)."""

from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.models import Device, Partner
from orders.lifecycle import ProposalStatus
from orders.models import Order, ProposedDevice, Report
from velory.journal.reason import Reason, Refused
from velory.journal.sentences import says
from velory.journal.steps import entry_for

says("orders.proposeddevice", "propose", gettext_lazy("{by} reported a device beside the order: {thing}."))


def propose(order: Order, report: Report, extra: dict[str, str], *, by: Any, at) -> dict[str, Any]:
    """Keep a device that no line of the order names; the note that says so. One that is known already is only noted."""
    shown = extra["name"] or extra["serial"]
    if is_known(extra):
        return {"code": "known_device", "value": extra["serial"] or extra["imei"]}
    same = ProposedDevice.objects.filter(distributor=order.distributor, status=ProposalStatus.PROPOSED)
    if extra["serial"] and same.filter(serial__iexact=extra["serial"]).exists():
        return {"code": "proposed", "value": shown}
    proposal = ProposedDevice(
        distributor=order.distributor, order=order, report=report, proposed_at=at, version=1, **extra
    )
    proposal.save(force_insert=True)
    role = "partner" if isinstance(by, Partner) else "admin"
    entry_for(proposal, "propose", by=by, role=role, at=at).save(force_insert=True)
    return {"code": "proposed", "value": shown}


def is_known(extra: dict[str, str]) -> bool:
    """Whether a device of the company has the serial number or the IMEI."""
    serial, imei = extra["serial"], extra["imei"]
    by_serial = bool(serial) and Device.objects.with_serial(serial).exists()
    return by_serial or (bool(imei) and Device.objects.with_imei(imei).exists())


def take_in_as_device(proposal: ProposedDevice, *, by, at, version=None, to=None, facts: dict[str, Any]) -> Device:
    """Register it as a device of the company and close the proposal, both or neither."""
    facts = {"distributor": proposal.distributor} | facts
    try:
        with transaction.atomic():
            device = Device.register(by=by, at=at, to=to, facts=facts)
            proposal.accept(by=by, at=at, version=version, device_ref=device.ref)
            proposal.device = device
            proposal.save(update_fields=["device"])
    except IntegrityError:
        raise Refused(Reason("twin", _("Another device has got the same serial number or IMEI meanwhile."))) from None
    return device


def receiver_of(proposal: ProposedDevice):
    """Whom it was most likely meant for: whoever the order was for."""
    request = proposal.order.request if proposal.order else None
    return request.whose if request else None
