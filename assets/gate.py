"""The store's gate: may this person order in this category? Each app may answer with a Reason (spec 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from assets.lifecycle import Status
from assets.models import Device
from velory.journal.reason import Reason
from velory.ui.dates import day_long

_gatekeepers: list[Callable] = []
_releases: list[Callable] = []
_limits: list[Callable] = []
_borrowed: list[Callable] = []
_shelves: list[Callable] = []
NO_DAY = date.min  # before every today: somebody lets it go, not the calendar


@dataclass(frozen=True)
class Shut(Reason):
    """Why a category is shut: which device shuts it, and the button that lifts it, if one does."""

    device: Any = None
    button: str = ""
    url: str = ""


def gatekeeper(ask):
    """Register who may shut the gate: `ask(person, category, *, today)` gives a Reason (best a Shut) or None."""
    _gatekeepers.append(ask)
    return ask


def lets_go_from(ask):
    """Register who knows the local date from which a device no longer counts: `ask(device)` gives a date, NO_DAY where
    no date lets it go, or None where it has no say."""
    _releases.append(ask)
    return ask


@dataclass(frozen=True)
class Quota:
    """How many devices of a category somebody may hold at once; empty is no limit. `asked`: how many are on request."""

    most: int | None
    asked: int = 0


def knows_the_quota(ask):
    """Register who knows a person's own quotas: `ask(person)` gives a function, or None where it has no say.

    The function is asked for each category and gives a Quota, or a Reason where the category is shut altogether.
    """
    _limits.append(ask)
    return ask


def knows_what_is_borrowed(ask):
    """Register who knows which devices somebody has for the time being: `ask(person)` gives a queryset of their keys.

    They fill no place: they go back.
    """
    _borrowed.append(ask)
    return ask


def knows_what_is_offered(ask):
    """Register who knows where something is offered: `ask()` gives the keys of categories, or None if it has no say."""
    _shelves.append(ask)
    return ask


def is_borrowed(person: str, device: str):
    """A condition on rows that name a person and a device: the person has it for the time being only."""
    asked = (Exists(ask(OuterRef(person)).filter(device=OuterRef(device))) for ask in _borrowed)
    return Q(Q(pk=None), *asked, _connector=Q.OR)


def for_good(devices, person):
    """Some devices without those that a person has for the time being."""
    for ask in _borrowed:
        devices = devices.exclude(pk__in=ask(person))
    return devices


def quotas_of(person) -> Callable:
    """What says a person's quota in a category: their own, else the category's. Asked once for all categories."""
    answers = (ask(person) for ask in _limits)
    return next((answer for answer in answers if answer), None) or (lambda category: Quota(category.quota))


def gates(person, categories, *, today) -> list[tuple]:
    """Every category with the reason why a person may not order in it, or None."""
    quotas = quotas_of(person)
    return [(category, may_order(person, category, today=today, quotas=quotas)) for category in categories]


def gates_at_home(person, categories, *, today) -> list[tuple]:
    """The same for categories in which there is something to order, or something to do before it is."""
    offered = next((answer for answer in (ask() for ask in _shelves) if answer is not None), None)
    return [
        (category, shut)
        for category, shut in gates(person, categories, today=today)
        if offered is None or category.pk in offered or bool(getattr(shut, "button", ""))
    ]


def may_order(person, category, *, today, quotas: Callable | None = None, wanting: int = 1) -> Reason | None:
    """None where the person may order so many in the category; else the first reason why not."""
    answers = (ask(person, category, today=today) for ask in _gatekeepers)
    shut = next((answer for answer in answers if answer), None)
    if shut:
        return shut
    quota = (quotas or quotas_of(person))(category)
    if isinstance(quota, Reason):
        return quota
    return quota_is_reached(person, category, quota, today=today, wanting=wanting)


def quota_is_reached(person, category, quota: Quota, *, today, wanting: int = 1) -> Reason | None:
    """The devices of the category that a person holds and that are not leaving fill their place."""
    if quota.most is None:
        return None
    counted = Device.objects.counted_for(person, category)
    held = list(for_good(counted, person).with_what_a_list_shows())
    room = quota.most - len(held) - quota.asked
    if wanting <= room:
        return None
    if room > 0:
        text = _("There is room for %(room)d more, and %(wanting)d are asked for.") % {"room": room, "wanting": wanting}
        return Shut("quota", text, who=_("an admin"))
    if not held:
        text = _("You have asked for one already.") if quota.asked else _("Your budget gives none.")
        return Shut("quota", text, who=_("an admin"))
    away = next((device for device in held if device.status == Status.IN_REPAIR), None)
    if away:
        text = _("Your %(device)s is in repair. You can order the next one if it can't be repaired.") % {"device": away}
        return Shut("in_repair", text, who=_("an admin"), device=away)
    opens = sorted((day, device.pk, device) for device in held if (day := opens_on(device)) and day > today)
    until, device = (opens[0][0], opens[0][2]) if opens else (None, held[0])
    if until:
        text = _("You have %(device)s. You can order the next one from %(day)s.") % {
            "device": device, "day": day_long(until),
        }  # fmt: skip
    else:
        text = _("You have %(device)s. You can order the next one when it is returned or replaced.") % {
            "device": device
        }
    return Shut("quota", text, until=until, who=_("an admin"), device=device)


def opens_on(device):
    """The date from which a device may make room for the next: as the apps above know it, else its renewal date."""
    days = (ask(device) for ask in _releases)
    return next((day for day in days if day), device.renewal_on)
