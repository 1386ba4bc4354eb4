"""The label is promised within 24 hours on weekdays; the weekend does not count."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from renewals.returns.promise import late_if_chosen_by, promised_by
from velory.ui import dates

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def local(text):
    return datetime.fromisoformat(text).replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("chosen", "promised"),
    [
        ("2026-11-23T09:00", "2026-11-24T09:00"),  # Monday, Tuesday
        ("2026-11-26T23:59", "2026-11-27T23:59"),  # Thursday night, Friday night
        ("2026-11-27T15:00", "2026-11-30T15:00"),  # Friday, Monday
        ("2026-11-27T00:00", "2026-11-30T00:00"),
        ("2026-11-28T10:00", "2026-12-01T00:00"),  # Saturday counts from Monday on
        ("2026-11-29T23:30", "2026-12-01T00:00"),  # Sunday too
        ("2026-10-23T15:00", "2026-10-26T15:00"),  # over the end of summer time
        ("2026-03-27T15:00", "2026-03-30T15:00"),  # and its beginning
        ("2026-12-24T12:00", "2026-12-25T12:00"),  # a public holiday is a weekday
    ],
)
def test_a_day_later_weekends_left_out(chosen, promised):
    assert promised_by(local(chosen)).astimezone(STOCKHOLM) == local(promised)


def test_a_promise_for_midnight_reads_as_the_evening_before():
    assert dates.deadline(promised_by(local("2026-11-28T10:00"))) == "30 Nov 2026, 23:59"
    assert dates.deadline(promised_by(local("2026-11-23T09:00"))) == "24 Nov 2026, 09:00"
    assert dates.deadline(None) == ""


def test_asking_many_at_once_says_the_same():
    start = datetime(2026, 11, 20, tzinfo=UTC)
    moments = [start + timedelta(hours=n, minutes=n % 7) for n in range(0, 24 * 10, 5)]
    for at in moments:
        last = late_if_chosen_by(at)
        assert [promised_by(chosen) <= at for chosen in moments] == [chosen <= last for chosen in moments], at
