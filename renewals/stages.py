"""When a device's holder is told and asked: each path has its stages (spec 2).

Offsets are days or calendar months and are never converted into each other. Every date is counted from the
renewal date itself, never from another stage, and clamped to the month's end: three months before 31 May is
28 or 29 February, as PostgreSQL has it.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import models
from django.utils.translation import gettext_lazy as _

from assets.lifecycle import PRELIMINARY, Status
from renewals.paths import Path


@dataclass(frozen=True)
class Days:
    """So many days before the renewal date."""

    number: int

    def before(self, day: date) -> date:
        """The day that lies so far before another."""
        return day - timedelta(days=self.number)

    def reaches(self, today: date) -> date:
        """The last renewal date whose day this is today, or was before."""
        return today + timedelta(days=self.number)


@dataclass(frozen=True)
class Months:
    """So many calendar months before the renewal date."""

    number: int

    def before(self, day: date) -> date:
        """The day that lies so far before another, clamped to the month's end."""
        return day - relativedelta(months=self.number)

    def reaches(self, today: date) -> date:
        """The last renewal date whose day this is today, or was before."""
        ahead = today + relativedelta(months=self.number)
        if today.day == _last_day(today):
            return ahead.replace(day=_last_day(ahead))
        return ahead


def _last_day(day: date) -> int:
    return monthrange(day.year, day.month)[1]


class Stage(models.TextChoices):
    """What a reminder is about."""

    EXTERNAL_30_DAYS = "external_30_days", _("Renewal, 30 days before")
    LEASED_3_MONTHS = "leased_3_months", _("Preliminary choice, 3 months before")
    LEASED_1_MONTH = "leased_1_month", _("Final choice, 1 month before")
    ONE_OFF_30_DAYS = "one_off_30_days", _("Renewal, 30 days before")


OFFSETS: dict[Stage, Days | Months] = {
    Stage.EXTERNAL_30_DAYS: Days(30),
    Stage.LEASED_3_MONTHS: Months(3),
    Stage.LEASED_1_MONTH: Months(1),
    Stage.ONE_OFF_30_DAYS: Days(30),
}
STAGES = {
    Path.EXTERNAL: (Stage.EXTERNAL_30_DAYS,),
    Path.LEASED: (Stage.LEASED_3_MONTHS, Stage.LEASED_1_MONTH),
    Path.ONE_OFF: (Stage.ONE_OFF_30_DAYS,),
}
ASKS = {  # the statuses that a stage asks about
    Stage.EXTERNAL_30_DAYS: (Status.ACTIVE,),
    Stage.LEASED_3_MONTHS: (Status.ACTIVE,),
    Stage.LEASED_1_MONTH: (Status.ACTIVE, *PRELIMINARY),
    Stage.ONE_OFF_30_DAYS: (Status.ACTIVE, *PRELIMINARY),  # a lease that ended meanwhile
}
CALLED: dict[Stage, Any] = {  # where stages of several paths stand side by side
    Stage.EXTERNAL_30_DAYS: _("Renewal of an external device, 30 days before"),
    Stage.LEASED_3_MONTHS: Stage.LEASED_3_MONTHS.label,
    Stage.LEASED_1_MONTH: Stage.LEASED_1_MONTH.label,
    Stage.ONE_OFF_30_DAYS: _("Renewal of a one-off device, 30 days before"),
}
PATH_OF = {stage: path for path, stages in STAGES.items() for stage in stages}


def opens_on(renewal_on: date, stage: Stage) -> date:
    """The local date on which a stage opens; it is due from that day on."""
    return OFFSETS[stage].before(renewal_on)


def stage_now(path: Path | None, renewal_on: date | None, today: date) -> Stage | None:
    """The newest stage that is open on a date, or None where none is yet."""
    if path is None or renewal_on is None:
        return None
    opened = [stage for stage in STAGES[path] if opens_on(renewal_on, stage) <= today]
    return opened[-1] if opened else None


def first_opening(path: Path | None, renewal_on: date | None) -> date | None:
    """The date on which the first stage of a path opens."""
    return opens_on(renewal_on, STAGES[path][0]) if path and renewal_on else None
