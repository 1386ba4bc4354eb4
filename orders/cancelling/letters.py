"""The letter to whoever waits for a device that was cancelled: why, and what was given back."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from assets.lifecycle import PHASES
from assets.models import Device, Space
from orders.cancelling.given_back import GivenBack, given_back_for
from orders.models import Order, OrderLine
from velory import clock
from velory.journal.models import Entry
from velory.people.models import Person
from velory.post.letters import letter, write_letter
from velory.tenancy.context import current_company

CANCELLED = "orders/cancelled"


@dataclass(frozen=True)
class Cancelled:
    """One device of the letter: what it was, what it gave back to the reader, and what it should have replaced."""

    device: Device
    back: GivenBack | None
    replaces: Device | None


def whoever_waits_is_told(ordered: OrderLine, *, at) -> None:
    """Its holder, the person it was for, and whoever asked for it; not whoever cancelled it, unless it was theirs.

    What is cancelled of an order in the same moment stands in one letter.
    """
    order, request = ordered.order, ordered.order.request
    last = _cancelled_by(ordered.device)
    for person in {*_receivers(ordered), request.requester if request else None} - {None}:
        if person.ref == last.by_ref and person not in _receivers(ordered):
            continue
        write_letter(
            CANCELLED, key=f"{CANCELLED}/{order.ref}/{person.ref}/{at:%Y%m%dT%H%M%S.%f}", person=person, at=at,
            context={"order": order.ref, "moment": at.isoformat()},
        )  # fmt: skip


def _receivers(ordered):
    request = ordered.order.request
    return {ordered.device.last_holder, request.person if request else None} - {None}


def _cancelled_by(device) -> Entry:
    return device.journal.filter(step="cancel").last()


@letter(CANCELLED, label=_("Device cancelled"))
def what_was_cancelled(letter):
    """The devices of an order that were cancelled in one moment, as far as they concern the reader."""
    order = Order.objects.select_related("request__person", "distributor").get(ref=letter.context["order"])
    lines = OrderLine.objects.with_what_a_cancellation_needs().cancelled().filter(order=order)
    entries = {entry.about_id: entry for entry in _entries_of(lines, letter.context["moment"])}
    lines = [line for line in lines if line.device_id in entries and _concerns(line, letter.person)]
    found = _with_what_they_gave_back(lines, letter.person)
    entry = entries[lines[0].device_id] if lines else None
    return {
        "order": order, "cancelled": found, "first": found[0] if found else None, "entry": entry,
        "why_not": entry.details.get("why", "") if entry else "", "whose": _whose(order, lines, letter.person),
        "cancelled_on": clock.local_date(entry.at) if entry else None,
        "is_theirs": any(letter.person in _receivers(line) for line in lines), "url": _address(order, letter.person),
    }  # fmt: skip


def _entries_of(lines, moment):
    about = Device._meta.label_lower
    devices = [line.device_id for line in lines]
    return Entry.objects.of_steps(["cancel"]).filter(about_type=about, about_id__in=devices, at=moment)


def _concerns(line, person) -> bool:
    request = line.order.request
    return person in _receivers(line) or (request is not None and request.requester_id == person.pk)


def _with_what_they_gave_back(lines, person):
    asked = [line.request_line for line in lines if line.request_line and _may_read_sums(line, person)]
    back = given_back_for(asked)
    return [
        Cancelled(line.device, back.get(line.request_line_id), _still_waiting(line, person))
        for line in sorted(lines, key=lambda line: line.number)
    ]


def _may_read_sums(line, person):
    request = line.request_line.request
    return person.pk in {request.person_id, request.requester_id}


def _still_waiting(line, person):
    """The device that goes back when the new one has come, if the reader still has it."""
    old = line.request_line.replaces if line.request_line else None
    if old is None or old.status not in PHASES["leaving"]:
        return None
    return old if old.holder_id == person.pk else None


def _whose(order, lines, person) -> Person | Space | None:
    """Who was to get it at last, where that is somebody else than the reader; a device may change hands on its way."""
    device = lines[0].device if lines else None
    last = (device.last_holder or device.last_space) if device else None
    whose = last or (order.request.whose if order.request else None)
    return None if whose == person else whose


def _address(order, person) -> str:
    request = order.request
    theirs = request is not None and person.pk in {request.person_id, request.requester_id}
    return current_company().address(request.get_absolute_url() if theirs else "/")
