"""The days of the month on which devices are bought out, as the terms have them: from one day to another.

A window may go over the month's end: from the 31st to the 2nd. A day that a month lacks is its last one, so that every
month has its window.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from velory.ui.dates import day_long

LONGEST = 62  # days within which every window opens, and ends unless it never does
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DaysOfMonth:
    """Days of the month, both ends included."""

    first: int
    last: int

    @classmethod
    def of(cls, terms) -> "DaysOfMonth | None":
        """The window of some terms; None where they name no day. One that is missing is the month's own end."""
        if terms.window_from is None and terms.window_to is None:
            return None
        return cls(terms.window_from or 1, terms.window_to or 31)

    def is_open(self, day: date) -> bool:
        """Whether devices are bought out on a date."""
        end = monthrange(day.year, day.month)[1]
        first, last = min(self.first, end), min(self.last, end)
        if self.first <= self.last:
            return first <= day.day <= last
        return day.day >= first or day.day <= last

    def opens_on(self, today: date) -> date:
        """The first open date from today on."""
        return next(day for day in _from(today) if self.is_open(day))

    def ends_on(self, opened: date) -> date | None:
        """The last date of the window that is open on a date; None where it never ends."""
        shut = next((day for day in _from(opened) if not self.is_open(day)), None)
        return shut and shut - A_DAY

    def next_dates(self, today: date) -> str:
        """The next time it is open, in words."""
        first = self.opens_on(today)
        last = self.ends_on(first)
        if last == first:
            return day_long(first)
        return _("%(first)s to %(last)s") % {"first": day_long(first), "last": day_long(last)}


def _from(day):
    return (day + timedelta(days=number) for number in range(LONGEST))
