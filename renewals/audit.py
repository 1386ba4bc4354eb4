"""The nightly look at the whole ledger: what should stand there does, whatever was missed in the day."""

import logging
from collections import defaultdict
from datetime import time, timedelta
from itertools import batched

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from assets.lifecycle import ARCHIVED
from assets.models import Device
from renewals.choices.keeping import put_next_keeping
from renewals.models import Reminder
from renewals.models.reminder import WRITTEN
from renewals.paths import with_what_planning_needs
from renewals.planner import announce, fits, not_their_own, owed, plan_afresh
from velory import clock
from velory.agenda import book
from velory.post.models import Letter
from velory.tenancy.context import current_company

log = logging.getLogger(__name__)
AUDIT, DAILY = "renewals.audit", "daily"
NIGHT = time(3)
CHUNK = 500
State = Reminder.State


def put_next_audit(at) -> None:
    """The next night at three."""
    today = clock.local_date(at)
    night = clock.local(today, NIGHT)
    book.put(AUDIT, DAILY, night if night > at else clock.local(today + timedelta(days=1), NIGHT))


def audit(at) -> list[Reminder]:
    """Bring every device's reminders into line, see what became of the letters, keep the sweep on the agenda."""
    changed = what_became_of_letters(at)
    for pks in _chunks():
        apart = out_of_line(Device.objects.filter(pk__in=pks), at=at)
        if apart:
            changed += plan_afresh(Device.objects.filter(pk__in=apart), at=at)
    missed = [row for row in changed if row.state == State.PLANNED and row.send_on <= clock.local_date(at)]
    if missed:
        log.warning("%s reminders were due and not planned; they are now.", len(missed))
    with transaction.atomic():
        put_next_keeping(at, earlier_wins=True)
        announce(list(Reminder.objects.planned().order_by("send_on").values_list("send_on", flat=True)[:1]), at=at)
    return changed


def out_of_line(devices, *, at) -> list[int]:
    """Keys of those devices whose reminders do not say what the facts say. Changes nothing."""
    company, today = current_company(), clock.local_date(at)
    devices = list(with_what_planning_needs(devices))
    rows: defaultdict[int, dict] = defaultdict(dict)
    for row in Reminder.objects.filter(device__in=devices):
        rows[row.device_id][row.key] = row
    inherited = not_their_own(devices)
    return [
        device.pk
        for device in devices
        if _differs(rows[device.pk], owed(device, company, today=today, inherited=inherited), today)
    ]


def _differs(rows, wanted, today) -> bool:
    told = {State.SENT, State.FAILED}
    for key, its in wanted.items():
        row = rows.get(key)
        if row is None and (its.state == State.PLANNED or its.opens_on <= today):
            return True
        if row is not None and row.state not in told and not fits(row, its):
            return True
    return any(row.is_waiting and key not in wanted for key, row in rows.items())


def what_became_of_letters(at) -> list[Reminder]:
    """Reminders whose letter was called off or could not be delivered have not been told."""
    letters = Letter.objects.filter(key=OuterRef("letter_key"))
    lost = {State.FAILED: [Letter.State.FAILED, Letter.State.BOUNCED], State.SKIPPED: [Letter.State.VOIDED]}
    reasons = {State.FAILED: "letter_failed", State.SKIPPED: "letter_voided"}
    changed = []
    with transaction.atomic():
        for state, states in lost.items():
            rows = Reminder.objects.sent().filter(Exists(letters.filter(state__in=states)))
            changed += [row.settle(state, reasons[state], at=at) for row in rows.select_for_update(of=("self",))]
        Reminder.objects.bulk_update(changed, WRITTEN, batch_size=500)
    return changed


def _chunks():
    waiting = Reminder.objects.waiting().filter(device=OuterRef("pk"))
    concerned = Device.objects.filter(Q(renewal_on__isnull=False) & ~Q(status__in=ARCHIVED) | Exists(waiting))
    return batched(concerned.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=5000), CHUNK)
