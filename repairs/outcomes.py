"""How a repair ends: each way is one press, all of it or nothing (spec 4, seed repair)."""

from contextlib import suppress

from django.db import transaction
from django.utils.translation import gettext as _

from assets.lifecycle import Status
from assets.models import Device
from repairs.models import Case
from repairs.offboarding import goes_to_nobody_who_leaves
from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused

PREFERENCES = {Status.PRELIMINARY_BUYOUT: "prefer_buyout", Status.PRELIMINARY_RETURN: "prefer_return"}


def give_back(case: Case, *, by, at, version=None):
    """Repaired, and back to whoever had it, paid for as before; what they had chosen preliminarily is chosen again.

    Raises Refused; returns the journal's entry.
    """
    with transaction.atomic():
        device = _device_of(case)
        if case.whose is None:
            raise Refused(Reason("nobody", _("Nobody had it before. Give it to somebody, or to a space.")))
        if reason := goes_to_nobody_who_leaves(case.whose, at=at):
            raise Refused(reason)
        return _hand(device, case.whose, case.payor, case.payor_cost_centre, by=by, at=at, version=version)


def hand_on(case: Case, to, *, payor="", by, at, version=None):
    """Repaired, and to another person or space. The payor is set in the same press, or later. Raises Refused."""
    with transaction.atomic():
        return _hand(_device_of(case), to, payor, "", by=by, at=at, version=version)


def _hand(device, to, payor, cost_centre, *, by, at, version):
    preferred = PREFERENCES.get(device.status_before) if to == device.last_holder else None
    entry = device.finish_repair(by=by, at=at, version=version, to=to)
    if payor:
        device.set_payor(by=by, at=at, payor=payor, cost_centre=cost_centre)
    if preferred:
        with suppress(Refused):  # its time may be over: then the final choice is asked for
            getattr(device, preferred)(by=by, at=at)
    return entry


def replace(case: Case, *, why: str, by, at, version=None, other: Device | None = None, facts: dict | None = None):
    """Not repaired: another device takes its place, registered now (`facts`), here already (`other`), or ordered later
    (neither). It goes to whoever had the old one, if they still work here and it is nobody's. Raises Refused.
    """
    with transaction.atomic():
        device = _device_of(case)
        device.recycle(by=by, at=at, version=version, why=why)
        whose = _still_there(case, at)
        if facts is not None:
            other = Device.register(by=by, at=at, to=whose, facts=facts | {"payor": case.payor if whose else ""})
        elif other is not None and other.whose is None and whose is not None:
            other.assign(by=by, at=at, to=whose)
        closed = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        closed.outcome, closed.replaced_by = Case.Outcome.REPLACED, other
        closed.save(update_fields=["outcome", "replaced_by"])
    return other


def tick_release(case: Case, *, by, at) -> None:
    """No MDM knows the device any more: said with a name and a time, once. Raises Refused."""
    with transaction.atomic():
        held = Case.objects.select_for_update(of=("self",)).get(pk=case.pk)
        if held.taken_in_at is None:
            raise Refused(Reason("not_taken_in", _("It has not been taken in yet.")))
        if held.released_at is not None:
            raise Refused(Reason("released", _("%s has ticked it off already.") % held.released_by))
        held.released_at, held.released_by = at, str(by)[:200]
        held.save(update_fields=["released_at", "released_by"])
        write(held, "release_from_mdm", by=by, at=at)


def _device_of(case):
    """The device, held before its case: as its own steps do."""
    device = Device.objects.select_for_update(of=("self",)).get(pk=case.device_id)
    held = Case.held(device)
    if held is None or held.pk != case.pk:
        raise Refused(Reason("closed", _("Somebody was first: this repair has ended already.")))
    return device


def _still_there(case, at):
    """Who had it, unless they leave or have left."""
    return None if goes_to_nobody_who_leaves(case.whose, at=at) else case.whose
