"""The company's hardware as a list: its saved views, its filters, its columns. Apps above register views."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from velory.tenancy.context import current_company

_views: dict[str, "View"] = {}


@dataclass(frozen=True)
class View:
    """A saved view: `of(devices, today)` narrows a queryset to its rows. `feature`: only where it is on."""

    code: str
    label: Any
    order: int
    of: Callable
    feature: str = ""

    @property
    def is_on(self) -> bool:
        """Whether this company has it at all."""
        return not self.feature or current_company().has(self.feature)


def hardware_view(code: str, label, order: int = 100, *, feature: str = ""):
    """Register a view of the hardware table: `narrow(devices, today)` gives a queryset."""

    def register(narrow):
        _views[code] = View(code, label, order, narrow, feature)
        return narrow

    return register


def views_shown() -> list[View]:
    """The views of this company, in order."""
    return sorted((view for view in _views.values() if view.is_on), key=lambda view: view.order)


def view_called(code: str) -> View:
    """The view of that name, or all devices where there is none."""
    view = _views.get(code)
    return view if view is not None and view.is_on else _views["all"]


@hardware_view("all", pgettext_lazy("devices", "All"), 10)
def all_devices(devices, today):
    return devices.in_the_house()


@hardware_view("orders", _("Ongoing orders"), 20)
def ongoing_orders(devices, today):
    return devices.in_phase("delivery")


@hardware_view("renewals", _("Renewals"), 30)
def renewals(devices, today):
    return devices.renewing_by(today)


@hardware_view("needs_repair", _("Needs repair"), 60, feature="repair_flow")
def needs_repair(devices, today):
    return devices.needing_repair()


@hardware_view("in_repair", _("In repair"), 70, feature="repair_flow")
def in_repair(devices, today):
    return devices.in_phase("repair")


@hardware_view("leaving", _("Leaving"), 80)
def leaving(devices, today):
    return devices.in_phase("leaving")


@hardware_view("unassigned", _("Unassigned"), 90)
def unassigned(devices, today):
    return devices.unassigned()


@hardware_view("archive", _("Archive"), 900)
def archive(devices, today):
    return devices.archived()
