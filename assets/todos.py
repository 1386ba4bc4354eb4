"""What waits for the admins, counted: each app registers its own; the overview asks them all."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.models import Device

_todos: list[tuple[int, Callable]] = []


@dataclass(frozen=True)
class Todo:
    """One line of the admins' list: how many, of what, and where it is done. `late` counts those past their day."""

    code: str
    count: int
    title: str
    about: str
    url: str
    oldest_on: date | None = None
    late: int = 0


def todo(count_them=None, *, order: int = 100):
    """Register a counter: `count_them(today)` gives a list of Todo; those that count nothing are left out."""

    def register(counter):
        _todos.append((order, counter))
        _todos.sort(key=lambda entry: entry[0])
        return counter

    return register(count_them) if count_them else register


def todos(*, today) -> list[Todo]:
    """Everything that waits, in order."""
    return [found for _order, count_them in _todos for found in count_them(today) if found.count]


@todo(order=900)
def devices_with_gaps(today):
    """What assets itself knows to be missing: the holder, the payor, the renewal date."""
    missing = Device.objects.gaps()
    hardware = reverse("assets:hardware")
    return [
        Todo("unassigned", missing["unassigned"], _("Unassigned"), _("Assign each to a person or a space"),
             f"{hardware}?view=unassigned"),
        Todo("payor_missing", missing["payor"], _("Payor missing"), _("Assigning a device clears its payor"),
             f"{hardware}?payor=missing"),
        Todo("renewal_date_missing", missing["renewal_date"], _("Renewal date missing"),
             _("Without a date nobody is reminded"), f"{hardware}?renewal=missing"),
    ]  # fmt: skip
