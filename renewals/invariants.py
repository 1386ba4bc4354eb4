"""What must hold of the ledger in every company, asked of the rows as they stand (reliability 3.2)."""

from datetime import timedelta

from django.db import connection

from assets.models import Device
from renewals.audit import out_of_line
from renewals.models import Reminder
from velory import clock
from velory.journal.invariants import invariant


def _rows(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


@invariant("N1 a reminder stands once")
def stands_once():
    """One row for a device, renewal date, stage and recipient."""
    for row in _rows(
        """SELECT device_id, renewal_on, stage, recipient_key, count(*) FROM renewals_reminder
           GROUP BY 1, 2, 3, 4 HAVING count(*) > 1"""
    ):
        yield f"reminder of device {row[0]} on {row[1]}, {row[2]}, to {row[3]}: {row[4]} times"


@invariant("N2 what is due has been told or is explained")
def due_is_told():
    """Planned, beyond its morning and a whole day more, while letters could go out."""
    at = clock.now()
    yesterday = clock.local_date(at) - timedelta(days=1)
    for row in Reminder.objects.due(yesterday).select_related("device")[:100]:
        yield f"{row.device.ref} {row.stage} to {row.recipient_key} was due on {row.send_on}"


@invariant("N2 the ledger says what the facts say")
def ledger_keeps_to_the_facts():
    """What a planner that has missed nothing would have written; the night's look may still be to come."""
    devices = Device.objects.in_the_house().filter(renewal_on__isnull=False)
    apart = set(out_of_line(devices, at=clock.now()))
    apart &= set(out_of_line(devices.filter(pk__in=apart), at=clock.now() - timedelta(days=1)))
    for ref in Device.objects.filter(pk__in=sorted(apart)[:100]).values_list("ref", flat=True):
        yield f"{ref}: its reminders do not fit its facts"


@invariant("N3 what is told names its letter")
def told_names_its_letter():
    """A reminder that was sent has a letter of that key, which did not go before eight."""
    for ref, key in _rows(
        """SELECT r.ref, r.letter_key FROM renewals_reminder r LEFT JOIN post_letter l ON l.key = r.letter_key
           WHERE r.state = 'sent' AND (l.id IS NULL OR l.sent_at < r.planned_at)"""
    ):
        yield f"reminder {ref} names the letter {key!r}"


@invariant("N5 what is told was told at a status that is asked about")
def told_at_the_right_status():
    """The facts at the moment of writing stand in the row."""
    for ref, status in _rows(
        """SELECT ref, facts->>'status' FROM renewals_reminder WHERE state = 'sent'
           AND facts->>'status' NOT IN ('active', 'preliminary_buyout', 'preliminary_return')"""
    ):
        yield f"reminder {ref} was sent at the status {status}"


@invariant("N6 nobody who has left is owed a letter")
def nobody_who_left():
    """Their rows are closed in the transaction in which they left, or by the next night's look."""
    yesterday = clock.today() - timedelta(days=1)
    for ref, person in _rows(
        """SELECT r.ref, p.ref FROM renewals_reminder r JOIN people_person p ON p.ref = r.recipient_key
           WHERE r.state = 'planned' AND (NOT p.is_active OR p.last_day_on < %s)""",
        yesterday,
    ):
        yield f"reminder {ref} is planned to {person}, who has left"


@invariant("N8 one letter a person, device and day")
def one_a_day():
    """However many stages or sweeps there were."""
    for key, device, day, count in _rows(
        """SELECT recipient_key, device_id, (settled_at AT TIME ZONE %s)::date, count(DISTINCT letter_key)
           FROM renewals_reminder WHERE state = 'sent' GROUP BY 1, 2, 3 HAVING count(DISTINCT letter_key) > 1""",
        str(clock.zone()),
    ):
        yield f"{key} had {count} letters about device {device} on {day}"
