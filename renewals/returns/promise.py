"""The label is promised within 24 hours on weekdays. Saturdays and Sundays don't count; public holidays do, because
what is a holiday differs by country and provider (decision 0014)."""

from datetime import datetime, time, timedelta

from velory import clock

FRIDAY = 4
A_MOMENT = timedelta(microseconds=1)


def promised_by(chosen_at: datetime) -> datetime:
    """When the label is to be there: a day later by the clocks on the company's walls, weekends left out."""
    chosen = chosen_at.astimezone(clock.zone())
    if chosen.weekday() > FRIDAY:
        chosen = _midnight(chosen, 7 - chosen.weekday())
    due = chosen + timedelta(days=1)
    return _utc(due if due.weekday() <= FRIDAY else due + timedelta(days=2))


def late_if_chosen_by(at: datetime) -> datetime:
    """The last choice whose label is late at a moment: `promised_by(chosen) <= at`, asked of many at once."""
    now = at.astimezone(clock.zone())
    if now.weekday() > FRIDAY:
        return _utc(_midnight(now, FRIDAY - now.weekday())) - A_MOMENT
    before = now - timedelta(days=1)
    return _utc(before if before.weekday() <= FRIDAY else before - timedelta(days=2))


def _midnight(local: datetime, days: int) -> datetime:
    return datetime.combine(local.date() + timedelta(days=days), time(0), tzinfo=local.tzinfo)


def _utc(local: datetime) -> datetime:
    return clock.local(local.date(), local.timetz().replace(tzinfo=None))
