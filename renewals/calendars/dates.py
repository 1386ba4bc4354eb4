"""Which days stand in a calendar feed: renewal dates, and the opening of each stage that still asks something."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db.models import Max
from django.utils.translation import gettext as _

from assets.models import Device
from renewals.asks import ask_about
from renewals.models import CalendarFeed
from renewals.paths import Path, closed, path_of, with_what_a_path_needs
from renewals.stages import ASKS, STAGES, Stage, opens_on, stage_now
from velory.journal.models import Entry
from velory.tenancy.context import current_company

BACK, AHEAD = timedelta(days=31), relativedelta(years=1)  # of the company's feed; one's own has everything
LONGEST = relativedelta(months=3)  # the first stage of a path is never further from the renewal date
MOST = 2000  # devices in the company's feed, the nearest first
RENEWAL = "renewal"


@dataclass(frozen=True)
class Day:
    """One entry of a calendar: what is on a local date, of which device; one of its `code` for each device."""

    device: Device
    code: str
    on: date
    title: str
    text: str
    changed_at: datetime

    @property
    def version(self) -> int:
        """It rises with every change of the device."""
        return self.device.version


def days_of(feed: CalendarFeed, *, today: date) -> Iterator[Day]:
    """The days of a feed by date; with two queries however many they are."""
    shown = list(with_what_a_path_needs(_devices(feed, today)))
    changed, company = _changed(shown), current_company()
    is_own = feed.scope == CalendarFeed.Scope.OWN
    found = [
        day
        for device in shown
        for day in _days(device, company, today, changed.get(device.pk, device.registered_at), is_own=is_own)
        if is_own or today - BACK <= day.on <= today + AHEAD
    ]
    yield from sorted(found, key=lambda day: (day.on, day.device.pk))


def _devices(feed, today):
    devices = Device.objects.in_phase("in use").filter(renewal_on__isnull=False).order_by("renewal_on", "pk")
    if feed.scope == CalendarFeed.Scope.OWN:
        return devices.held_by(feed.person)
    return devices.filter(renewal_on__range=(today - BACK, today + AHEAD + LONGEST))[:MOST]


def _changed(devices):
    about = Device._meta.label_lower
    entries = Entry.objects.filter(about_type=about, about_id__in=[device.pk for device in devices])
    return dict(entries.values_list("about_id").annotate(last=Max("at")).order_by())


def _days(device, company, today, changed_at, *, is_own):
    path = path_of(device)
    if not closed(path, company):
        for stage in _asking(device, path, today):
            if device.status in ASKS[stage]:
                title, text = _asked(device, stage, today) if is_own else (TITLES[stage](), "")
                yield _day(device, stage.value, opens_on(device.renewal_on, stage), title, text, changed_at, is_own)
    leased = path == Path.LEASED
    title = _("The lease ends: %(device)s") if leased else _("Renewal date: %(device)s")
    yield _day(device, RENEWAL, device.renewal_on, title, "", changed_at, is_own)


def _asking(device, path, today):
    """The stage that is open now, and those to come; what an earlier one asked is asked no more."""
    now = stage_now(path, device.renewal_on, today)
    return STAGES[path][STAGES[path].index(now) if now else 0 :]


def _day(device, code, on, title, text, changed_at, is_own):
    title = title % {"device": device.name}
    if not is_own:
        title = f"{title} ({device.whose or _('unassigned')})"
    return Day(device, code, on, title, text, changed_at)


def _asked(device, stage, today):
    ask = ask_about(device, device.renewal_on, stage, today)
    return TITLES[stage](), f"{ask.when} {ask.text}"


TITLES: dict[Stage, Any] = {
    Stage.EXTERNAL_30_DAYS: lambda: _("The process can be started: %(device)s"),
    Stage.LEASED_3_MONTHS: lambda: _("Preliminary choice opens: %(device)s"),
    Stage.LEASED_1_MONTH: lambda: _("Final choice opens: %(device)s"),
    Stage.ONE_OFF_30_DAYS: lambda: _("Buy out, return or keep: %(device)s"),
}
