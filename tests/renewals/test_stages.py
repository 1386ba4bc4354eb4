"""A stage opens so many days or calendar months before the renewal date, counted from that date itself."""

from datetime import date, timedelta

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from renewals.paths import Path
from renewals.stages import OFFSETS, Days, Months, Stage, opens_on, stage_now

DAYS = st.dates(date(2024, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize(
    ("renewal_on", "stage", "opens"),
    [
        (date(2027, 5, 31), Stage.LEASED_3_MONTHS, date(2027, 2, 28)),
        (date(2028, 5, 31), Stage.LEASED_3_MONTHS, date(2028, 2, 29)),
        (date(2027, 5, 31), Stage.LEASED_1_MONTH, date(2027, 4, 30)),
        (date(2028, 2, 29), Stage.LEASED_1_MONTH, date(2028, 1, 29)),
        (date(2026, 12, 14), Stage.LEASED_3_MONTHS, date(2026, 9, 14)),
        (date(2026, 12, 22), Stage.EXTERNAL_30_DAYS, date(2026, 11, 22)),
        (date(2027, 3, 1), Stage.ONE_OFF_30_DAYS, date(2027, 1, 30)),
    ],
)
def test_a_stage_opens_so_long_before(renewal_on, stage, opens):
    assert opens_on(renewal_on, stage) == opens


@pytest.mark.parametrize(
    ("stage", "interval"), [(Stage.LEASED_3_MONTHS, "3 months"), (Stage.LEASED_1_MONTH, "1 month")]
)
def test_every_month_is_as_the_database_counts_it(stage, interval):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT d::date, (d - %s::interval)::date"
            " FROM generate_series('2024-01-01'::date, '2060-12-31', '1 day') d",
            [interval],
        )
        rows = cursor.fetchall()

    assert len(rows) == 13515
    assert [row for row in rows if opens_on(row[0], stage) != row[1]] == []


def test_days_and_months_are_never_the_same_thing():
    days = [date(2024, 1, 1) + timedelta(days=n) for n in range(4392)]

    assert sum(Months(3).before(day) != Days(90).before(day) for day in days) == 3747
    assert OFFSETS[Stage.EXTERNAL_30_DAYS] == OFFSETS[Stage.ONE_OFF_30_DAYS] == Days(30)


@pytest.mark.nowhere
@settings(max_examples=300)
@given(DAYS, st.integers(0, 40))
def test_a_later_renewal_never_opens_earlier(day, later):
    for stage in Stage:
        assert opens_on(day, stage) < day
        assert opens_on(day, stage) <= opens_on(day + timedelta(days=later), stage)


@pytest.mark.nowhere
@settings(max_examples=500)
@given(DAYS)
def test_how_far_a_stage_reaches_today_is_its_offset_turned_round(today):
    for offset in (Days(30), Months(1), Months(3)):
        last = offset.reaches(today)
        assert offset.before(last) <= today < offset.before(last + timedelta(days=1))


@pytest.mark.nowhere
def test_the_final_stage_takes_over_from_the_preliminary_one():
    renewal_on = date(2026, 12, 31)

    assert stage_now(Path.LEASED, renewal_on, date(2026, 9, 29)) is None
    assert stage_now(Path.LEASED, renewal_on, date(2026, 9, 30)) == Stage.LEASED_3_MONTHS
    assert stage_now(Path.LEASED, renewal_on, date(2026, 11, 29)) == Stage.LEASED_3_MONTHS
    assert stage_now(Path.LEASED, renewal_on, date(2026, 11, 30)) == Stage.LEASED_1_MONTH
    assert stage_now(Path.LEASED, renewal_on, date(2027, 6, 1)) == Stage.LEASED_1_MONTH
