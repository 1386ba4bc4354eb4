"""The store's gate: may this person order in this category? Each app may answer with a Reason (spec 2)."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from assets.models import Device
from velory.journal.reason import Reason
from velory.ui.dates import day_long

_gatekeepers: list[Callable] = []
_releases: list[Callable] = []


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
    """Register who knows the local date from which a device no longer counts: `ask(device)` gives a date or None."""
    _releases.append(ask)
    return ask


def may_order(person, category, *, today) -> Reason | None:
    """None where the person may order in the category; else the first reason why not."""
    answers = (ask(person, category, today=today) for ask in [*_gatekeepers, quota_is_reached])
    return next((answer for answer in answers if answer), None)


def quota_is_reached(person, category, *, today) -> Reason | None:
    """The devices of the category that a person holds and that are not leaving fill their place."""
    if category.quota is None:
        return None
    held = list(Device.objects.counted_for(person, category).with_what_a_list_shows())
    if len(held) < category.quota:
        return None
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
