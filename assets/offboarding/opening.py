"""An offboarding follows the last day: opened when one is set, moved with it, ended when it is taken away."""

from collections import defaultdict
from datetime import time, timedelta

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assets.models import Device, Offboarding
from assets.offboarding import letters
from assets.offboarding.models import NO_LONGER_THEIRS
from velory import clock
from velory.agenda import book
from velory.journal.models import Entry
from velory.journal.sentences import says
from velory.journal.steps import follows
from velory.people.journal import PERSON, note_change
from velory.people.models import Person
from velory.post.letters import call_off
from velory.post.models import Letter
from velory.post.reasons import HAS_LEFT

OVER = "assets.leaver_has_left"

says("assets.offboardingsettings", "change", _("{by} changed the settings: {changes}."))
says(PERSON, "offboarding_opened", _("{thing} leaves on {last_day_on}: the offboarding began."))
says(PERSON, "offboarding_moved", _("The last day of {thing} moved from {before_on} to {last_day_on}."))
says(PERSON, "offboarding_ended", _("{thing} does not leave: the offboarding was called off."))
says(PERSON, "left", _("{thing} has left. Devices not settled: {count}."))


@follows(Person, "added", "changed", "ended_access", "gave_access")
def the_offboarding_follows_the_last_day(people, *, name, at):
    """One person or a few hundred, with the same statements."""
    known = {row.person_id: row for row in Offboarding.objects.under_way().of_people(people)}
    opened, moved, ended = [], [], []
    for person in people:
        row, day = known.get(person.pk), _last_day(person, known.get(person.pk), at)
        if row is None and day is not None:
            opened.append(Offboarding(person=person, last_day_on=day, opened_at=at))
        elif row is not None and day is None:
            ended.append((person, row))
        elif row is not None and row.last_day_on != day:
            moved.append((person, row, day))
    _open(opened, at)
    for person, row, day in moved:
        _move(row, person, day, at)
    for person, row in ended:
        _end(row, person, at)


def _last_day(person, row, at):
    """The last day; of whoever has lost access without one, the day on which that was."""
    if person.last_day_on or person.is_active:
        return person.last_day_on
    return row.last_day_on if row else clock.local_date(at)


def _open(rows, at):
    if not rows:
        return
    Offboarding.objects.bulk_create(rows, ignore_conflicts=True)
    days = defaultdict(list)
    for row in rows:
        days[row.last_day_on].append(row.person.ref)
    for day, refs in days.items():
        book.put_many(OVER, refs, _end_of(day))
    _note([row.person for row in rows], "offboarding_opened", {row.person_id: row.last_day_on for row in rows}, at)


def _move(row, person, day, at):
    before, row.last_day_on = row.last_day_on, day
    row.remind_on = letters.reminder_day(day, at) if row.told_at else None
    row.save(update_fields=["last_day_on", "remind_on"])
    book.put(OVER, person.ref, _end_of(day))
    letters.plan_reminder(row, person)
    details = {"before_on": before.isoformat(), "last_day_on": day.isoformat()}
    note_change(person, "offboarding_moved", by=_who_did(person, at), at=at, **details)


def _end(row, person, at):
    row.ended_at = at
    row.save(update_fields=["ended_at"])
    book.drop(OVER, person.ref)
    letters.drop_reminder(person)
    letters.leaver_hears_otherwise(row, person, at=at)
    note_change(person, "offboarding_ended", by=_who_did(person, at), at=at)


def _end_of(day):
    """Midnight after a local date: access has ended then."""
    return clock.local(day + timedelta(days=1), time(0))


def _note(people, step, days, at):
    """One entry for each in their journal, signed by whoever set the day."""
    last: dict[int, Entry] = {}
    for entry in Entry.objects.filter(about_type=PERSON, about_id__in=[p.pk for p in people]).order_by("version"):
        last[entry.about_id] = entry
    Entry.objects.bulk_create(
        Entry(
            about_type=PERSON, about_id=person.pk, about_ref=person.ref, about_name=str(person)[:200],
            version=last[person.pk].version + 1 if person.pk in last else 1, at=at, step=step,
            by_ref=last[person.pk].by_ref if person.pk in last else "",
            by_name=last[person.pk].by_name if person.pk in last else "",
            role=last[person.pk].role if person.pk in last else "system",
            details={"last_day_on": days[person.pk].isoformat()},
        )
        for person in people
    )  # fmt: skip


def _who_did(person, at):
    last = person.journal.last()
    return Person.objects.filter(ref=last.by_ref).first() if last and last.by_ref else None


@book.does(OVER, label=_("Ending what somebody had who has left"))
def they_have_left(ref, at):
    """Midnight after the last day: signing in has ended of itself; what was still to be sent to them is called off."""
    with transaction.atomic():
        person = Person.objects.get(ref=ref)
        person.take_hold()
        row = Offboarding.objects.under_way().of(person).first()
        if row is None:
            return
        if person.works_on(clock.local_date(at)):
            book.put(OVER, ref, _end_of(row.last_day_on))
            return
        if person.journal.filter(step="left", at__gte=row.opened_at).exists():
            return
        person.take_invitation_back(at)
        call_off(Letter.objects.to_person(person), HAS_LEFT)
        count = Device.objects.held_by(person).exclude(status__in=NO_LONGER_THEIRS).count()
        note_change(person, "left", by=None, at=at, count=count)
