"""Some companies sell on some days of the month: every month has them, whatever days it lacks."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renewals.buyouts.days import DaysOfMonth

pytestmark = pytest.mark.nowhere

days = st.integers(1, 31)
dates = st.dates(date(2024, 1, 1), date(2060, 12, 31))


@given(days, days, dates)
def test_days_of_the_month_open_every_month_and_agree_with_the_calendar(first, last, day):
    window = DaysOfMonth(first, last)
    opens = window.opens_on(day)
    assert opens >= day
    assert window.is_open(opens)
    assert not any(window.is_open(day + timedelta(days=n)) for n in range((opens - day).days))
    assert (opens - day).days <= 31
    ends = window.ends_on(opens)
    if ends is not None:
        assert window.is_open(ends)
        assert not window.is_open(ends + timedelta(days=1))
    if day.day in range(first, last + 1):
        assert window.is_open(day)
    if first > last and (day.day >= first or day.day <= last):
        assert window.is_open(day)


@pytest.mark.parametrize(
    ("first", "last", "day", "opens", "ends"),
    [
        (31, 2, "2026-11-15", "2026-11-30", "2026-12-02"),  # November has no 31st: its last day
        (31, 2, "2026-12-15", "2026-12-31", "2027-01-02"),
        (31, 2, "2027-02-10", "2027-02-28", "2027-03-02"),
        (30, 31, "2027-02-10", "2027-02-28", "2027-02-28"),
        (31, 31, "2027-04-30", "2027-04-30", "2027-04-30"),
        (15, 15, "2026-11-16", "2026-12-15", "2026-12-15"),
        (1, 31, "2026-11-16", "2026-11-16", None),
        (3, 2, "2026-11-16", "2026-11-16", None),
        (29, 1, "2028-02-28", "2028-02-29", "2028-03-01"),
    ],
)
def test_days_that_a_month_lacks_are_its_last(first, last, day, opens, ends):
    window = DaysOfMonth(first, last)
    assert window.opens_on(date.fromisoformat(day)) == date.fromisoformat(opens)
    assert window.ends_on(date.fromisoformat(opens)) == (date.fromisoformat(ends) if ends else None)
