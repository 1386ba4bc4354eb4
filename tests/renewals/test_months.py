"""Months as PostgreSQL counts them, for every date from 2024 to 2060 (reliability R22 to R24)."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from django.db import connection
from hypothesis import example, given, settings
from hypothesis import strategies as st

from renewals.choices.guards import return_can_be_chosen
from renewals.choices.windows import final_window, preliminary_window
from renewals.paths import Path
from renewals.stages import Days, Months, Stage, opens_on
from renewals.sweep import sweep
from tests.making import a_device, a_person
from velory import clock

DAYS = st.dates(date(2024, 1, 1), date(2060, 12, 31))
ZONES = ["Europe/Stockholm", "Europe/Helsinki", "America/New_York"]
BY_THE_DATABASE = settings(max_examples=150, deadline=None)


def less(day, months):
    """What PostgreSQL says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::date - make_interval(months => %s))::date", [day, months])
        return cursor.fetchone()[0]


@BY_THE_DATABASE
@given(DAYS, st.integers(0, 240))
@example(date(2024, 5, 31), 3)
@example(date(2027, 5, 31), 3)
@example(date(2028, 2, 29), 12)
@example(date(2060, 12, 31), 1)
def test_so_many_months_before_a_date(day, months):
    assert Months(months).before(day) == less(day, months)


@BY_THE_DATABASE
@given(DAYS)
def test_both_stages_are_counted_from_the_renewal_date_and_never_from_each_other(day):
    assert opens_on(day, Stage.LEASED_3_MONTHS) == less(day, 3)
    assert opens_on(day, Stage.LEASED_1_MONTH) == less(day, 1)


def test_counting_in_a_chain_would_be_wrong():
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(4392)]

    chained = [Months(2).before(Months(1).before(day)) for day in days]

    assert sum(chain != Months(3).before(day) for chain, day in zip(chained, days, strict=True)) > 30


@BY_THE_DATABASE
@given(DAYS, st.integers(1, 12))
def test_kept_so_often_it_is_so_many_times_six_months_from_the_original_date(day, times):
    with connection.cursor() as cursor:
        cursor.execute("SELECT (%s::date + make_interval(months => %s))::date", [day, 6 * times])
        assert day + relativedelta(months=6 * times) == cursor.fetchone()[0]


@pytest.mark.nowhere
@settings(max_examples=500)
@given(DAYS)
def test_the_preliminary_window_ends_where_the_final_one_begins(day):
    first, final = preliminary_window(Path.LEASED, day), final_window(Path.LEASED, day)

    assert first.ends == final.opens
    assert first.opens < first.ends <= day
    for today in (first.opens - timedelta(days=1), first.opens, final.opens, day, day + timedelta(days=400)):
        assert first.is_open(today) + final.is_open(today) == (today >= first.opens)


@pytest.mark.nowhere
def test_days_and_months_are_of_different_kinds_and_paths():
    assert preliminary_window(Path.ONE_OFF, date(2026, 12, 14)) is None
    assert preliminary_window(Path.EXTERNAL, date(2026, 12, 14)) is None
    assert final_window(Path.EXTERNAL, date(2026, 12, 14)) is None
    assert final_window(None, date(2026, 12, 14)) is None
    assert final_window(Path.ONE_OFF, date(2027, 3, 1)).opens == Days(30).before(date(2027, 3, 1)) == date(2027, 1, 30)
    assert final_window(Path.LEASED, date(2027, 3, 1)).opens == date(2027, 2, 1)


@pytest.mark.nowhere
@pytest.mark.parametrize("zone", ZONES)
@settings(max_examples=300)
@given(day=DAYS, hour=st.integers(0, 23), minute=st.integers(0, 59))
def test_a_moment_belongs_to_the_local_date_on_the_walls(zone, day, hour, minute):
    company = type("Company", (), {"time_zone": zone})()

    assert clock.local(day, time(hour, minute), company).astimezone(clock.zone(company)).date() == day


@pytest.mark.parametrize(
    ("moment", "utc"),
    [
        ("2027-03-28T02:30", "2027-03-28T01:30"),  # no such hour: it moves forward
        ("2026-10-25T02:30", "2026-10-25T00:30"),  # twice: the first
        ("2027-03-28T08:00", "2027-03-28T06:00"), ("2027-03-27T08:00", "2027-03-27T07:00"),
    ],
)  # fmt: skip
def test_an_hour_that_is_missing_or_repeated(moment, utc):
    local = datetime.fromisoformat(moment)

    assert clock.local(local.date(), local.time()) == datetime.fromisoformat(utc).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "local"), [("Europe/Helsinki", date(2026, 11, 23)), ("America/New_York", date(2026, 11, 22))]
)
def test_the_same_moment_is_another_date_elsewhere(zone, local, nordvik, monkeypatch):
    moment = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    monkeypatch.setattr(nordvik, "time_zone", zone)

    assert clock.local_date(moment) == local
    assert why_not_at(moment, renewal_on=date(2026, 12, 23)) == (None if local.day == 23 else "window")


def why_not_at(moment, **facts):
    device = a_device(a_person(), leased=True, **facts)
    reason = return_can_be_chosen(device, by=device.holder, at=moment)
    return reason and reason.code


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        (zone, day)
        for zone in ("Europe/Stockholm", "Europe/Helsinki")
        for day in (date(2027, 3, 28), date(2026, 10, 25))
    ] + [("America/New_York", date(2027, 3, 14)), ("America/New_York", date(2026, 11, 1))],
)  # fmt: skip
def test_on_a_day_on_which_the_clocks_change_each_letter_goes_once(zone, day, nordvik, monkeypatch, at):
    monkeypatch.setattr(nordvik, "time_zone", zone)
    at(clock.local(day - timedelta(days=3), time(12)))
    a_device(a_person(), renewal_on=day + timedelta(days=30))
    sent = []

    for half_hour in range(51 * 2):
        moment = at(clock.local(day - timedelta(days=1), time(0)) + timedelta(minutes=30 * half_hour))
        sent += [moment for _row in sweep(moment).sent]

    assert sent == [clock.local(day, time(8))]
