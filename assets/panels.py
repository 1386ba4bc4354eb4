"""What the apps above show on the ground floor's pages: panels of a device and of a partner, alerts, settings.

Registered in each app's `ready()`; `assets` never knows who answers.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from assets.lifecycle import Status
from velory import clock
from velory.in_order import InOrder
from velory.ui.dates import day_long

_panels: defaultdict[str, InOrder[Callable]] = defaultdict(InOrder)
_alerts: list[Callable] = []
_milestones: list[Callable] = []
_overview: InOrder[Callable] = InOrder()
_sections: InOrder[Callable] = InOrder()
_partner_panels: InOrder[Callable] = InOrder()
_home_panels: InOrder[Callable] = InOrder()
_concerns: list[Callable] = []


@dataclass(frozen=True)
class Alert:
    """What waits for a person: a question, what follows from it, and the button that leads to the answer.

    `short` is said instead of the text where the whole of it stands on the same page; `step` names the device's step
    that the button leads to, so that it isn't offered twice.
    """

    title: str
    text: str
    button: str
    url: str
    device: Any = None
    urgent: bool = False
    short: str = ""
    step: str = ""


def panel(tab: str, order: int = 100):
    """Register a panel on a tab of the device page.

    `show(device, person, *, today)` gives (template, context) or None. The context also finds `device`,
    `person` and `today` in its template.
    """
    return _panels[tab].register(order)


def panels_of(tab: str, device, person, *, today) -> list[tuple[str, dict]]:
    """The panels of one tab for one reader, in order."""
    shown = (show(device, person, today=today) for show in _panels[tab])
    return [found for found in shown if found]


def alert(ask):
    """Register who knows what waits for a person: `ask(person, *, today)` gives a list of Alert."""
    _alerts.append(ask)
    return ask


def alerts_for(person, *, today, device=None) -> list[Alert]:
    """What waits for a person, the urgent first; for one device only, if one is named."""
    found = [waiting for ask in _alerts for waiting in ask(person, today=today)]
    if device is not None:
        found = [waiting for waiting in found if waiting.device == device]
    return sorted(found, key=lambda waiting: not waiting.urgent)


@dataclass(frozen=True)
class Milestone:
    """A day in a device's life, past or to come. `open`: it is now, until something is decided."""

    title: str
    on: date | None = None
    note: str = ""
    open: bool = False


ORDER = ["past", "now", "future"]


def milestone(tell):
    """Register who knows days of a device's life: `tell(device, *, today)` gives a list of Milestone."""
    _milestones.append(tell)
    return tell


def milestones_of(device, *, today) -> list[dict]:
    """The days as the timeline shows them: what is past, then what is open now, then what is to come."""
    found = [day for tell in _milestones for day in tell(device, today=today)]
    found.sort(key=lambda day: (ORDER.index(_standing(day, today)), day.on is None, day.on or today))
    return [
        {
            "state": _standing(day, today), "title": day.title,
            "when": day.on and day_long(day.on), "note": day.note,
        }
        for day in found
    ]  # fmt: skip


def _standing(day, today):
    return "now" if day.open else "past" if day.on and day.on <= today else "future"


@milestone
def what_the_device_itself_knows(device, *, today):
    """Bought, received or registered, in use, due."""
    days = [
        Milestone(_("Bought"), device.purchased_on, bought_from(device)) if _is_bought(device) else None,
        _how_it_came(device),
        Milestone(_("Renewal date"), device.renewal_on) if _falls_due(device, today) else None,
    ]
    return [day for day in days if day]


def _how_it_came(device):
    """Received or registered; what is on its way, or never came, is neither."""
    if device.received_at:
        return Milestone(_("Received"), clock.local_date(device.received_at))
    return Milestone(_("Registered"), clock.local_date(device.registered_at)) if _is_here(device) else None


def _is_bought(device):
    return device.purchased_on is not None and _is_here(device)


def _is_here(device):
    return device.phase != "delivery" and device.status != Status.CANCELLED


def _falls_due(device, today):
    return device.renewal_on is not None and not (device.is_archived and device.renewal_on > today)


def bought_from(device) -> str:
    """From whom it came, and who leases it out, or did."""
    contract = getattr(device, "contract", None)
    if contract is not None and contract.provider:
        return _("Leased from %s") % contract.provider
    return _("From %s") % device.distributor if device.distributor else ""


def overview_panel(order: int = 100):
    """Register a panel of the admins' overview: `show(*, today)` gives (template, context) or None."""
    return _overview.register(order)


def overview_panels(*, today) -> list[tuple[str, dict]]:
    """The panels of the overview, in order, between what waits and the fleet."""
    return [found for show in _overview if (found := show(today=today))]


def settings_section(order: int = 100):
    """Register a section of `/settings/`: `section(request)` gives (title, template, context), or None.

    On POST only the section whose `name` (the function's) stands in the form's `section` saves itself; it
    may answer with a redirect instead.
    """
    return _sections.register(order)


def settings_sections() -> list[Callable]:
    """Every registered section, in order."""
    return list(_sections)


def partner_panel(order: int = 100):
    """Register a panel of a partner's page: `show(partner, person, *, today)` gives (template, context) or None."""
    return _partner_panels.register(order)


def partner_panels_of(partner, person, *, today) -> list[tuple[str, dict]]:
    """The panels of one partner, in order; none while the partner is being added."""
    shown = (show(partner, person, today=today) for show in _partner_panels if partner.pk)
    return [found for found in shown if found]


def home_panel(order: int = 100):
    """Register a part of home, between what one has and what one may order.

    `show(person, *, today)` gives (template, context) or None. The template also finds `person` and `today`.
    """
    return _home_panels.register(order)


def home_panels_of(person, *, today) -> list[tuple[str, dict]]:
    """The parts of one person's home, in order."""
    shown = (show(person, today=today) for show in _home_panels)
    return [found for found in shown if found]


def concerns(ask):
    """Register who knows devices that a person may have questions about though they don't have them.

    `ask(person)` gives a list of devices.
    """
    _concerns.append(ask)
    return ask


def devices_concerning(person) -> list:
    """Devices that a person doesn't have and may ask about all the same."""
    return [device for ask in _concerns for device in ask(person)]
