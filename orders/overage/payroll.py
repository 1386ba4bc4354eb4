"""Salary deductions as whoever pays salaries reads them: sums for each person, and the lines of the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from velory.people.models import Person

MOST = 100  # people whose sums stand above the list; the file has everybody


@dataclass(frozen=True)
class Sums:
    """What some days' lines come to for one person in one currency, reversals taken off: once, and each month."""

    person: Person
    currency: str
    once: Decimal
    monthly: Decimal


def sums_of(deductions) -> list[Sums]:
    """For each person and currency, by name; amounts of two currencies are never added."""
    rows = deductions.order_by().values("person", "currency", "months").annotate(sum=Sum("amount"))
    found: dict[tuple[int, str], dict[bool, Decimal]] = {}
    for row in rows:
        of = found.setdefault((row["person"], row["currency"]), {False: Decimal(0), True: Decimal(0)})
        of[row["months"] > 0] += row["sum"]
    people = Person.objects.in_bulk({person for person, _currency in found})
    sums = [Sums(people[person], currency, of[False], of[True]) for (person, currency), of in found.items()]
    return sorted(sums, key=lambda one: (one.person.last_name, one.person.first_name, one.currency))[:MOST]


def rows_of(deductions, *, first: date | None, last: date) -> Iterator[list]:
    """A heading and a line for each deduction and each reversal, the earliest first.

    Each line says which days the file covers; `first` is empty where it covers everything until `last`.
    """
    yield [
        _("Date"), _("Month"), _("Kind"), _("Reference"), _("Person"), _("Employee number"), _("Cost centre"),
        _("E-mail"), _("Request"), _("Device"), _("Device reference"), _("Amount incl. VAT"), _("VAT"), _("Currency"),
        _("Months"), _("File covers from"), _("File covers to"),
    ]  # fmt: skip
    for one in deductions.with_what_a_list_shows().order_by("on", "pk").iterator(chunk_size=1000):
        person, device = one.person, one.device
        yield [
            one.on, f"{one.on:%Y-%m}", one.get_kind_display(), one.line.cause, person.get_full_name(),
            person.employee_number, person.cost_centre, person.email, one.line.request.ref, one.line.name,
            device.ref if device else "", one.amount, one.vat, one.currency, one.months or 1, first, last,
        ]  # fmt: skip
