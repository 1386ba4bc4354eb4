"""The sweep: what is due goes out, one letter a person and morning, each reminder once.

Per person one transaction: their row is held, what is due is seen as the facts stand now, one letter is written
and each reminder names it. Killed anywhere it has either done all of that for a person or nothing; run twice, or on two
machines at once, it finds nothing left to do.
"""

import logging
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.db import OperationalError, transaction
from django.db.models import Case, Min, When

from assets.gate import is_borrowed
from assets.models import Device
from renewals.models import Policy, Reminder
from renewals.models.reminder import ADMINS, WRITTEN
from renewals.planner import LETTERS, NEXT, owed, plan_afresh
from renewals.stages import Stage
from renewals.terms import open_renewals
from velory import clock
from velory.agenda import book
from velory.crash import crash
from velory.people.models import Person
from velory.post import hours
from velory.post.letters import write_letter
from velory.post.models import Letter, MailSettings
from velory.tenancy.context import current_company

log = logging.getLogger(__name__)
State = Reminder.State
FAR = datetime(9999, 1, 1, tzinfo=UTC)
MOST = 500  # people in one run: the rest follow at once in the next


@dataclass
class Run:
    """What one run of the sweep did: the reminders it sent, and those that it settled or planned otherwise."""

    at: datetime
    today: object = None
    sent: list = field(default_factory=list)
    settled: list = field(default_factory=list)
    planned: list = field(default_factory=list)
    goes_on: bool = False

    def take(self, rows):
        """Note rows that were planned or settled otherwise than by a letter."""
        for row in rows:
            (self.planned if row.state == State.PLANNED else self.settled).append(row)


def sweep(at: datetime, *, most: int = MOST) -> Run:
    """Send what is due at a moment, and put the next moment on the agenda."""
    run = Run(at, clock.local_date(at))
    if hours.is_open(at):
        seen: set[str] = set()
        while keys := _recipients(run.today, seen):
            for key in keys:
                if len(seen) >= most:
                    run.goes_on = True
                    break
                seen.add(key)
                crash("SWEEP.before_recipient")
                _tell(run, key, seen)
            if run.goes_on:
                break
    if run.sent:
        open_renewals({row.device_id: row.device for row in run.sent}.values(), at=at)
    crash("SWEEP.before_next")
    _put_next(run)
    return run


def _tell(run, key, seen):
    """One recipient; what goes wrong with one is set aside and delays nobody (reliability R31)."""
    try:
        stale = _tell_admins(run, seen) if key == ADMINS else _tell_person(run, key)
        if stale:
            run.take(plan_afresh(Device.objects.filter(pk__in=stale), at=run.at))
    except OperationalError:
        raise  # the database is away or was in two minds: the agenda tries again
    except Exception:
        log.exception("The reminders of %s could not be told", key)
        with transaction.atomic():
            rows = Reminder.objects.due(run.today).filter(recipient_key=key).select_for_update(of=("self",))
            _save(run, [row.settle(State.FAILED, "fault", at=run.at) for row in rows])


def _recipients(today, seen) -> list[str]:
    """Who is owed something today and was not yet seen; the admins first, for their letter holds two kinds of it."""
    keys = Reminder.objects.due(today).order_by("recipient_key").values_list("recipient_key", flat=True).distinct()
    return sorted((key for key in keys if key not in seen), key=lambda key: (key != ADMINS, key))


def _tell_person(run, ref) -> list[int]:
    """One person's letter of the day; returns the devices whose reminders no longer fit the facts."""
    with transaction.atomic():
        person = Person.objects.select_for_update(no_key=True).filter(ref=ref).first()
        own = _sorted_out(run, _held(Reminder.objects.due(run.today).filter(recipient_key=ref)))
        if own.good and person is not None:
            _write(run, person, own.good, [])
        _save(run, own.off)
    return own.stale


def _tell_admins(run, seen) -> list[int]:
    """The letters of all admins, in one: what is told to them in a holder's stead goes to each of them."""
    with transaction.atomic():
        admins = list(Person.objects.admins_to_write_to(run.today).select_for_update(no_key=True))
        shared = _sorted_out(run, _held(Reminder.objects.due(run.today).to_admins()))
        if not admins:
            shared.off += [row.settle(State.SKIPPED, "no_admin", at=run.at) for row in shared.good]
            shared.good = []
        keys = [letter_key(run.today, admin) for admin in admins]
        if shared.good and not Letter.objects.filter(key__in=keys).exists():
            for admin in admins:
                own = _sorted_out(run, _held(Reminder.objects.due(run.today).to_person(admin)))
                _write(run, admin, own.good, shared.good)
                _save(run, own.off)
                shared.stale += own.stale
                seen.add(admin.ref)
            _settle_as_told(run, shared.good, keys[0])
        _save(run, shared.off)
    return shared.stale


@dataclass
class _Sorted:
    good: list = field(default_factory=list)
    off: list = field(default_factory=list)
    stale: list = field(default_factory=list)


def _held(reminders):
    rows = reminders.with_what_a_letter_needs()
    rows = rows.annotate(is_lent=Case(When(is_borrowed("person", "device"), then=True), default=False))
    return list(rows.order_by("renewal_on", "pk").select_for_update(of=("self",)))


def _sorted_out(run, rows) -> _Sorted:
    """Ask everything once more (reliability R25): still owed, and not switched off by the company."""
    found = _Sorted()
    company = current_company()
    mail_is_on = MailSettings.here().mail_to_employees if rows else True
    for row in rows:
        its = owed(row.device, company, today=run.today).get(row.key)
        if its is None or its.state != State.PLANNED:
            found.stale.append(row.device_id)
        elif row.is_lent:
            found.off.append(row.settle(State.SKIPPED, "lent", at=run.at))
        elif not row.is_for_admins and not mail_is_on:
            found.off.append(row.settle(State.SKIPPED, "mail_off", at=run.at))
        elif row.stage == Stage.ONE_OFF_30_DAYS and not Policy.here().one_off_reminder:
            found.off.append(row.settle(State.SKIPPED, "reminder_off", at=run.at))
        else:
            found.good.append(row)
    return found


def letter_key(day, person) -> str:
    """The key of a person's letter of a day: it is never used twice."""
    return f"renewals/{day.isoformat()}/{person.ref}"


def _write(run, person, own, shared):
    """The letter of the day; where it has gone already, what is left waits for the next morning."""
    letter = write_letter(
        template_for(own, shared), key=letter_key(run.today, person), person=person, at=run.at,
        context=context_for(own, shared),
    )  # fmt: skip
    crash("SWEEP.after_letter")
    if letter is not None:
        _settle_as_told(run, own, letter.key)


def template_for(own, shared=()) -> str:
    """A single device gets its stage's letter; several get one that lists each."""
    return f"renewals/{own[0].stage}" if len(own) == 1 and not shared else "renewals/several"


def context_for(own, shared=()) -> dict:
    """What a letter keeps: which reminders it tells."""
    return {"reminders": [row.pk for row in own], "told": [row.pk for row in shared]}


def _settle_as_told(run, rows, key):
    told = [row.tell(key, at=run.at, status=row.device.status) for row in rows]
    Reminder.objects.bulk_update(told, WRITTEN)
    run.sent += told


def _save(run, rows):
    if rows:
        Reminder.objects.bulk_update(rows, WRITTEN)
        run.take(rows)


def _put_next(run):
    """Put the next moment on the agenda. Taking hold of its row first, nothing planned meanwhile is overlooked."""
    with transaction.atomic():
        book.put(LETTERS, NEXT, FAR)
        first = Reminder.objects.planned().aggregate(first=Min("send_on"))["first"]
        if first is None:
            book.drop(LETTERS, NEXT)
        else:
            book.put(LETTERS, NEXT, _next_moment(first, run))


def _next_moment(first, run):
    if first > run.today:
        return hours.morning(first)
    if run.goes_on:
        return run.at
    if run.at < hours.morning(run.today):
        return hours.morning(run.today)
    return hours.morning(run.today + timedelta(days=1))
