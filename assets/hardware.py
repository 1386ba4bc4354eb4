"""The company's hardware as a list: its saved views, its filters, its columns. Apps above register views."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.filters import FILTERS, Names
from assets.lifecycle import PRELIMINARY, Status
from assets.models import Device
from velory.tenancy.context import current_company
from velory.ui.tables import Table

MANY = 10_000  # views count no further
SORTS = {
    "device": "name",
    "holder": ("holder__last_name", "holder__first_name", "space__name"),
    "status": ("status", "renewal_on"),
    "renewal": "renewal_on",
}
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


# The table


class Hardware(Table):
    """The table as its address tells it: view, search, filters, order, page."""

    def __init__(self, request, *, today):
        super().__init__(request, sorts=SORTS, default="renewal", filters=FILTERS)
        self.today = today
        self.view = view_called(request.GET.get("view", ""))

    @property
    def devices(self):
        """The devices that the address asks for, in no order."""
        found = self.view.of(Device.objects.all(), self.today).matching(self.q)
        for key, narrows in FILTERS.items():
            if chosen := self.chosen(key):
                found = narrows.of(found, chosen, self.today)
        return found

    def fetch(self):
        """The page's rows: first their keys, found and ordered without what they show; then the rows themselves."""
        self.show(self.devices.values_list("pk", flat=True))
        shown = Device.objects.with_what_a_list_shows().select_related("last_holder", "last_space").in_bulk(self.rows)
        self.rows = [shown[pk] for pk in self.rows]
        for device in self.rows:
            device.late = waits_since(device) and device.renewal_on < self.today
        return self

    @property
    def export_link(self) -> str:
        """The same devices as a file."""
        query = self.link(sort="").partition("?")[2]
        return reverse("assets:export_hardware") + (f"?{query}" if query else "")

    @property
    def views(self) -> list[dict]:
        """The tabs above the table, each with how many it has: one query for all of them."""
        shown = views_shown()
        counted = count_each({view.code: view.of(Device.objects.all(), self.today) for view in shown})
        return [
            {
                "label": view.label, "current": view == self.view, "count": in_figures(counted[view.code]),
                "address": self.link(view="" if view.code == "all" else view.code),
            }
            for view in shown
        ]  # fmt: skip

    @property
    def menus(self) -> list[tuple]:
        """The filters beside the search: key, label, options."""
        return [(narrows.key, narrows.label, options) for narrows, options in self._offered if narrows.first]

    @property
    def more_menus(self) -> list[dict]:
        """The filters under “More filters”, with options (value, words, ticked) or the day that is asked for."""
        return [
            {
                "key": narrows.key, "label": narrows.label, "day": next(iter(self.chosen(narrows.key)), ""),
                "options": [(value, words, value in self.chosen(narrows.key)) for value, words in options],
            }
            for narrows, options in self._offered if not narrows.first
        ]  # fmt: skip

    @property
    def more_chosen(self) -> list:
        """What is chosen under “More filters”, in words."""
        found = [[words for _v, words, on in menu["options"] if on] or menu["day"] for menu in self.more_menus]
        return [words for part in found for words in ([part] if isinstance(part, str) else part) if words]

    @cached_property
    def _offered(self):
        names = Names()
        offered = [(narrows, narrows.choices(names)) for narrows in FILTERS.values()]
        return [(narrows, options) for narrows, options in offered if options or narrows.asks_for_a_day]


def waits_since(device):
    """The date since which nothing is decided about a device; None where something is."""
    return device.renewal_on if device.status in {Status.ACTIVE, *PRELIMINARY} else None


def count_each(querysets: dict) -> dict[str, int]:
    """How many rows each queryset has, none counted further than MANY, all in one query."""
    parts, values = [], []
    for code, devices in querysets.items():
        sql, params = devices.order_by().values("pk")[: MANY + 1].query.sql_with_params()
        parts.append(f"SELECT %s AS code, count(*) FROM ({sql}) AS view")
        values += [code, *params]
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), values)
        return dict(cursor.fetchall())


def in_figures(count: int) -> str:
    """A count for a tab: exact, or that there are many."""
    return f"{MANY:,}+".replace(",", "\u202f") if count > MANY else str(count)


# The views of the ground floor


@hardware_view("all", pgettext_lazy("devices", "All"), 10)
def all_devices(devices, today):
    """Everything that is not archived."""
    return devices.in_the_house()


@hardware_view("orders", _("Ongoing orders"), 20)
def ongoing_orders(devices, today):
    """Ordered, and not yet in use."""
    return devices.in_phase("delivery")


@hardware_view("renewals", _("Renewals"), 30)
def renewals(devices, today):
    """A renewal date in the next three months, or past."""
    return devices.renewing_by(today)


@hardware_view("needs_repair", _("Needs repair"), 60, feature="repair_flow")
def needs_repair(devices, today):
    """A fault is reported."""
    return devices.needing_repair()


@hardware_view("in_repair", _("In repair"), 70, feature="repair_flow")
def in_repair(devices, today):
    """Taken in."""
    return devices.in_phase("repair")


@hardware_view("leaving", _("Leaving"), 80)
def leaving(devices, today):
    """Bought out, going back, or waiting to be released."""
    return devices.in_phase("leaving")


@hardware_view("unassigned", _("Unassigned"), 90)
def unassigned(devices, today):
    """Neither holder nor space."""
    return devices.unassigned()


@hardware_view("archive", _("Archive"), 900)
def archive(devices, today):
    """Its life here is over."""
    return devices.archived()
