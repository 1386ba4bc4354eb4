"""What is not understood is kept as it came, changes nothing, and is told once a day (R81, R83)."""

import pytest

from assets.models import Device
from orders.models import Channel, Report
from orders.reports.attention import overdue, unanswered
from tests.making import an_admin
from tests.orders.reporting import a_sent_order, devices, hears, said
from velory import clock
from velory.agenda import book
from velory.journal.models import Entry
from velory.post.models import Letter
from velory.ui.todos import todos

ODD_WORDS = [
    "Shipped", "SHIPPED", "sHiPpEd", "shipped ", " shipped", "skickad", "Levererad", "levererad", "delivred",
    "dispatched", "in_transit", "in transit", "out_for_delivery", "lost", "returned", "received", "active", "ordered",
    "canceled", "CANCELLED", "avbruten", "backorder", "back_ordered", "preparing!", "förbereds", "出荷済み",
    "отправлено", "🚚", "0", "null",
]  # fmt: skip


@pytest.mark.parametrize("word", ODD_WORDS)
def test_thirty_odd_words_change_nothing(word):
    order = a_sent_order()
    before = list(Device.objects.values("pk", "status", "version", "serial", "tracking_number"))
    entries = Entry.objects.count()

    report = hears(order, said(order, 1, [{"line": 1, "status": word, "serial": "R5CX309KTWA"}]))

    assert (report.outcome, report.said[0]["code"]) == ("attention", "unknown_status")
    assert report.body["lines"][0]["status"] == word
    assert list(Device.objects.values("pk", "status", "version", "serial", "tracking_number")) == before
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    ("entry", "code"),
    [
        ({"line": 1, "status": 5}, "wrong_type"),
        ({"line": 1, "status": ["shipped"]}, "wrong_type"),
        ({"line": 1, "serial": 17}, "wrong_type"),
        ({"line": "1", "status": "shipped"}, "wrong_type"),
        ({"line": True, "status": "shipped"}, "wrong_type"),
        ({"line": 1.0, "status": "shipped"}, "wrong_type"),
        ({"line": 7, "status": "shipped"}, "unknown_line"),
        ({"line": -1, "status": "shipped"}, "unknown_line"),
        ({"line": 1, "status": "shipped", "currency": "EUR"}, "currency"),
        ({"line": 1, "status": "shipped", "currency": "kr"}, "currency"),
        ({"line": 1, "status": "shipped", "price": -1}, "price"),
        ({"line": 1, "status": "shipped", "price": "free"}, "price"),
        ({"line": 1, "clear": ["status"]}, "wrong_type"),
        ("shipped", "wrong_type"),
    ],
)
def test_another_type_line_or_currency_changes_nothing(entry, code):
    order = a_sent_order()
    entries = Entry.objects.count()
    report = hears(order, said(order, 1, [entry]))
    assert (report.outcome, report.said[0]["code"]) == ("attention", code)
    assert Entry.objects.count() == entries


def test_what_is_understood_in_other_lines_is_applied():
    order = a_sent_order(2)
    report = hears(order, said(order, 1, [{"line": 1, "status": "Skickad"}, {"line": 2, "status": "shipped"}]))
    assert report.outcome == "attention"
    assert {n: d.status for n, d in devices(order).items()} == {1: "ordered", 2: "shipped"}


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("tracking_url", "javascript:alert(1)", "tracking_url"),
        ("tracking_url", "data:text/html,x", "tracking_url"),
        ("tracking_url", "anna@nordvik.example", "tracking_url"),
        ("tracking_url", "https://anna@nordvik.example/x", "tracking_url"),
        ("tracking_url", "https://" + "x" * 300 + ".se", "too_long"),
        ("imei", "356877800639439", "imei_check"),
        ("imei", "3.56877E+14", "shortened"),
        ("expected_on", "31/02/27", "day"),
        ("expected_on", "2027-02-31", "day"),
        ("serial", "R5\u202eCX", "unseen"),
    ],
)
def test_a_fact_that_cannot_be_right_is_left_alone_by_itself(name, value, code):
    order = a_sent_order()
    report = hears(order, said(order, 1, [{"line": 1, "status": "shipped", name: value}]))
    device = devices(order)[1]
    assert (report.outcome, report.said[0]["code"]) == ("attention", code)
    assert (device.status, device.tracking_url, device.imei, device.serial) == ("shipped", "", "", "")


def test_the_admins_hear_of_it_once_a_day_and_find_it_until_they_have_looked(at, at_their_desk):
    nils = an_admin()
    order = a_sent_order()
    for number in (1, 2, 3):
        hears(order, said(order, number, [{"line": 1, "status": "Skickad"}]))
    book.dispatch(at=clock.now())
    told = Letter.objects.get(template="orders/attention")
    assert told.person == nils
    assert "Skickad" in told.text
    assert order.ref in told.text

    at("2026-11-23T09:00")
    hears(order, said(order, 4, [{"line": 1, "status": "Skickad"}]))
    assert Letter.objects.filter(template="orders/attention").count() == 2

    found = {todo.code: todo.count for todo in todos(today=clock.today())}
    assert found["report_attention"] == 4
    page = at_their_desk(nils).get("/orders/attention/").content.decode()
    assert "“Skickad” is no status that Velory knows." in page
    for report in Report.objects.needing_attention():
        browser = at_their_desk(nils)
        assert browser.post(f"/orders/attention/{report.ref}/").status_code == 303
        assert browser.post(f"/orders/attention/{report.ref}/").status_code == 409
    assert "report_attention" not in {todo.code for todo in todos(today=clock.today())}


def test_an_order_without_an_answer_is_noticed_after_its_working_days(at):
    at("2026-11-20T09:00")  # a Friday
    order = a_sent_order()
    waits = lambda day: list(unanswered(clock.local_date(at(f"{day}T12:00"))))  # noqa: E731
    assert waits("2026-11-25") == []
    assert waits("2026-11-26") == [order]
    Channel.objects.update_or_create(partner=order.distributor, defaults={"answers_within_days": 5})
    assert waits("2026-11-27") == []
    assert waits("2026-11-30") == [order]
    hears(order, said(order, 1, [{"line": 1, "status": "on_hold"}]))
    assert waits("2026-11-30") == []


def test_a_delivery_past_its_day_is_noticed_until_it_is_shipped(at, at_their_desk):
    order = a_sent_order()
    hears(order, said(order, 1, [{"line": 1, "expected_on": "2026-11-23"}]))
    assert list(overdue(clock.local_date(at("2026-11-23T12:00")))) == []
    assert list(overdue(clock.local_date(at("2026-11-24T12:00")))) == [order]
    assert {todo.code: todo.count for todo in todos(today=clock.today())}["orders_overdue"] == 1
    assert "Expected on 23 November 2026 (1 day overdue)" in " ".join(
        at_their_desk(an_admin()).get("/orders/attention/").content.decode().split()
    )
    hears(order, said(order, 2, [{"line": 1, "status": "shipped"}]))
    assert list(overdue(clock.today())) == []
