"""A calendar program reads renewal dates at a secret address, without signing in, until the address is revoked."""

from datetime import UTC, date, datetime
from itertools import count

import icalendar
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from renewals.models import CalendarFeed
from tests.conftest import Browser
from tests.making import a_device, a_person, a_space, an_admin, an_external_device
from tests.renewals.making import a_leased_device_at_its_preliminary_stage, an_external_device_in_its_window
from velory import clock
from velory.people.models import Role
from velory.tenancy.context import inside

OWN, COMPANY = CalendarFeed.Scope.OWN, CalendarFeed.Scope.COMPANY


@pytest.fixture
def ebba():
    return a_person("Ebba", "Bäckman", language="en")


@pytest.fixture
def nils():
    return an_admin()


def a_feed(person, scope=OWN):
    return CalendarFeed.make(person, scope, at=clock.now())


def read(feed, **headers):
    return Browser(HTTP_HOST="nordvik.localhost").get(f"/calendar/{feed.secret}.ics", headers=headers)


def events(feed):
    answer = read(feed)
    assert answer.status_code == 200
    return icalendar.Calendar.from_ical(answer.content).walk("VEVENT")


def in_short(feed):
    return [(str(event["dtstart"].dt), str(event["summary"])) for event in events(feed)]


# What stands in it


def test_a_leased_device_has_its_stages_and_its_end(ebba):
    a_device(ebba, leased=True, renewal_on=date(2027, 5, 31))
    assert in_short(a_feed(ebba)) == [
        ("2027-02-28", "Preliminary choice opens: Apple iPhone 15 128 GB"),
        ("2027-04-30", "Final choice opens: Apple iPhone 15 128 GB"),
        ("2027-05-31", "The lease ends: Apple iPhone 15 128 GB"),
    ]


def test_what_an_earlier_stage_asked_is_asked_no_more(ebba):
    a_device(ebba, leased=True, renewal_on=date(2026, 12, 14))
    assert in_short(a_feed(ebba)) == [
        ("2026-11-14", "Final choice opens: Apple iPhone 15 128 GB"),
        ("2026-12-14", "The lease ends: Apple iPhone 15 128 GB"),
    ]


def test_what_is_chosen_is_not_asked_any_more(ebba):
    device = an_external_device_in_its_window(ebba)
    feed = a_feed(ebba)
    assert [title for _on, title in in_short(feed)] == [
        "The process can be started: Apple iPhone 15 128 GB",
        "Renewal date: Apple iPhone 15 128 GB",
    ]
    device.start_renewal(by=ebba)
    assert in_short(feed) == []


def test_it_speaks_its_reader_s_language():
    an_external_device_in_its_window(karin := a_person("Karin", "Ström", language="sv"))
    answer = read(a_feed(karin))
    assert b"PRODID:-//Velory//Renewals//SV" in answer.content
    assert answer["Content-Language"] == "sv"


def test_one_s_own_feed_holds_nothing_of_colleagues_and_nothing_but_the_device(ebba):
    device = an_external_device_in_its_window(ebba, serial="1DQCJU2KHV")
    an_external_device_in_its_window(a_person())
    a_device(None)
    body = read(a_feed(ebba)).content.decode().replace("\r\n ", "")
    assert {str(event["uid"]).partition(".")[0] for event in events(CalendarFeed.objects.get())} == {device.ref}
    for private in ("1DQCJU2KHV", "Ebba", "Bäckman", ebba.email, "Örjan"):
        assert private not in body


def test_the_company_s_feed_names_who_has_each_device(ebba, nils):
    an_external_device_in_its_window(ebba)
    a_device(a_space("Reception"), renewal_on=date(2027, 6, 1))
    a_device(ebba, renewal_on=date(2029, 6, 1))
    assert in_short(a_feed(nils, COMPANY)) == [
        ("2026-11-14", "The process can be started: Apple iPhone 15 128 GB (Ebba Bäckman)"),
        ("2026-12-14", "Renewal date: Apple iPhone 15 128 GB (Ebba Bäckman)"),
        ("2027-05-02", "Buy out, return or keep: Apple iPhone 15 128 GB (Reception)"),
        ("2027-06-01", "Renewal date: Apple iPhone 15 128 GB (Reception)"),
    ]


def test_a_path_that_is_closed_asks_nothing(ebba, nordvik, monkeypatch):
    a_device(ebba, leased=True, renewal_on=date(2027, 5, 31))
    monkeypatch.setattr(type(nordvik), "has", lambda company, feature: feature != "leased_end_of_life")
    assert in_short(a_feed(ebba)) == [("2027-05-31", "The lease ends: Apple iPhone 15 128 GB")]


def test_each_entry_leads_to_the_device(ebba):
    device = an_external_device_in_its_window(ebba)
    for event in events(a_feed(ebba)):
        assert "http://nordvik.localhost" in event["url"]
        assert str(event["url"]).endswith(f"/devices/{device.ref}/?tab=lifecycle")
        assert str(event["url"]) in event["description"]


# The form


def test_it_is_a_calendar_as_rfc_5545_has_it(ebba):
    an_external_device_in_its_window(ebba)
    answer = read(a_feed(ebba))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = answer.content.split(b"\r\n")
    assert lines[0] == b"BEGIN:VCALENDAR"
    assert lines[-2:] == [b"END:VCALENDAR", b""]
    assert b"\n" not in answer.content.replace(b"\r\n", b"")
    assert max(len(line) for line in lines) <= 75
    assert b"REFRESH-INTERVAL;VALUE=DURATION:PT12H" in lines
    assert b"X-WR-CALNAME:Your devices at Nordvik Energi AB" in lines
    assert b"DTSTART;VALUE=DATE:20261214" in lines
    assert sum(line.startswith(b"DTSTAMP:") and line.endswith(b"Z") for line in lines) == 2


@pytest.mark.parametrize(
    "name",
    [
        'Skärm 27"; svart, 4K \\ USB-C',
        "Å" * 120,
        "line one\nline two",
        "BEGIN:VEVENT",
        "🖥️ Dell U2723QE",
        "=SUM(A1)",
    ],
)
def test_what_people_write_stays_within_its_line(ebba, name):
    an_external_device_in_its_window(ebba, name=name)
    feed = a_feed(ebba)
    assert [str(event["summary"]).partition(": ")[2] for event in events(feed)] == [name, name]
    assert max(len(line) for line in read(feed).content.split(b"\r\n")) <= 75


def test_an_entry_keeps_its_name_when_its_date_moves(ebba, nils, at):
    device = an_external_device_in_its_window(ebba)
    feed = a_feed(ebba)
    before = {str(e["uid"]): (e["sequence"], e["last-modified"].dt) for e in events(feed)}
    at("2026-11-23T09:00")
    device.edit(by=nils, facts={"renewal_on": date(2027, 1, 31)}, contract={})
    after = {str(e["uid"]): (e["sequence"], e["last-modified"].dt) for e in events(feed)}
    assert before.keys() == after.keys()
    assert all(after[uid][0] > before[uid][0] for uid in before)
    assert {moment for _number, moment in after.values()} == {datetime(2026, 11, 23, 8, tzinfo=UTC)}


def test_the_same_facts_are_the_same_bytes(ebba, at):
    an_external_device_in_its_window(ebba)
    feed = a_feed(ebba)
    first = read(feed)
    at("2026-11-22T21:00")
    assert read(feed).content == first.content
    again = read(feed, if_none_match=first["ETag"])
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("day", [date(2027, 3, 28), date(2026, 10, 25), date(2028, 2, 29)])
@pytest.mark.parametrize("moment", ["2026-10-25T00:30", "2026-10-25T02:30", "2026-03-29T03:30", "2026-06-21T23:30"])
def test_a_date_stays_its_date_when_the_clocks_change(ebba, at, day, moment):
    at(moment)
    a_device(ebba, renewal_on=day)
    assert str(day) in [on for on, _title in in_short(a_feed(ebba))]


# The address


def nothing(answer):
    return answer.status_code, sorted(answer.headers.items()), answer.content


def test_an_address_that_is_not_is_told_nothing(ebba, nils, saimaa):
    open_feed, gone = a_feed(ebba), a_feed(nils)
    CalendarFeed.revoke(nils, OWN, at=clock.now())
    with inside(saimaa):
        theirs = a_feed(a_person())
    unknown = CalendarFeed(secret="x" * 32)
    answers = [nothing(read(feed)) for feed in (unknown, gone, theirs)]
    assert answers[0][0] == 404
    assert answers[0] == answers[1] == answers[2]
    assert read(open_feed).status_code == 200


def test_a_new_address_ends_the_one_before(ebba):
    first, second = a_feed(ebba), a_feed(ebba)
    assert (read(first).status_code, read(second).status_code) == (404, 200)


def test_whoever_left_is_read_no_more_and_not_again_when_they_come_back(ebba, nils, at):
    feed = a_feed(ebba)
    ebba.end_access(by=nils, at=clock.now())
    assert read(feed).status_code == 404
    ebba.give_access(by=nils, at=clock.now())
    assert read(feed).status_code == 404


def test_the_last_day_counts_by_the_company_s_walls(ebba, at):
    ebba.change(by=ebba, at=clock.now(), last_day_on=date(2026, 11, 30))
    feed = a_feed(ebba)
    at("2026-11-30T23:59")
    assert read(feed).status_code == 200
    at("2026-12-01T00:01")
    assert read(feed).status_code == 404


def test_the_company_s_feed_ends_with_the_role(nils):
    second = an_admin()
    own, company = a_feed(second), a_feed(second, COMPANY)
    second.change(by=nils, at=clock.now(), role=Role.EMPLOYEE)
    assert (read(own).status_code, read(company).status_code) == (200, 404)
    second.change(by=nils, at=clock.now(), role=Role.ADMIN)
    assert read(company).status_code == 404


def test_reading_writes_nothing(ebba):
    an_external_device_in_its_window(ebba)
    feed = a_feed(ebba)
    with CaptureQueriesContext(connection) as queries:
        read(feed)
    assert [q["sql"] for q in queries if not q["sql"].startswith(("SELECT", "SET"))] == []


@pytest.mark.parametrize("number", [1, 3])
def test_reading_costs_the_same_queries_however_much_there_is(ebba, nils, number, django_assert_num_queries):
    for _n in range(number):
        a_leased_device_at_its_preliminary_stage(ebba)
        an_external_device(ebba, renewal_on=date(2027, 1, 31))
    own, company = a_feed(nils), a_feed(nils, COMPANY)
    read(own)
    with django_assert_num_queries(4):
        read(company)


def test_knocking_too_often_is_answered_so(ebba, monkeypatch):
    from velory.people import limits

    monkeypatch.setitem(limits.LIMITS, "calendar", {"client": (2, 60)})
    knocks = count(1)
    monkeypatch.setattr(limits, "_count", lambda key, seconds: next(knocks))
    feed = a_feed(ebba)
    assert [read(feed).status_code for _n in range(3)] == [200, 200, 429]


# One's own page


def test_people_make_and_revoke_their_own_address(at_their_desk, ebba):
    desk = at_their_desk(ebba)
    assert "All devices of the company" not in desk.get("/you/").content.decode()
    assert desk.post("/you/calendar/own/new/").url == "/you/#calendar-title"
    feed = CalendarFeed.objects.get()
    assert feed.address() in desk.get("/you/").content.decode()
    desk.post("/you/calendar/own/revoke/")
    assert feed.secret not in desk.get("/you/").content.decode()
    assert [entry.step for entry in ebba.journal] == ["made_own_calendar", "revoked_own_calendar"]


def test_the_company_s_address_is_for_admins(at_their_desk, ebba, nils):
    assert at_their_desk(ebba).post("/you/calendar/company/new/").status_code == 403
    assert at_their_desk(ebba).post("/you/calendar/anybody/new/").status_code == 404
    desk = at_their_desk(nils)
    desk.post("/you/calendar/company/new/")
    assert "All devices of the company" in desk.get("/you/").content.decode()
    assert CalendarFeed.objects.get().scope == COMPANY
