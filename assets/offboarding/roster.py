"""The devices of somebody who leaves, each with where it stands: settled, or what is open and whose turn it is.

A device is settled when they have it no more, or when it has come back: nothing else counts. Whoever above the ground
floor knows more of it (that it is lent, what can be chosen about it) registers that here.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from assets.lifecycle import OPEN_DELIVERY, PRELIMINARY, Status
from assets.models import Device, Holding, Plan
from assets.offboarding.models import NO_LONGER_THEIRS
from velory import clock
from velory.journal.reason import Reason

LEAVER, ADMIN, PARTNER = "leaver", "admin", "partner"

_standings: list[Callable] = []
_ways: list[Callable] = []


@dataclass(frozen=True)
class Deed:
    """A button for the admins: where it leads. `post`: it does something at once."""

    label: str
    address: str
    post: bool = False


@dataclass(frozen=True)
class Standing:
    """Where a device of a leaver stands, in words; whose turn it is, and what an admin can do about it.

    `own`: the same for the leaver's eyes, where that reads differently. `asks`: it is theirs to say, where the company
    leaves it to them.
    """

    settled: bool
    text: str
    turn: str = ""
    deeds: tuple[Deed, ...] = ()
    own: str = ""
    asks: bool = False

    @property
    def to_them(self) -> str:
        """As the leaver reads it."""
        return self.own or self.text


@dataclass(frozen=True)
class Way:
    """One thing that can become of a device: its words, price and page, or why it is shut."""

    way: str
    label: str
    about: str
    address: str = ""
    price: str = ""
    shut: Reason | None = None


@dataclass
class Item:
    """One device of one leaver."""

    offboarding: Any
    device: Any
    plan: Plan | None
    standing: Standing = field(default_factory=lambda: Standing(False, ""))

    @property
    def person(self):
        """Who leaves."""
        return self.offboarding.person

    @property
    def theirs(self) -> bool:
        """Whether they have it now."""
        return self.device.holder_id == self.offboarding.person_id

    @property
    def in_use(self) -> bool:
        """Whether they have it and nothing is under way with it."""
        return self.theirs and self.device.status in {Status.ACTIVE, *PRELIMINARY}

    @property
    def way(self) -> str:
        """What is planned; empty where that is not decided."""
        return self.plan.way if self.plan else ""

    @property
    def decided_by_admin(self) -> bool:
        """Whether the company has decided, so that nobody is asked."""
        return bool(self.plan and self.plan.way and self.plan.by_admin)


@dataclass
class Roster:
    """All devices of one leaver."""

    offboarding: Any
    items: list[Item]

    @property
    def open(self) -> list[Item]:
        """Those that are not settled."""
        return [item for item in self.items if not item.standing.settled]

    @property
    def settled(self) -> list[Item]:
        """Those that are."""
        return [item for item in self.items if item.standing.settled]

    def of(self, device_ref: str) -> Item | None:
        """One of them, by its reference."""
        return next((item for item in self.items if item.device.ref == device_ref), None)


def tells_standing(tell):
    """Register who knows more: `tell(items, *, at)` gives {device key: Standing} for those that it speaks of."""
    _standings.append(tell)
    return tell


def knows_ways(ask):
    """Register who knows what can become of a device: `ask(item, *, by, at)` gives a list of Way."""
    _ways.append(ask)
    return ask


def ways_of(item: Item, *, by, at) -> list[Way]:
    """What can become of a device that is in use, the shut ones with their reason; last that it stays."""
    if not item.in_use:
        return []
    stays = Way(
        Plan.Way.STAYS, _("Hand it in"), _("It stays with the company. Hand it in by your last day, with its charger.")
    )
    return [*(way for ask in _ways for way in ask(item, by=by, at=at)), stays]


def roster_of(offboarding, *, at) -> Roster:
    """The devices of one leaver."""
    return rosters_of([offboarding], at=at)[offboarding.pk]


def rosters_of(offboardings: Iterable, *, at) -> dict[int, Roster]:
    """The devices of some leavers, with the same few queries however many they are."""
    offboardings = list(offboardings)
    of_person = {row.person_id: row for row in offboardings}
    plans = {(plan.offboarding_id, plan.device_id): plan for plan in Plan.objects.filter(offboarding__in=offboardings)}
    found: dict[int, list[Item]] = defaultdict(list)
    for device, person_id in _devices_of(of_person):
        row = of_person[person_id]
        found[row.pk].append(Item(row, device, plans.get((row.pk, device.pk))))
    items = [item for theirs in found.values() for item in theirs]
    left = [item for item in items if not _is_settled(item)]  # of each device one at most: whose it is now
    told: dict[int, Standing] = {}
    for tell in _standings:
        told = tell(left, at=at) | told
    for item in items:
        item.standing = standing_of(item, at=at)
    for item in left:
        item.standing = told.get(item.device.pk, item.standing)
    return {row.pk: Roster(row, sorted(found[row.pk], key=_in_order)) for row in offboardings}


def _devices_of(of_person):
    """Pairs of device and person: what they have, what is in repair and was theirs, what they had since it began."""
    people = list(of_person)
    since = min((row.opened_at for row in of_person.values()), default=None)
    had = defaultdict(set)
    ended = Holding.objects.filter(person__in=people, until_at__gte=since) if since else Holding.objects.none()
    for device_id, person_id, until_at in ended.values_list("device_id", "person_id", "until_at"):
        if until_at >= of_person[person_id].opened_at:
            had[device_id].add(person_id)
    now = Q(holder__in=people) | Q(last_holder__in=people, status=Status.IN_REPAIR) | Q(pk__in=list(had))
    for device in Device.objects.filter(now).with_what_a_list_shows().select_related("last_holder").order_by("pk"):
        whose = set(had.get(device.pk, ()))
        if device.holder_id in of_person:
            whose.add(device.holder_id)
        if device.status == Status.IN_REPAIR and device.last_holder_id in of_person:
            whose.add(device.last_holder_id)
        yield from ((device, person_id) for person_id in whose)


def _in_order(item):
    return item.standing.settled, item.device.renewal_on is None, item.device.renewal_on, item.device.pk


# What assets itself knows


def _is_settled(item) -> bool:
    return not item.theirs or item.device.status in NO_LONGER_THEIRS


def standing_of(item: Item, *, at) -> Standing:
    """Where a device stands, read from its status, its holder and its plan."""
    return _settled(item) if _is_settled(item) else _open(item, at)


def _settled(item):
    device = item.device
    if device.is_archived:
        if device.status == Status.BOUGHT_OUT and device.last_holder_id == item.offboarding.person_id:
            return Standing(True, _("Bought out: it is their own."), own=_("Bought out: it is your own."))
        return Standing(True, device.get_status_display())
    if device.status == Status.RETURNED:
        deeds = (_step(item, "release"),)
        return Standing(
            True, _("It has come back. It is released on its own page."), ADMIN, deeds, _("It has come back.")
        )
    if device.status == Status.IN_REPAIR:
        text = _("In repair: it goes back to the company, to nobody's desk.")
        return Standing(True, text, own=_("In repair: it does not come back to you."))
    if device.whose:
        return Standing(True, _("%s has it now.") % device.whose, own=_("You have it no more."))
    return Standing(True, _("Handed in: nobody has it."), own=_("Handed in."))


def _open(item, at):
    ask = {
        **dict.fromkeys(OPEN_DELIVERY, _ordered), Status.SHIPPED: _on_its_way, Status.DELIVERED: _on_its_way,
        Status.RECEIVED: _on_its_way, Status.NEEDS_REPAIR: _broken, Status.PENDING_BUYOUT: _being_paid,
        Status.BOUGHT_BY_EMPLOYEE: _paid, Status.TO_RETURN: _going_back, Status.RETURN_PENDING: _going_back,
        Status.TRADE_IN: _offered,
    }.get(item.device.status)  # fmt: skip
    return ask(item) if ask else _by_plan(item, at)


def _ordered(item):
    text = _("Ordered, and not sent yet: cancel the order, or give it to somebody else.")
    own = _("On order: an admin cancels it, or gives it to somebody else.")
    return Standing(False, text, ADMIN, (_step(item, "cancel"), _give_on(item)), own)


def _on_its_way(item):
    text, own = (
        _("On its way: give it to somebody else, or to a space."),
        _("On its way: hand it in if it comes to you."),
    )
    return Standing(False, text, ADMIN, (_give_on(item),), own)


def _broken(item):
    text = _("A fault is reported. Taken in for repair it goes back to the company.")
    own = _("A fault is reported: hand it in for repair, it does not come back to you.")
    return Standing(False, text, ADMIN, (_step(item, "start_repair"), _hand_in(item)), own)


def _being_paid(item):
    return Standing(False, _("The buy-out is being paid."), LEAVER)


def _paid(item):
    text, own = (
        _("Paid. It is theirs when an admin has released it."),
        _("Paid. It is yours when an admin has released it."),
    )
    return Standing(False, text, ADMIN, (_step(item, "release_bought"),), own)


def _going_back(item):
    text, own = _("It is to be returned: confirm when that is done."), _("It is to be returned, as was decided.")
    return Standing(False, text, ADMIN, (_step(item, "confirm_return"),), own)


def _offered(item):
    return Standing(False, _("It is offered to a buyer."), ADMIN)


def _by_plan(item, at):
    deeds = (_hand_in(item), _give_on(item))
    if not item.person.works_on(clock.local_date(at)):
        return Standing(False, _("They have left and still have it."), ADMIN, deeds)
    if item.way == Plan.Way.STAYS:
        text, own = _("It stays with the company. Mark it as handed in when you have it."), _("You hand it in.")
        return Standing(False, text, ADMIN, deeds, own)
    if item.way == Plan.Way.BUY_OUT:
        text, own = (
            _("To be bought out: it waits for their payment."),
            _("To be bought out: it waits for your payment."),
        )
        return Standing(False, text, LEAVER, deeds, own)
    if item.way == Plan.Way.RETURN:
        text, own = _("To be returned: it waits for them to confirm it."), _("To be returned: confirm it on its page.")
        return Standing(False, text, LEAVER, deeds, own)
    return Standing(False, _("Nothing is decided yet."), LEAVER, deeds, _("Say what becomes of it."), asks=True)


def _step(item, name):
    made = getattr(type(item.device), name).step
    return Deed(str(made.label), f"{item.device.get_absolute_url()}{name}/")


def _give_on(item):
    return Deed(_("Give to somebody else"), f"{item.device.get_absolute_url()}assign/")


def _hand_in(item):
    return Deed(_("Mark as handed in"), f"{item.offboarding.get_absolute_url()}{item.device.ref}/hand-in/", post=True)
