"""Nordvik's whole fleet, imported on 22 November 2026, and the year that follows."""

from collections import Counter
from datetime import date, time, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from django.utils import translation

from assets.models import Device
from renewals.audit import AUDIT, DAILY, audit
from renewals.models import Reminder
from renewals.paths import path_of, with_what_a_path_needs
from renewals.stages import STAGES, Stage, opens_on
from tests.making import an_integrated_distributor
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.invariants import findings
from velory.people.models import Person
from velory.post.models import Letter

FLEET = Path(__file__).parents[2] / "velory/demo/fleets/nordvik.csv"
FIRST_DAY = date(2026, 11, 22)


@pytest.fixture
def fleet(at):
    """Imported at seven in the morning, by the same command that a customer uses."""
    at("2026-11-22T07:00")
    an_integrated_distributor("Dustin")
    call_command("import_fleet", str(FLEET), company="nordvik", verbosity=0)
    translation.activate("en")


def dispatch_until(moment, at):
    """What would have run in between, in order."""
    while (
        due := Due.objects.filter(company__slug="nordvik", due_at__lte=moment).order_by("due_at").first()
    ) is not None:
        at(max(due.due_at, at.moment))
        book.dispatch(at=at.moment, apart_too=True)
    at(moment)


def test_on_the_first_morning_each_device_in_a_stage_is_told_once(fleet, at):
    assert (Person.objects.exclude(first_name="").count(), Device.objects.count()) == (180, 455)

    dispatch_until(clock.local(FIRST_DAY, time(8, 30)), at)

    stages = Counter(Reminder.objects.sent().values_list("stage", flat=True))
    assert stages == {
        "external_30_days": 13, "leased_1_month": 14, "leased_3_months": 6, "one_off_30_days": 16,
    }  # fmt: skip
    assert Reminder.objects.sent().values("device").distinct().count() == 49
    letters = Letter.objects.filter(template__startswith="renewals/")
    assert letters.count() == letters.values("person").distinct().count() == 45
    assert letters.filter(template="renewals/several").count() == 4
    assert {letter.state for letter in letters} == {"sent"}
    assert all(letter.language == letter.person.language for letter in letters.select_related("person"))
    assert {str(letter.sent_at.astimezone(clock.zone()))[:16] for letter in letters} == {"2026-11-22 08:00"}
    assert len(mail.outbox) == 45


def test_a_year_sends_every_stage_once_and_says_why_for_the_rest(fleet, at):
    book.drop(AUDIT, DAILY)  # the nights are looked at one a week: they only mend what should not break
    for days in range(366):
        last_day = FIRST_DAY + timedelta(days=days)
        if days % 7 == 0:
            audit(at(clock.local(last_day, time(3))))
        dispatch_until(clock.local(last_day, time(9)), at)

    rows = Reminder.objects.select_related("device", "person")
    for row in rows.sent():
        told_on = row.settled_at.astimezone(clock.zone()).date()
        assert told_on >= max(opens_on(row.renewal_on, row.stage), FIRST_DAY)
        assert told_on <= max(opens_on(row.renewal_on, row.stage), FIRST_DAY) + timedelta(days=1), row
    assert list(rows.due(last_day)) == []
    for device in with_what_a_path_needs(Device.objects.in_the_house().filter(renewal_on__isnull=False)):
        for stage in STAGES[path_of(device)]:
            states = {row.state for row in rows.of(device) if row.stage == stage}
            if opens_on(device.renewal_on, stage) <= last_day:
                assert states & {"sent", "superseded", "skipped"}, (device, stage)
            else:
                assert "planned" in states  # to the admins, where its holder has left
                assert states <= {"planned", "skipped"}
    assert all(row.reason for row in rows.exclude(state__in=["sent", "planned"]))
    per_day = Counter(
        (letter.person_id, letter.written_at.astimezone(clock.zone()).date())
        for letter in Letter.objects.filter(
            template__in=[*(f"renewals/{stage.value}" for stage in Stage), "renewals/several"]
        )
    )
    assert set(per_day.values()) == {1}
    assert Reminder.objects.sent().count() == len(
        {(row.device_id, row.stage, row.recipient_key) for row in rows.sent()}
    )
    assert [found for found in findings() if found[0].startswith("N")] == []
