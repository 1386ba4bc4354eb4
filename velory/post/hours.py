"""At which hours letters of their own accord may go out: from 08:00 to 20:00 of the company's time zone."""

from datetime import date, datetime, time, timedelta

from velory import clock

FIRST, LAST = time(8), time(20)
A_MOMENT = timedelta(seconds=60)


def morning(day: date) -> datetime:
    """08:00 of a local date."""
    return clock.local(day, FIRST)


def is_open(at: datetime) -> bool:
    """Whether letters may go out at a moment."""
    return FIRST <= at.astimezone(clock.zone()).time() < LAST


def first_day(at: datetime) -> date:
    """The first local date whose letters can still go out: today, or tomorrow when the evening has come."""
    today = clock.local_date(at)
    return today if at.astimezone(clock.zone()).time() < LAST else today + timedelta(days=1)


def moment_for(day: date, at: datetime) -> datetime:
    """When what is due on a date goes out: its morning; where that is past, soon, but never at night."""
    if at <= morning(day):
        return morning(day)
    soon = at + A_MOMENT
    if is_open(soon):
        return soon
    return max(morning(day), morning(first_day(soon)))


def soonest(at: datetime) -> datetime:
    """Now, or the next morning at night."""
    return at if is_open(at) else max(at, morning(first_day(at)))
