"""Kept of its own accord: an own device about which nobody has said anything by its renewal date, where the company has
set that (spec 2). At the beginning of that local date, so that the day before is the last to choose (decision 0013)."""

import logging
from datetime import time, timedelta

from django.utils.translation import gettext_lazy

from assets.lifecycle import Status
from assets.models import Device
from renewals.paths import Path, on_path, with_what_a_path_needs
from renewals.terms import terms_of_each
from velory import clock
from velory.agenda import book
from velory.journal.reason import NotYours, Refused

log = logging.getLogger(__name__)
KEEPING, DAILY = "renewals.keeping", "daily"
MIDNIGHT = time(0)


def put_next_keeping(at, *, earlier_wins: bool = False) -> None:
    """The beginning of the next local date; with `earlier_wins`, unless it stands on the agenda for an earlier one."""
    tomorrow = clock.local_date(at) + timedelta(days=1)
    book.put(KEEPING, DAILY, clock.local(tomorrow, MIDNIGHT), earlier_wins=earlier_wins)


@book.does(KEEPING, label=gettext_lazy("Keeping devices nobody decided about"))
def keep_what_nobody_decided_about(ref, at):
    """Every night; the next one is put down first, so that a failing night does not end the series."""
    put_next_keeping(at)
    keep_by_default(at)


def keep_by_default(at) -> list[Device]:
    """Keep each device whose renewal date has come, a transaction each; what its holder did before stands (R44)."""
    kept = []
    for device in undecided(clock.local_date(at)):
        while device.renewal_on and device.renewal_on <= clock.local_date(at) and _keep(device, at):
            kept.append(device)
    return kept


def undecided(today) -> list[Device]:
    """Own devices in use whose renewal date has come, on terms that keep them of their own accord."""
    come = Device.objects.filter(on_path(Path.ONE_OFF), status=Status.ACTIVE, renewal_on__lte=today)
    devices = list(with_what_a_path_needs(come).order_by("renewal_on", "pk"))
    terms = terms_of_each(devices)
    return [device for device in devices if terms[device.pk].keep_by_default and terms[device.pk].one_off_keep]


def _keep(device, at) -> bool:
    """The same step as anybody's; where somebody was first it finds another status or date, and does nothing."""
    try:
        device.keep(by=None, at=at, version=device.version)
    except (Refused, NotYours) as refused:
        log.info("%s was not kept: %s", device.ref, refused)
        return False
    return True
