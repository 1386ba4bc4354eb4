"""The fleet in figures, for the admins' overview: by status, age and ownership. Each knows the list it counts."""

from dataclasses import dataclass

from dateutil.relativedelta import relativedelta
from django.db.models import Count, Q
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy, pgettext_lazy

from assets.lifecycle import PHASES
from assets.models import Device
from assets.ownership import OWNERSHIP, owned_as

NAMES = {
    "in use": pgettext_lazy("phase", "In use"), "leaving": pgettext_lazy("phase", "Leaving"),
    "delivery": pgettext_lazy("phase", "Delivery"), "repair": pgettext_lazy("phase", "Repair"),
}  # fmt: skip
FILLS = {"in use": "fill-success", "leaving": "fill-secondary", "delivery": "fill-info", "repair": "fill-warning"}
YEARS = [
    (1, gettext_lazy("Under 1 year")), (2, gettext_lazy("1 to 2 years")), (3, gettext_lazy("2 to 3 years")),
    (4, gettext_lazy("3 to 4 years")), (None, gettext_lazy("Over 4 years")),
]  # fmt: skip
AGES = {str(place): name for place, (_years, name) in enumerate(YEARS)} | {"unknown": gettext_lazy("Not known")}


@dataclass(frozen=True)
class Share:
    """A part of the fleet: its name, how many, where it lies on a strip of 1000, and the list of its devices."""

    name: object
    total: int
    fill: str
    x: float
    width: float
    url: str = ""
    statuses: tuple[tuple[str, int], ...] = ()


def by_status() -> list[Share]:
    """The devices in the house by phase, each with its statuses, the most frequent first."""
    counted = dict(Device.objects.in_the_house().values_list("status").annotate(n=Count("pk")).order_by())
    total = sum(counted.values()) or 1
    shares, x = [], 0.0
    for phase, name in NAMES.items():
        statuses = sorted(((s.value, counted[s]) for s in PHASES[phase] if s in counted), key=lambda row: -row[1])
        here = sum(n for _status, n in statuses)
        if here:
            width = 1000 * here / total
            url = list_of(status=[status for status, _n in statuses])
            fits = round(max(width - 4, 2), 1)
            shares.append(Share(name, here, FILLS[phase], round(x, 1), fits, url, tuple(statuses)))
            x += width
    return shares


def of_age(age: str, today) -> Q:
    """Devices of an age, a key of AGES. What is bought in the days to come counts as new."""
    if age == "unknown":
        return Q(purchased_on=None)
    place = int(age)
    years = YEARS[place][0]
    since = Q(purchased_on__gt=today - relativedelta(years=years)) if years else Q()
    return since & (Q(purchased_on__lte=today - relativedelta(years=YEARS[place - 1][0])) if place else Q())


def by_age_and_ownership(*, today) -> tuple[list[Share], list[Share]]:
    """The devices in the house by the years since they were bought, those without a date last; and by whose they are.
    One query for both."""
    ages = {f"age_{age}": Count("pk", filter=of_age(age, today)) for age in AGES}
    kinds = {f"kind_{place}": Count("pk", filter=owned_as(kind)) for place, kind in enumerate(OWNERSHIP)}
    counted = Device.objects.in_the_house().aggregate(**ages, **kinds)
    by_age = [(name, counted[f"age_{age}"], list_of(age=age)) for age, name in AGES.items()]
    if not counted["age_unknown"]:
        by_age.pop()
    owned = [
        (name, counted[f"kind_{place}"], list_of(contract=kind)) for place, (kind, name) in enumerate(OWNERSHIP.items())
    ]  # fmt: skip
    return _bars(by_age), _bars(owned)


def list_of(**narrowed) -> str:
    """The table of the devices in the house of which something is so."""
    return f"{reverse('assets:hardware')}?{urlencode(narrowed, doseq=True)}"


def _bars(rows) -> list[Share]:
    most = max(n for _name, n, _url in rows) or 1
    return [Share(name, n, "fill-primary", 0, round(100 * n / most, 1), url) for name, n, url in rows]
