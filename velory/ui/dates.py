"""Dates and moments in words: 14 December 2026, 14 Dec 2026, "in 22 days", 22 Nov 2026, 09:14."""

from datetime import date, datetime, time, timedelta

from dateutil.relativedelta import relativedelta
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from velory import clock

A_YEAR = 366  # days beyond which a distance is said in years and months


def day_long(day: date | None) -> str:
    """14 December 2026, 14 december 2026."""
    return date_format(day, "j F Y") if day else ""


def day_short(day: date | None) -> str:
    """14 Dec 2026, for tables and second lines."""
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""


def day_full(day: date | None) -> str:
    """Sunday 22 November 2026, söndag 22 november 2026."""
    written = date_format(day, "l j F Y") if day else ""
    return written.lower() if get_language() == "sv" else written  # Django begins Swedish weekdays with a capital


def moment(at: datetime | None) -> str:
    """22 Nov 2026, 09:14, by the clocks on the company's walls."""
    return date_format(at.astimezone(clock.zone()), "SHORT_DATETIME_FORMAT") if at else ""


def moment_in_zone(at: datetime | None) -> str:
    """22 Nov 2026, 09:14 (Europe/Stockholm): where whoever reads may sit by other clocks."""
    return f"{moment(at)} ({clock.zone().key})" if at else ""


def deadline(at: datetime | None) -> str:
    """The last minute in which something is in time: a promise for midnight reads 23 Nov 2026, 23:59."""
    if at and at.astimezone(clock.zone()).time() == time(0):
        at -= timedelta(minutes=1)
    return moment(at)


def hour(at: datetime | None) -> str:
    """09:14, by the clocks on the company's walls."""
    return date_format(at.astimezone(clock.zone()), "H:i") if at else ""


def in_days(day: date | None, today: date, overdue: bool = False) -> str:
    """How far a date is from today: "in 22 days", "today", "37 days ago" (or "37 days overdue")."""
    if day is None:
        return ""
    ahead = (day - today).days
    if ahead == 0:
        return _("today")
    if ahead == 1:
        return _("tomorrow")
    if abs(ahead) >= A_YEAR:
        span = years_and_months(*sorted((day, today)))
        words = _("in %(span)s") if ahead > 0 else _("%(span)s overdue") if overdue else _("%(span)s ago")
        return words % {"span": span}
    if ahead > 0:
        return ngettext("in %(days)s day", "in %(days)s days", ahead) % {"days": ahead}
    if overdue:
        return ngettext("%(days)s day overdue", "%(days)s days overdue", -ahead) % {"days": -ahead}
    if ahead == -1:
        return _("yesterday")
    return ngettext("%(days)s day ago", "%(days)s days ago", -ahead) % {"days": -ahead}


def years_and_months(first: date, last: date) -> str:
    """How long it is between two dates that are far apart: "2 years and 11 months"; what is left of a month is not
    said."""
    between = relativedelta(last, first)
    years = ngettext("%(n)s year", "%(n)s years", between.years) % {"n": between.years}
    months = ngettext("%(n)s month", "%(n)s months", between.months) % {"n": between.months}
    if not between.years:
        return months
    return _("%(years)s and %(months)s") % {"years": years, "months": months} if between.months else years
