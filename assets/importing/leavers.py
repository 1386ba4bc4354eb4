"""Last days in a file: what an import of leavers takes from a row, and how many devices each person has to settle."""

from django.db.models import Count
from django.utils.functional import cached_property

from assets.importing.faults import Fault
from assets.importing.plan import Reading
from assets.importing.verdicts import REFUSED, Planned
from assets.models.device import Device
from assets.offboarding.models import NO_LONGER_THEIRS
from velory.people.models import Person

TAKEN = {"email", "last_employment_date"}


def keep_to_the_last_day(rows: list[Reading]) -> None:
    """Nothing but the e-mail and the last day is taken; whoever is not known here is refused, not brought in."""
    known = _Known([row.values["email"] for row in rows if "email" in row.values])
    for row in rows:
        row.values = {code: value for code, value in row.values.items() if code in TAKEN}
        row.faults = [fault for fault in row.faults if not fault.column or fault.column in TAKEN]
        if row.faults:
            continue
        email = row.values.get("email", "")
        if email and email not in known.addresses:
            row.faults.append(known.nobody(email))
        elif email and "last_employment_date" not in row.values:
            row.faults.append(Fault("no_last_day", "last_employment_date"))


class _Known:
    """Who is here, as far as a file speaks of them."""

    def __init__(self, emails):
        self.addresses = set(Person.objects.filter(email__in=emails).values_list("email", flat=True))

    @cached_property
    def all(self):
        return list(Person.objects.with_address().values_list("email", flat=True))

    def nobody(self, email) -> Fault:
        from difflib import get_close_matches

        like = get_close_matches(email, [each for each in self.all if each[:1] == email[:1]], n=1, cutoff=0.9)
        facts = {"email": email} | ({"like": like[0]} if like else {})
        return Fault("unknown_leaver_like" if like else "unknown_leaver", "email", email, facts)


def count_devices(planned: list[Planned]) -> None:
    """Of rows that set a last day: how many devices the person has that are then to be settled."""
    leaving = [row for row in planned if row.verdict != REFUSED and _sets_a_last_day(row)]
    held = Device.objects.filter(holder__email__in={row.email for row in leaving}).exclude(status__in=NO_LONGER_THEIRS)
    counts = dict(held.values_list("holder__email").annotate(n=Count("pk"))) if leaving else {}
    for row in leaving:
        row.person = (row.person or {}) | {"devices": counts.get(row.email, 0)}


def leavers_in(planned, *, today: str) -> int:
    """How many people get a last day that is still to come."""
    return len({row.email for row in planned if _sets_a_last_day(row) and _day(row) >= today})


def _sets_a_last_day(row) -> bool:
    return bool(row.person and row.person["facts"].get("last_employment_date"))


def _day(row) -> str:
    return row.person["facts"]["last_employment_date"]
