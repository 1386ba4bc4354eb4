"""One device on its way, as one reader follows it: its status with its meaning, its history, where the parcel is."""

from collections import defaultdict
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from assets.lifecycle import OPEN_DELIVERY, Status
from assets.models import AssetSettings, Device
from assets.rules import HOLDER, holder_may_receive
from orders.meanings import BEGUN, meaning_for
from orders.models import OrderLine
from velory import clock
from velory.journal.models import Entry
from velory.journal.reason import Reason
from velory.journal.steps import Offer, steps_of

ON_ITS_WAY = (*OPEN_DELIVERY, Status.SHIPPED, Status.DELIVERED, Status.RECEIVED, Status.CANCELLED)
TRACKED = (*OPEN_DELIVERY, Status.SHIPPED, Status.DELIVERED)


class Reader:
    """Whoever follows: what holds good for all that they see is asked once."""

    def __init__(self, person, *, at, today):
        self.person, self.at, self.today = person, at, today

    @cached_property
    def why_not_receive(self) -> Reason | None:
        """Why the company leaves receipt to others, or None."""
        return holder_may_receive(None, by=self.person, at=self.at)

    @cached_property
    def sees_others(self) -> bool:
        """Whether what colleagues do with their devices is theirs to read."""
        return self.person.is_admin or not AssetSettings.here().hide_company_assets


@dataclass
class Delivery:
    """One device: its line of an order where there is one, and what has happened to it, oldest first."""

    reader: Reader
    device: Any
    line: OrderLine | None = None
    entries: list = field(default_factory=list)

    @property
    def order(self):
        """The order that it came by, or None."""
        return self.line.order if self.line else None

    @property
    def is_theirs(self) -> bool:
        """Whether the reader has it."""
        return self.device.holder_id == self.reader.person.pk

    @property
    def is_known(self) -> bool:
        """Whether its present status is the reader's to know: what a colleague does with theirs later is not."""
        return self.is_theirs or self.device.status in ON_ITS_WAY or self.reader.sees_others

    @property
    def is_under_way(self) -> bool:
        """Whether it has not come and was not cancelled."""
        return self.device.status in TRACKED

    @property
    def is_there(self) -> bool:
        """Whether the carrier has handed it over."""
        return self.device.status == Status.DELIVERED

    @property
    def has_begun(self) -> bool:
        """Whether it is too late to change anything of it here."""
        return self.device.status in BEGUN

    @property
    def may_be_opened(self) -> bool:
        """Whether the reader has a page of the device."""
        return self.is_theirs or self.reader.sees_others

    @property
    def meaning(self) -> str:
        """What its status means for the reader."""
        was_theirs = self.device.status == Status.CANCELLED and self.device.last_holder_id == self.reader.person.pk
        return meaning_for(self.device, holds=self.is_theirs or was_theirs)

    @property
    def whose(self) -> str:
        """For whom it is, where it is not the reader's."""
        return "" if self.is_theirs else str(self.device.whose or "")

    # Where it is

    @property
    def expected_on(self):
        """When the distributor expects it there, until it is there."""
        return self.line.expected_on if self.line and self.device.status in (*OPEN_DELIVERY, Status.SHIPPED) else None

    @property
    def is_late(self) -> bool:
        """Whether it was expected before today."""
        return self.expected_on is not None and self.expected_on < self.reader.today

    @property
    def track(self) -> str:
        """The carrier's page, while there is something to follow; empty where none is known."""
        return self.device.tracking_page if self.is_under_way else ""

    @property
    def carrier(self) -> str:
        """Where the carrier's page is, so that whoever presses knows."""
        return (urlsplit(self.track).hostname or "").removeprefix("www.")

    @property
    def history(self) -> list:
        """What moved it on its way and what the distributor said of it there, the latest first."""
        return [entry for entry in reversed(self.entries) if entry.went_to in ON_ITS_WAY and _tells(entry)]

    @property
    def heard_at(self):
        """When something was heard of it last, in its present status."""
        return next((entry.at for entry in self.history if entry.went_to == self.device.status), None)

    # What can be done

    @property
    def receipt(self) -> Offer | None:
        """The button for what has come, greyed where the company leaves it to others; None before it is shipped."""
        made = steps_of(Device)["receive"]
        if not self.is_theirs or self.device.status not in made.sources:
            return None
        return Offer(made, HOLDER, self.reader.why_not_receive)


def _tells(entry):
    return entry.went_to != entry.came_from or entry.step == "hear"


def deliveries_of(lines, reader: Reader) -> list[Delivery]:
    """The devices of some lines, in their order, each with its history."""
    found = list(lines)
    entries = entries_of([line.device_id for line in found])
    return [Delivery(reader, line.device, line, entries[line.device_id]) for line in found]


def deliveries_to(reader: Reader) -> list[Delivery]:
    """What is on its way to somebody or was ordered by them, the nearest to its end first.

    A device that came into the list by hand or by a file has no line.
    """
    person = reader.person
    lines = OrderLine.objects.concerning(person).under_way().for_following().order_by("-order__ordered_at", "-pk")
    lined = list(lines[:MOST])
    held = Device.objects.held_by(person).in_phase("delivery").with_what_a_list_shows().order_by("-pk")
    without = list(held.exclude(pk__in=[line.device_id for line in lined])[:MOST])
    entries = entries_of([line.device_id for line in lined] + [device.pk for device in without])
    found = [Delivery(reader, line.device, line, entries[line.device_id]) for line in lined]
    found += [Delivery(reader, device, None, entries[device.pk]) for device in without]
    return sorted(found, key=lambda delivery: -ORDER.index(delivery.device.status))


MOST = 50
ORDER = [status.value for status in Status]


def entries_of(pks) -> dict[int, list]:
    """The journals of many devices, by device."""
    found = defaultdict(list)
    for entry in Entry.objects.about_each(Device, pks) if pks else ():
        found[entry.about_id].append(entry)
    return found


def delivery_of(device, person, *, today) -> Delivery:
    """One device for one reader."""
    line = OrderLine.objects.of(device).for_following().first()
    reader = Reader(person, at=clock.now(), today=today)
    return Delivery(reader, device, line, list(device.journal))
