"""The one clock. Views and tasks ask it and pass `today=` or `at=` down; nothing else reads the system's.

In the demo it can be pushed forward: `clock.json` in VELORY_DEMO_DIR holds how far it is ahead, in seconds.
Elsewhere that file is never read. Moments are aware UTC datetimes; a date is a company's local date.
"""

import json
import os
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

_ahead: dict[str, Any] = {"stamp": None, "by": timedelta()}


def wall() -> datetime:
    """The moment on the machine's own clock, which nobody pushes: for leases and heartbeats."""
    return datetime.now(UTC)


def now() -> datetime:
    """The moment, UTC; in the demo as far ahead as it was pushed."""
    return wall() + ahead() if settings.DEMO else wall()


def today(company=None) -> date:
    """The local date of the company (of the current one, if none is named)."""
    return now().astimezone(zone(company)).date()


def zone(company=None) -> ZoneInfo:
    """The company's time zone."""
    from velory.tenancy.context import current_company

    return ZoneInfo((company or current_company()).time_zone)


def local_date(at: datetime) -> date:
    """The current company's local date at a moment."""
    return at.astimezone(zone()).date()


def local(day: date, hour: time, company=None) -> datetime:
    """The moment of a local date and hour, UTC. A missing hour moves forward, a repeated one is its first."""
    moment = datetime.combine(day, hour, tzinfo=zone(company))
    return moment.astimezone(UTC)


def ahead() -> timedelta:
    """How far the demo's clock is ahead of the machine's."""
    path = settings.DEMO_STATE / "clock.json"
    try:
        stamp = os.stat(path).st_mtime_ns
    except FileNotFoundError:
        return timedelta()
    if stamp != _ahead["stamp"]:
        _ahead["by"] = timedelta(seconds=json.loads(path.read_text())["ahead"])
        _ahead["stamp"] = stamp
    return _ahead["by"]


def push_to(moment: datetime) -> None:
    """Set the demo's clock forward to a moment; never back. Raises RuntimeError outside the demo."""
    if not settings.DEMO:
        raise RuntimeError("The clock can be pushed in the demo only.")
    path = settings.DEMO_STATE / "clock.json"
    further = max((moment - wall()).total_seconds(), ahead().total_seconds())
    if not path.exists():
        further = (moment - wall()).total_seconds()
    fresh = path.with_suffix(".new")
    fresh.write_text(json.dumps({"ahead": further}))
    fresh.replace(path)
    _ahead["stamp"] = None
