"""What narrows the hardware table: each filter with its words, its choices, and what a choice means of devices."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import BigIntegerField, CharField, F, Q, Value
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from assets.fleet import AGES, of_age
from assets.lifecycle import PHASES, Status
from assets.models import Category, Device, Partner, Space
from assets.ownership import OWNERSHIP, owned_as
from velory.people.models import Location, Person, Team
from velory.tenancy.context import current_company

OF_REPAIRS = {Status.NEEDS_REPAIR, Status.IN_REPAIR}  # unseen where the company has no repairs
MISSING = ("missing", _("Missing"))


class Names:
    """What a company calls its categories, places, teams and partners: all of them in one query."""

    @cached_property
    def _found(self) -> dict[str, list]:
        parts = [
            _named("category", Category.objects.all(), "code", place=F("pk")),
            _named("location", Location.objects.all(), "name"),
            _named("team", Team.objects.all(), "name"),
            _named("distributor", Partner.objects.distributing(), "ref"),
            _named("provider", Partner.objects.leasing(), "ref"),
        ]
        found: dict[str, list] = {}
        for kind, value, name, _place in parts[0].union(*parts[1:], all=True).order_by("place", "name"):
            found.setdefault(kind, []).append((value, name))
        return found

    def __getitem__(self, kind: str) -> list:
        return self._found.get(kind, [])


def _named(kind, things, key, place=None):
    """Categories in their own order, the others by name."""
    told = things.order_by().annotate(kind=Value(kind, CharField()), place=place or Value(0, BigIntegerField()))
    return told.values_list("kind", key, "name", "place")


@dataclass(frozen=True)
class Filter:
    """A filter of the table: its words, its choices, and what is chosen means of devices.

    `choices(names)` gives pairs of value and words; `of(devices, chosen, today)` narrows. A filter that is not `first`
    stands under “More filters”.
    """

    key: str
    label: Any
    choices: Callable
    of: Callable
    first: bool = False
    asks_for_a_day: bool = False


def _having(**field):
    """Devices with one of the values in a field."""
    [(name, _nothing)] = field.items()
    return lambda devices, chosen, today: devices.filter(**{f"{name}__in": chosen})


def _being(known, condition):
    """Devices of which a condition is true for one of the values."""

    def narrow(devices, chosen, today):
        return devices.filter(reduce(or_, [condition(v, today) for v in chosen if v in known], Q(pk__in=[])))

    return narrow


def _categories(names):
    return [(code, str(Category(name=name))) for code, name in names["category"]]


def _statuses(names):
    in_order = [status for phase in PHASES.values() for status in phase]
    shown = [s for s in in_order if s not in OF_REPAIRS or current_company().has("repair_flow")]
    return [(status.value, status.label) for status in shown]


def _places(devices, chosen, today):
    people = Q(holder__in=Person.objects.filter(location__name__in=chosen))
    return devices.filter(people | Q(space__in=Space.objects.filter(location__name__in=chosen)))


def _teams(devices, chosen, today):
    return devices.filter(holder__in=Person.objects.filter(team__name__in=chosen))


def _payors(devices, chosen, today):
    said = Q(payor__in=[value for value in chosen if value != "missing"])
    return devices.filter(said | Q(payor="", status__in=PHASES["in use"]) if "missing" in chosen else said)


def _without_date(devices, chosen, today):
    return devices.without_renewal_date() if "missing" in chosen else devices


def _lessors(devices, chosen, today):
    return devices.filter(contract__provider__ref__in=chosen, contract__closed_on=None)


def _renewing(lookup):
    def narrow(devices, chosen, today):
        day = day_in(chosen[0])
        return devices.filter(**{f"renewal_on__{lookup}": day}) if day else devices

    return narrow


def day_in(text: str) -> date | None:
    """A day as an address writes it; None where it is none."""
    try:
        return date.fromisoformat(text) if len(text) == 10 else None
    except ValueError:
        return None


def _no_choices(names):
    return []


FILTERS = {
    found.key: found
    for found in [
        Filter("category", _("Category"), _categories, _having(category__code=...), first=True),
        Filter("status", _("Status"), _statuses, _having(status=...), first=True),
        Filter("location", _("Location"), lambda names: names["location"], _places, first=True),
        Filter("payor", _("Payor"), lambda names: [*Device.Payor.choices, MISSING], _payors, first=True),
        Filter("contract", _("Ownership"), lambda names: list(OWNERSHIP.items()),
               _being(OWNERSHIP, lambda kind, today: owned_as(kind))),
        Filter("distributor", _("Distributor"), lambda names: names["distributor"], _having(distributor__ref=...)),
        Filter("provider", _("Leasing provider"), lambda names: names["provider"], _lessors),
        Filter("team", _("Team"), lambda names: names["team"], _teams),
        Filter("age", _("Age"), lambda names: list(AGES.items()), _being(AGES, of_age)),
        Filter("renewal", _("Renewal date"), lambda names: [MISSING], _without_date),
        Filter("renewal_from", _("Renewal from"), _no_choices, _renewing("gte"), asks_for_a_day=True),
        Filter("renewal_to", _("Renewal to"), _no_choices, _renewing("lte"), asks_for_a_day=True),
    ]
}  # fmt: skip
