"""The company's hardware as a list: its saved views, its filters, its columns. Apps above register views."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.http import Http404, QueryDict
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assets.columns import ALWAYS, COLUMNS, NONE, USUAL, Column, chosen_columns, columns_in, last_change
from assets.filters import FILTERS, Names
from assets.lifecycle import PRELIMINARY, Status
from assets.models import ColumnChoice, Device, SavedView
from assets.row_acts import RowAct, act_of_each
from velory.tenancy.context import current_company
from velory.ui.files import FORMATS
from velory.ui.tables import Table

MANY = 10_000  # views count no further
FEW = 4  # saved views that stand as tabs
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
    """The table as its address tells it: a view of somebody's, or what narrows it, in which order, with which columns.

    An address that names a saved view and nothing else is what the view keeps; one that says more is what it says.
    """

    def __init__(self, request, *, today, query=None):
        asked = request.GET if query is None else query
        self.person, self.today = request.user, today
        self.saved = self._saved_view(asked.get("saved", ""))
        super().__init__(
            request, sorts=SORTS, default="renewal", filters=FILTERS, query=_as_it_keeps(self.saved, asked) or asked
        )
        self.path = reverse("assets:hardware")
        self.view = view_called(self.query.get("view", ""))

    # What it shows

    @property
    def devices(self):
        """The devices that the address asks for, in no order."""
        found = self.view.of(Device.objects.all(), self.today).matching(self.q)
        for key, narrows in FILTERS.items():
            if chosen := self.chosen(key):
                found = narrows.of(found, chosen, self.today)
        return found

    @cached_property
    def act(self) -> RowAct | None:
        """What each row waits for, where the list is one of something that is missing."""
        return act_of_each(self)

    @property
    def in_order(self):
        """The same in the order of the table, for a file."""
        return self.devices.order_by(*self.order())

    def fetch(self):
        """The page's rows: first their keys, found and ordered without what they show; then the rows themselves."""
        self.show(self.devices.values_list("pk", flat=True))
        shown = Device.objects.with_what_a_list_shows().select_related("last_holder", "last_space")
        if any(column.key == "changed" for column in self.columns):
            shown = shown.annotate(changed_at=last_change())
        found = shown.in_bulk(self.rows)
        self.rows = [found[pk] for pk in self.rows]
        for device in self.rows:
            device.late = waits_since(device) and device.renewal_on < self.today
            device.cells = [column.cell(device) for column in self.columns if column.key != "device"]
        return self

    @cached_property
    def columns(self) -> list[Column]:
        """What the address says, else what the person has chosen, else what is usual."""
        if "columns" in self.query:
            return chosen_columns(columns_in(self.query.getlist("columns")))
        return chosen_columns(USUAL if self._remembered is None else columns_in(self._remembered))

    @property
    def column_choices(self) -> list[dict]:
        """Every column that may be left out, and whether it stands there."""
        return [{"column": c, "ticked": c in self.columns} for c in COLUMNS.values() if c.key not in ALWAYS]

    @property
    def is_usual(self) -> bool:
        """Whether it has the columns that it has for everybody to begin with."""
        return self.columns == chosen_columns(USUAL)

    @cached_property
    def _remembered(self):
        return ColumnChoice.of(self.person)

    # What it is called

    def as_query(self, columns: list[str] | None = None) -> str:
        """All that it shows as an address says it, so that it says the same to everybody."""
        shown = [column.key for column in self.columns if column.key not in ALWAYS] if columns is None else columns
        told = [("view", self.view.code)] if self.view.code != "all" else []
        told += [("q", self.q)] if self.q else []
        told += [(key, value[:200]) for key in FILTERS for value in self.chosen(key)]
        return urlencode([*told, ("sort", self.sort), ("columns", ",".join(shown) or NONE)])

    @property
    def as_posted(self) -> str:
        """The same for a form of this page, with the saved view that is open."""
        return self.as_query() + (f"&saved={self.saved.ref}" if self.saved else "")

    @property
    def is_changed(self) -> bool:
        """Whether it shows something else than the saved view that was opened."""
        return self.saved is not None and self.as_query() != self.saved.query

    @property
    def may_change_saved(self) -> bool:
        """Whether the reader may change the saved view."""
        return self.saved is not None and self.saved.may_be_changed_by(self.person, self.today)

    @cached_property
    def saved_views(self) -> list[SavedView]:
        """One's own and those that others share."""
        return list(SavedView.objects.visible_to(self.person).by_name())

    def _saved_view(self, ref):
        """Somebody else's that is not shared is answered as one that is not there."""
        if not ref:
            return None
        for view in self.saved_views:
            if view.ref == ref:
                return view
        raise Http404

    # Links and choices

    @property
    def export_links(self) -> list[tuple]:
        """The same devices as a file, in the same order."""
        query = self.link().partition("?")[2]
        return [
            (label, f"{reverse('assets:export_hardware')}?{urlencode({'as': kind})}{'&' if query else ''}{query}")
            for kind, label in FORMATS.items()
        ]

    @property
    def views(self) -> list[dict]:
        """The tabs above the table, each with how many it has: one query for all of them; saved ones where few."""
        shown = views_shown()
        counted = count_each({view.code: view.of(Device.objects.all(), self.today) for view in shown})
        tabs = [
            {
                "label": view.label, "current": view == self.view and not self.saved,
                "count": in_figures(counted[view.code]),
                "address": self.link(view="" if view.code == "all" else view.code, saved=""),
            }
            for view in shown
        ]  # fmt: skip
        return tabs if self.has_many_saved else tabs + self.saved_links

    @property
    def has_many_saved(self) -> bool:
        """Whether saved views stand in a menu of their own."""
        return len(self.saved_views) > FEW

    @property
    def saved_links(self) -> list[dict]:
        """The saved views; a namesake by somebody else with its owner's name."""
        often = Counter(view.name.casefold() for view in self.saved_views)
        return [
            {
                "label": f"{view.name} ({view.owner})" if often[view.name.casefold()] > 1 else view.name,
                "address": view.get_absolute_url(), "current": view == self.saved,
            }
            for view in self.saved_views
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
        """Every filter with its choices; what is chosen and gone meanwhile is a choice too, to be taken away."""
        names = Names()
        offered = [(narrows, narrows.choices(names)) for narrows in FILTERS.values()]
        return [
            (narrows, options if narrows.asks_for_a_day else options + self._gone(narrows, options))
            for narrows, options in offered
            if options or narrows.asks_for_a_day or self.chosen(narrows.key)
        ]

    def _gone(self, narrows, options):
        known = {value for value, _words in options}
        return [(value, _("%s (not here)") % value) for value in self.chosen(narrows.key) if value not in known]


def _as_it_keeps(saved, asked):
    """What a saved view keeps, where the address names it and says nothing of its own; else None."""
    if saved is None or any(key in asked for key in ("view", "q", "sort", "columns", *FILTERS)):
        return None
    kept = QueryDict(saved.query, mutable=True)
    kept.update({key: asked[key] for key in ("saved", "page") if key in asked})
    return kept


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


@hardware_view("orders", gettext_lazy("Ongoing orders"), 20)
def ongoing_orders(devices, today):
    """Ordered, and not yet in use."""
    return devices.in_phase("delivery")


@hardware_view("renewals", gettext_lazy("Renewals"), 30)
def renewals(devices, today):
    """A renewal date in the next three months, or past."""
    return devices.renewing_by(today)


@hardware_view("needs_repair", gettext_lazy("Needs repair"), 60, feature="repair_flow")
def needs_repair(devices, today):
    """A fault is reported."""
    return devices.needing_repair()


@hardware_view("in_repair", gettext_lazy("In repair"), 70, feature="repair_flow")
def in_repair(devices, today):
    """Taken in."""
    return devices.in_phase("repair")


@hardware_view("leaving", gettext_lazy("Leaving"), 80)
def leaving(devices, today):
    """Bought out, going back, or waiting to be released."""
    return devices.in_phase("leaving")


@hardware_view("unassigned", gettext_lazy("Unassigned"), 90)
def unassigned(devices, today):
    """Neither holder nor space."""
    return devices.unassigned()


@hardware_view("archive", gettext_lazy("Archive"), 900)
def archive(devices, today):
    """Its life here is over."""
    return devices.archived()
