"""Planning: what is owed follows from the facts, and the ledger is brought into line with it.

Level-triggered: it compares facts (holder, path, renewal date, status) with rows and depends on no event having
been seen. The same answer is asked again right before a letter is written.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.db.models.query import QuerySet

from assets.lifecycle import ARCHIVED, PHASES, PRELIMINARY, Status
from renewals.models import Reminder, Renewal
from renewals.models.reminder import ADMINS, WRITTEN
from renewals.paths import closed, path_of, with_what_planning_needs
from renewals.reasons import BY_CHOICE
from renewals.stages import ASKS, STAGES, Stage, opens_on, stage_now
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.post import hours
from velory.tenancy.context import current_company

State = Reminder.State
LETTERS, NEXT = "renewals.letters", "next"
WAITS = {
    Status.NEEDS_REPAIR: "in_repair",
    Status.IN_REPAIR: "in_repair",
    Status.PENDING_BUYOUT: "buyout_under_way",
}
PREFERRED = {Stage.LEASED_3_MONTHS}  # a preliminary choice answers it
A_TRANSACTION = timedelta(minutes=10)  # none lasts longer: what stands further ahead is not being carried out now
SETTLED_OTHERWISE = {State.SENT, State.FAILED}


@dataclass(frozen=True)
class Owed:
    """What one recipient is owed about a device at a stage, as the facts stand: to be told, or not and why."""

    stage: Stage
    opens_on: date
    person: Any
    state: str
    reason: str
    told: str  # why the admins are told in the holder's stead

    @property
    def recipient_key(self) -> str:
        return self.person.ref if self.person else ADMINS


def owed(device, company, *, today, inherited=None) -> dict[tuple, Owed]:
    """Everything owed about a device, by (renewal date, stage, recipient).

    `inherited` holds the keys of those among many devices whose preliminary choice is not their holder's own
    (`not_their_own`); without it this is asked for the one device, where it matters.
    """
    path = path_of(device)
    if path is None or device.status in ARCHIVED:
        return {}
    reason = closed(path, company)
    now = stage_now(path, device.renewal_on, today)
    found = {}
    for stage in STAGES[path]:
        day = opens_on(device.renewal_on, stage)
        state, code = _standing(
            stage, device.status, is_open=day <= today, is_past=now not in (None, stage) and day <= today
        )
        if code == "choice_made" and stage in PREFERRED and device.status in PRELIMINARY:
            asked = not_their_own([device]) if inherited is None else inherited
            state, code = (State.PLANNED, "") if device.pk in asked else (state, code)
        if reason:
            state, code = State.SKIPPED, reason.code
        for person, left, told in _recipients(device, today):
            its, why = (State.SKIPPED, "person_left") if left and state == State.PLANNED else (state, code)
            row = Owed(stage, day, person, its, why, told)
            found[device.renewal_on, stage, row.recipient_key] = row
    return found


def not_their_own(devices) -> set[int]:
    """Those of some devices whose status says what an earlier holder preferred, or what was said of another date."""
    preferred = [device for device in devices if device.status in PRELIMINARY and device.renewal_on]
    if not preferred:
        return set()
    said = Renewal.objects.with_a_preliminary_choice().filter(device__in=preferred)
    own = set(said.values_list("device_id", "renewal_on"))
    return {device.pk for device in preferred if (device.pk, device.renewal_on) not in own}


def _standing(stage, status, *, is_open, is_past):
    if is_past:
        return State.SUPERSEDED, "superseded"
    if status in ASKS[stage]:
        return State.PLANNED, ""
    if status in PHASES["leaving"] or status in PRELIMINARY:
        return State.SKIPPED, "choice_made"
    if not is_open:
        return State.PLANNED, ""
    return State.SKIPPED, WAITS.get(status, "not_in_use")


def _recipients(device, today):
    """Who is told: (person or None for the admins, whether they have left, why the admins)."""
    holder = device.holder
    if holder is None:
        return [(None, False, "in_space" if device.space_id else "unassigned")]
    if not holder.works_on(today):
        return [(holder, True, ""), (None, False, "person_left")]
    if not holder.email:
        return [(None, False, "no_address")]
    return [(holder, False, "")]


def plan(devices, *, at) -> list[Reminder]:
    """Bring the ledger into line with the facts of devices whose rows the caller holds; returns what changed.

    Runs in the transaction of the cause and puts the first morning on the agenda.
    """
    company, today = current_company(), clock.local_date(at)
    devices = list(devices)
    prefetch_related_objects(devices, "distributor", "contract", "holder")
    rows: defaultdict[int, dict] = defaultdict(dict)
    for row in Reminder.objects.filter(device__in=devices).order_by("pk").select_for_update():
        rows[row.device_id][row.key] = row
    fresh, changed, inherited = [], [], not_their_own(devices)
    for device in devices:
        wanted = owed(device, company, today=today, inherited=inherited)
        fresh += _missing(device, wanted, rows[device.pk], at=at, today=today)
        changed += [row for row in rows[device.pk].values() if _corrected(row, device, wanted, at=at)]
    Reminder.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    Reminder.objects.bulk_update(changed, WRITTEN, batch_size=500)
    announce([row.send_on for row in (*fresh, *changed) if row.state == State.PLANNED], at=at)
    return fresh + changed


def plan_afresh(devices: QuerySet, *, at) -> list[Reminder]:
    """Plan devices that nobody holds yet: hold them, see them as they are now, and plan."""
    with transaction.atomic():
        held = devices.order_by("pk").select_for_update(of=("self",), no_key=True)
        return plan(with_what_planning_needs(held), at=at)


def _missing(device, wanted, rows, *, at, today):
    """Rows that are owed and not there. What is not to be told is noted once its stage is open."""
    for key, its in wanted.items():
        if key in rows or (its.state != State.PLANNED and its.opens_on > today):
            continue
        yield Reminder(
            device=device, renewal_on=device.renewal_on, stage=its.stage, person=its.person,
            recipient_key=its.recipient_key, send_on=max(its.opens_on, hours.first_day(at)), state=its.state,
            reason=its.reason, facts=_facts(its), planned_at=at, settled_at=None if its.state == State.PLANNED else at,
        )  # fmt: skip


def _corrected(row, device, wanted, *, at) -> bool:
    """Whether a row did not fit the facts; it does then."""
    if row.state in SETTLED_OTHERWISE:
        return False
    its = wanted.get(row.key)
    if its is None:
        if row.is_waiting:
            row.settle(State.VOIDED, *_cause(row, device), at=at, **_moved(row, device))
            return True
        return False
    if fits(row, its):
        return False
    if its.state == State.PLANNED:
        row.plan_again(send_on=max(its.opens_on, hours.first_day(at)), at=at, **_facts(its))
    else:
        row.settle(its.state, its.reason, at=at, **_facts(its))
    return True


def fits(row, its: Owed | None) -> bool:
    """Whether a row says what is owed."""
    if its is None:
        return False
    if its.state == State.PLANNED:
        return row.is_waiting or (row.state == State.SKIPPED and row.reason in BY_CHOICE)
    if its.state == State.SUPERSEDED:
        return row.state in {State.SUPERSEDED, State.SKIPPED}
    return (row.state, row.reason) == (its.state, its.reason)


def _cause(row, device):
    if device.status in ARCHIVED:
        return ["archived"]
    if device.renewal_on is None:
        return ["date_removed"]
    if device.renewal_on != row.renewal_on:
        return ["date_moved"]
    path = path_of(device)
    if path is None or row.stage not in STAGES[path]:
        return ["path_changed"]
    return ["has_holder" if row.recipient_key == ADMINS else "holder_changed"]


def _moved(row, device):
    moved = device.renewal_on and device.renewal_on != row.renewal_on
    return {"moved_to": device.renewal_on.isoformat()} if moved else {}


def _facts(its):
    return {"told": its.told} if its.told else {}


def announce(days, *, at):
    """Put the first morning on the agenda, unless it stands there already."""
    if not days:
        return
    moment = hours.moment_for(min(days), at)
    standing = Due.objects.filter(company_id=current_company().pk, kind=LETTERS, ref=NEXT)
    if not standing.filter(due_at__lte=moment, due_at__gt=at + A_TRANSACTION).exists():
        book.put(LETTERS, NEXT, moment, earlier_wins=True)
