"""What an admin may do with one planned reminder: hold it back, let it go, send it now."""

from django.db import transaction
from django.utils.translation import gettext as _

from renewals.models import Reminder
from renewals.models.reminder import WRITTEN
from renewals.planner import announce, owed
from renewals.sweep import context_for, template_for
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.people.models import Person
from velory.post import hours
from velory.post.letters import write_letter
from velory.tenancy.context import current_company
from velory.ui.dates import day_long

State = Reminder.State


def pause(reminder, *, by, at) -> str:
    """It waits until an admin resumes it."""
    with transaction.atomic():
        row = _held(reminder, State.PLANNED)
        row.pause(by=by, at=at).save(update_fields=WRITTEN)
    return _("The letter is held back.")


def resume(reminder, *, by, at) -> str:
    """It goes out on its day, or on the next morning when that is past."""
    with transaction.atomic():
        row = _held(reminder, State.PAUSED)
        row.resume(send_on=max(row.send_on, hours.first_day(at)), by=by).save(update_fields=WRITTEN)
        announce([row.send_on], at=at)
    return _("The letter goes out on %s.") % day_long(row.send_on)


def send_now(reminder, *, by, at) -> str:
    """At once where the hour allows it, else at eight on the next morning."""
    with transaction.atomic():
        row = _held(reminder, State.PLANNED, State.PAUSED, State.FAILED)
        _still_owed(row, at)
        if not hours.is_open(at):
            today = clock.local_date(at)
            day = today if at < hours.morning(today) else hours.first_day(at)
            row.plan_again(send_on=day, at=at, **row.facts).resume(send_on=day, by=by).save(update_fields=WRITTEN)
            announce([day], at=at)
            return _("No letters go out at night. It goes out on %s at eight.") % day_long(day)
        keys = [_write(row, person, at=at) for person in _recipients(row, at)]
        row.tell(keys[0], at=at, status=row.device.status, sent_by=str(by)).save(update_fields=WRITTEN)
    return _("The letter is on its way.")


def _held(reminder, *states):
    rows = Reminder.objects.with_what_a_letter_needs().select_for_update(of=("self",))
    row = rows.get(pk=reminder.pk)
    if row.state not in states:
        raise Refused(Reason("state", _("Somebody was first: the letter is “%s” now.") % row.get_state_display()))
    return row


def _still_owed(row, at):
    its = owed(row.device, current_company(), today=max(clock.local_date(at), row.send_on)).get(row.key)
    if its is None or its.state != State.PLANNED:
        raise Refused(
            Reason("not_owed", _("There is nothing left to say: the device, its date or its holder has changed."))
        )


def _recipients(row, at):
    if not row.is_for_admins:
        return [row.person]
    admins = list(Person.objects.admins_to_write_to(clock.local_date(at)))
    if not admins:
        raise Refused(Reason("no_admin", _("No admin can be written to.")))
    return admins


def _write(row, person, *, at):
    own, shared = ([], [row]) if row.is_for_admins else ([row], [])
    key = f"renewals/now/{row.ref}/{person.ref}/{at:%Y%m%d%H%M%S}"
    write_letter(template_for(own, shared), key=key, person=person, at=at, context=context_for(own, shared))
    return key


DEEDS = {"pause": pause, "resume": resume, "send-now": send_now}
