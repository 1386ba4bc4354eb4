"""A distributor's person reports on an order from the mail alone: no account, on a phone, nothing lost (spec 3)."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from orders.models import Report
from orders.reports.link import order_link
from tests.making import a_device, a_location, a_person, an_admin
from tests.orders.reporting import a_sent_order, devices, hears, said
from velory.post.models import Link


def path_of(order):
    return re.sub(r"^https?://[^/]+", "", order_link(order))


@pytest.fixture
def open_page(client):
    """Opens an order's page as whoever has the mail."""

    def opened(order):
        path = path_of(order)
        assert client.get(path).status_code == 200
        return path

    return opened


def fields_of(html):
    """What a browser would send back of a page's form."""
    found = {}
    for tag in re.findall(r"<input[^>]+>", html):
        name, kind = re.search(r'name="([^"]+)"', tag), re.search(r'type="([^"]+)"', tag)
        if name and (not kind or kind[1] != "file"):
            value = re.search(r'value="([^"]*)"', tag)
            found[name[1]] = value[1] if value else ""
    for name, options in re.findall(r'<select[^>]+name="([^"]+)"[^>]*>(.*?)</select>', html, re.DOTALL):
        chosen = re.search(r'value="([^"]*)" selected', options)
        found[name] = chosen[1] if chosen else re.search(r'value="([^"]*)"', options)[1]
    return found


def filled(client, path, **changes):
    return fields_of(client.get(path).content.decode()) | {"paste": ""} | changes


def line(number, **facts):
    return {f"line-{number}-{name}": value for name, value in facts.items()}


def test_the_whole_order_is_confirmed_and_shipped_from_the_mail(client, open_page):
    order = a_sent_order(2)
    path = open_page(order)
    answer = client.post(
        path,
        filled(client, path, number="SO-5518207")
        | line(1, status="shipped", tracking="00573132204184615722", serial="R5CX309KTWA", imei="356877800639438"),
    )
    assert answer.status_code == 303, strip_tags(answer.content.decode())
    order = type(order).objects.get(pk=order.pk)
    assert (order.status, order.number) == ("confirmed", "SO-5518207")
    first, second = devices(order).values()
    assert (first.status, first.serial, first.imei) == ("shipped", "R5CX309KTWA", "356877800639438")
    assert first.tracking_number == "00573132204184615722"
    assert second.status == "ordered"
    page = client.get(answer.url).content.decode()
    assert "Saved." in page


def test_the_page_says_who_is_invoiced_where_it_goes_and_whom_to_ask(client, open_page):
    an_admin()
    order = a_sent_order(kinds=[{}, {"mode": "monthly"}], location=a_location("Göteborg"))
    html = strip_tags(client.get(open_page(order)).content.decode())
    words = " ".join(html.split())
    assert "Göteborg" in words
    assert "Nordvik Energi AB (line 1)" in words
    assert "3 Step IT (line 2)" in words
    assert "Nils Wikström" in words


def test_it_speaks_the_distributors_language(client, open_page):
    order = a_sent_order()
    partner = order.distributor
    partner.language = "sv"
    partner.save()
    page = client.get(open_page(order))
    assert 'lang="sv"' in page.content.decode()


def test_without_their_number_nothing_is_saved_and_nothing_is_lost(client, open_page):
    order = a_sent_order()
    path = open_page(order)
    answer = client.post(path, filled(client, path) | line(1, status="preparing", serial="R5CX309KTWA"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Write your order number: it confirms the order." in html
    assert 'value="R5CX309KTWA"' in html
    assert 'value="preparing" selected' in html
    assert devices(order)[1].status == "ordered"


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("imei", "356877800639439", "check digit"),
        ("imei", "35687780063943", "this one has 14"),
        ("tracking", "javascript:alert(1)", "no address of a web page"),
        ("tracking", "mailto:anna@nordvik.example", "no address of a web page"),
        ("expected_on", "31/02/27", "2026-12-14"),
        ("serial", "X" * 61, "At most 60"),
    ],
)
def test_each_field_says_what_is_wrong_and_keeps_what_was_written(client, open_page, field, value, words):
    order = a_sent_order(2)
    path = open_page(order)
    changes = {"number": "SO-1"} | line(1, **{field: value}) | line(2, status="preparing")
    answer = client.post(path, filled(client, path) | changes)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert words in html
    assert f'id="id_line-1-{field}_error"' in html
    assert value in html.replace("&#x27;", "'")
    assert 'value="SO-1"' in html
    assert devices(order)[2].status == "ordered"


def test_what_is_the_same_for_all_is_said_once(client, open_page):
    order = a_sent_order(3)
    path = open_page(order)
    same = {"number": "SO-1", "all-status": "shipped", "all-tracking": "0057", "all-expected_on": "2026-11-25"}
    answer = client.post(path, filled(client, path) | same | line(2, status="backordered", expected_on="2026-12-09"))
    assert answer.status_code == 303
    now = devices(order)
    assert [now[n].status for n in (1, 2, 3)] == ["shipped", "backordered", "shipped"]
    assert [str(one.expected_on) for one in order.lines.all()] == ["2026-11-25", "2026-12-09", "2026-11-25"]
    client.post(path, filled(client, path) | {"all-status": "delivered"} | line(2, status="backordered"))
    assert [device.status for device in devices(order).values()] == ["delivered"] * 3

    other = a_sent_order(2)
    path = open_page(other)
    answer = client.post(path, filled(client, path) | same | {"all-tracking": "javascript:x"})
    assert answer.status_code == 422
    assert "1 field needs another look" in answer.content.decode()


def test_a_link_and_a_number_take_each_others_place(client, open_page):
    order = a_sent_order()
    path = open_page(order)
    link = "https://tracking.postnord.com/?id=0057"
    client.post(path, filled(client, path, number="SO-1") | line(1, tracking="0057"))
    client.post(path, filled(client, path) | line(1, tracking=link))
    assert (devices(order)[1].tracking_number, devices(order)[1].tracking_url) == ("", link)
    client.post(path, filled(client, path) | line(1, tracking="postnord.se/spara?id=1"))
    assert devices(order)[1].tracking_url == "https://postnord.se/spara?id=1"


def test_a_serial_number_twice_or_of_another_device_is_refused_without_a_name(client, open_page):
    holder = a_person("Sara", "Olsen")
    a_device(holder, serial="AAAA1111")
    order = a_sent_order(3)
    path = open_page(order)
    changes = line(1, serial="SAME0001") | line(2, serial="same0001") | line(3, serial="aaaa1111")
    answer = client.post(path, filled(client, path, number="SO-1") | changes)
    html = strip_tags(answer.content.decode())
    assert answer.status_code == 422
    assert "Line 1 has this number too." in html
    assert "Line 2 has this number too." in html
    assert "Another device of the company has this number already." in html
    assert "Olsen" not in html


def test_somebody_else_saved_meanwhile(client, open_page):
    order = a_sent_order(2)
    path = open_page(order)
    first, second = fields_of(client.get(path).content.decode()), fields_of(client.get(path).content.decode())
    client.post(path, first | {"number": "SO-1"} | line(1, serial="AAAA1111", status="preparing"))

    other_line = client.post(path, second | {"number": ""} | line(2, serial="BBBB2222"))
    assert other_line.status_code == 422  # the number: it is theirs to keep
    answer = client.post(path, second | {"number": "SO-1"} | line(1, serial="CCCC3333") | line(2, serial="BBBB2222"))
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "Somebody has changed this meanwhile to “AAAA1111”" in html
    assert 'value="CCCC3333"' in html
    assert 'value="BBBB2222"' in html

    again = fields_of(html)
    assert client.post(path, again).status_code == 303
    now = devices(order)
    assert (now[1].serial, now[1].status, now[2].serial) == ("CCCC3333", "preparing", "BBBB2222")


def test_a_status_that_went_on_meanwhile_does_not_go_back(client, open_page):
    order = a_sent_order()
    path = open_page(order)
    seen = fields_of(client.get(path).content.decode())
    hears(order, said(order, 1, lines=[{"line": 1, "status": "shipped"}]))
    answer = client.post(path, seen | {"number": "SO-1"} | line(1, status="backordered"))
    assert answer.status_code == 422
    assert "It is “Shipped” meanwhile" in answer.content.decode()


def test_a_device_is_cancelled_after_a_page_that_says_what_follows(client, open_page):
    order = a_sent_order(2)
    path = open_page(order)
    saved = client.post(path, filled(client, path, cancel="2") | line(1, serial="AAAA1111"))
    assert (saved.status_code, saved.url) == (303, f"{path}cancel/?line=2")
    asked = client.get(saved.url).content.decode()
    assert "What was taken for it is given back" in asked

    assert client.post(f"{path}cancel/", {"line": "2", "why": " "}).status_code == 422
    assert client.post(f"{path}cancel/", {"line": "2", "why": "No longer made"}).status_code == 303
    now = devices(order)
    assert (now[1].serial, now[1].status, now[2].status) == ("AAAA1111", "ordered", "cancelled")
    assert client.post(f"{path}cancel/", {"line": "2", "why": "Twice"}).status_code == 409
    assert client.get(f"{path}cancel/?line=7").status_code == 404


def test_what_was_shipped_is_not_cancelled(client, open_page):
    order = a_sent_order()
    path = open_page(order)
    hears(order, said(order, 1, lines=[{"line": 1, "status": "shipped"}]))
    answer = client.post(f"{path}cancel/", {"line": "1", "why": "Too late"})
    assert answer.status_code == 409
    assert "It is “Shipped” already" in answer.content.decode()
    assert devices(order)[1].status == "shipped"


def test_pressing_twice_reports_once(client, open_page):
    order = a_sent_order()
    path = open_page(order)
    sent = filled(client, path, number="SO-1") | line(1, status="shipped", serial="AAAA1111")
    assert client.post(path, sent).status_code == 303
    assert client.post(path, sent).status_code == 303
    assert order.reports.count() == 1


def test_the_link_opens_while_something_is_on_its_way_and_sixty_days_in_any_case(client, open_page, at):
    order = a_sent_order()
    path = open_page(order)
    at("2027-06-01T08:00")
    assert client.get(path).status_code == 200
    hears(order, said(order, 1, lines=[{"line": 1, "status": "cancelled", "reason": "-"}]))
    gone = client.get(path)
    assert gone.status_code == 410
    assert "This order is finished" in gone.content.decode()
    at("2027-01-01T08:00")
    assert client.get(path).status_code == 200


def test_another_orders_link_opens_nothing_of_this_one(client):
    mine, other = a_sent_order(), a_sent_order()
    assert path_of(mine) != path_of(other)
    assert path_of(mine) == path_of(mine)
    assert Link.objects.count() == 2


def test_too_many_saves_are_refused_and_nothing_is_lost(client, open_page, monkeypatch):
    order = a_sent_order()
    path = open_page(order)
    sent = filled(client, path, number="SO-1") | line(1, serial="AAAA1111")
    monkeypatch.setattr("orders.reports.desk.may_knock", lambda *args: False)
    answer = client.post(path, sent)
    assert answer.status_code == 429
    assert 'value="AAAA1111"' in answer.content.decode()
    assert not order.reports.exists()


def test_an_admin_records_what_the_distributor_said(at_their_desk):
    nils = an_admin()
    order = a_sent_order()
    path = f"/orders/{order.ref}/report/"
    browser = at_their_desk(nils)
    sent = fields_of(browser.get(path).content.decode()) | {"paste": "", "number": "SO-1"} | line(1, status="shipped")
    assert browser.post(path, sent).status_code == 303
    device = devices(order)[1]
    assert device.status == "shipped"
    assert device.journal.last().by_name == str(nils)
    assert order.reports.get().way == Report.Way.ADMIN
    assert at_their_desk(a_person()).get(path).status_code == 403


def test_a_page_of_fifty_devices_takes_no_more_queries_than_one_of_two(client, open_page):
    counts = []
    for number in (2, 30):
        path = open_page(a_sent_order(number))
        with CaptureQueriesContext(connection) as queries:
            client.get(path)
        counts.append(len(queries))
    assert counts[0] == counts[1]
