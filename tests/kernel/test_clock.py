"""A date is the company's local date; a missing hour moves forward, a repeated one is its first (R24)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from velory import clock


def test_the_date_is_the_company_s(nordvik, saimaa, at):
    at(datetime(2026, 11, 22, 22, 30, tzinfo=UTC))

    assert clock.today(nordvik) == date(2026, 11, 22)
    assert clock.today(saimaa) == date(2026, 11, 23)


def test_eight_in_the_morning_is_eight_in_the_morning_across_both_changes(nordvik):
    moments = [clock.local(date(2026, 10, day), time(8), nordvik) for day in (24, 25, 26)]

    assert [m.hour for m in moments] == [6, 7, 7]


def test_a_missing_hour_moves_forward(nordvik):
    missing = clock.local(date(2027, 3, 28), time(2, 30), nordvik)

    assert missing.astimezone(clock.zone(nordvik)).time() == time(3, 30)


def test_a_repeated_hour_is_its_first(nordvik):
    assert clock.local(date(2026, 10, 25), time(2, 30), nordvik) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_the_clock_cannot_be_pushed_outside_the_demo(settings):
    settings.DEMO = False

    with pytest.raises(RuntimeError):
        clock.push_to(clock.now() + timedelta(days=1))


def test_the_demo_s_clock_is_pushed_forward_and_never_back(settings, tmp_path, monkeypatch):
    monkeypatch.undo()
    settings.DEMO, settings.DEMO_STATE = True, tmp_path
    clock._ahead["stamp"] = None
    goal = clock.wall() + timedelta(days=30)

    clock.push_to(goal)
    clock.push_to(goal - timedelta(days=10))

    assert abs(clock.now() - goal) < timedelta(seconds=5)
    clock._ahead.update(stamp=None, by=timedelta())
