"""Planned by many at once, swept by many at once, killed anywhere: each reminder once, none lost."""

from collections import Counter

import pytest
from django.db import transaction

from assets.models import Device
from renewals import planner, sweep
from renewals.models import Reminder
from tests.making import a_person, an_admin
from tests.racing import at_once
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
)
from velory.journal.invariants import findings
from velory.post.models import Letter

pytestmark = pytest.mark.races


def a_morning():
    """Five people, one of them with three devices."""
    an_admin()
    ebba = a_person("Ebba", "Bäckman")
    for make in (an_external_device_in_its_window, a_leased_device_at_its_final_stage, a_one_off_device_in_its_window):
        make(ebba)
        make(a_person())
    an_external_device_in_its_window()


def told_once():
    """Every reminder of the morning is told, by one letter a person."""
    assert Counter(Reminder.objects.values_list("state", flat=True)) == {"sent": 7, "superseded": 2}
    assert Counter(letter.person_id for letter in Letter.objects.all()).most_common(1)[0][1] == 1
    assert Letter.objects.count() == 5
    assert [found for found in findings() if found[0].startswith("N")] == []


def test_twenty_four_planners_plan_each_reminder_once(race_company, at):
    a_morning()
    Reminder.objects.all().delete()

    def plan_without_holding(n):
        with transaction.atomic():
            return len(planner.plan(list(Device.objects.all()), at=at.moment))

    said = at_once(race_company, 24, plan_without_holding)

    assert [fault for fault in said if isinstance(fault, Exception)] == []
    assert Counter(Reminder.objects.values_list("state", flat=True)) == {"planned": 7, "superseded": 2}


def test_eight_sweeps_at_once_tell_everybody_once(race_company, at):
    a_morning()
    at("2026-11-22T08:00")

    said = at_once(race_company, 8, lambda n: sweep.sweep(at.moment))

    assert [fault for fault in said if isinstance(fault, Exception)] == []
    assert sum(len(run.sent) for run in said) == 7
    told_once()


class Killed(BaseException):
    """As kill -9 would end it."""


@pytest.mark.parametrize("place", ["SWEEP.before_recipient", "SWEEP.after_letter", "SWEEP.before_next"])
@pytest.mark.parametrize("visit", [1, 3])
def test_killed_anywhere_and_started_again_it_tells_everybody_once(place, visit, race_company, at, monkeypatch):
    a_morning()
    at("2026-11-22T08:00")
    visits = Counter()

    def crash(here):
        visits[here] += 1
        if here == place and visits[here] == visit:
            raise Killed

    monkeypatch.setattr(sweep, "crash", crash)
    if place != "SWEEP.before_next" or visit == 1:
        with pytest.raises(Killed):
            sweep.sweep(at.moment)
    sweep.sweep(at.moment)

    told_once()


def test_a_device_that_changes_hands_while_it_is_swept_is_told_to_one_or_the_other(race_company, at):
    nils = an_admin()
    devices = [an_external_device_in_its_window() for _ in range(6)]
    orjan = a_person()
    at("2026-11-22T08:00")

    def either(n):
        if n % 2:
            return sweep.sweep(at.moment)
        return Device.objects.get(pk=devices[n].pk).assign(by=nils, to=orjan)

    said = at_once(race_company, 6, either)

    assert [fault for fault in said if isinstance(fault, Exception)] == []
    sweep.sweep(at.moment)
    for device in devices:
        rows = Reminder.objects.of(device)
        assert {row.state for row in rows} <= {"sent", "voided", "planned"}
        assert not rows.filter(state="planned").exclude(person=orjan).exists()
    assert [found for found in findings() if found[0].startswith("N")] == []
