"""The demo's stand-in of a distributor's machine keeps to docs/partners.md, and Velory understands what it says."""

import json

import pytest

from orders.models import Order
from orders.ordering import wording
from orders.ordering.channels import renew_secret
from orders.ordering.signing import HEADER, signed
from orders.reports.feed import check_signature, hear, message_in
from tests.orders.reporting import a_sent_order, devices
from velory import clock
from velory.demo.distributor.machine import Machine
from velory.demo.distributor.signing import sign
from velory.demo.stripe.api import Request


@pytest.fixture
def order():
    return a_sent_order(2)


@pytest.fixture
def machine(order):
    """It knows the secret of Nordvik."""
    found = Machine(follows_the_demo=False)
    secret = renew_secret(order.distributor, by=None, at=clock.now())
    found.answer(Request("POST", "/customer", body=f"company=nordvik&secret={secret}".encode()))
    found.secret = secret
    return found


def body_of(order):
    return wording.body_of(order, list(order.lines.order_by("number")), page="", at=clock.now())


def asks(machine, order, *, body=None, header=None):
    body = body or body_of(order)
    header = signed(body, [machine.secret], wall=clock.wall()) if header is None else header
    headers = {HEADER.lower(): header, "idempotency-key": order.ref}
    answer = machine.answer(Request("POST", "/orders/", headers=headers, body=body))
    return answer.status, json.loads(answer.body)


def reports(machine, order, verb):
    """What somebody at its desk does, as the product hears it."""
    before = len(machine.books.messages)
    machine.answer(Request("POST", f"/{verb}", body=f"ref={order.ref}".encode()))
    (message,) = machine.books.messages[before:]
    body, wall = message["body"].encode(), clock.wall()
    check_signature(order.distributor, sign(body, machine.secret, wall), body, at=clock.now(), wall=wall)
    return hear(order.distributor, message_in(body), at=clock.now())


def test_an_order_is_taken_once_under_its_own_number(machine, order):
    first = asks(machine, order)
    assert first == asks(machine, order) == (200, {"order_number": "DU-204417"})
    assert len(machine.books.orders) == 1


def test_what_is_not_signed_with_the_secret_is_not_taken(machine, order):
    body = body_of(order)
    assert asks(machine, order, header="")[0] == 401
    assert asks(machine, order, header=signed(body, ["another"], wall=clock.wall()))[0] == 401
    edited = body.replace(b'"quantity":1', b'"quantity":9')
    assert asks(machine, order, body=edited, header=signed(body, [machine.secret], wall=clock.wall()))[0] == 401
    assert machine.books.orders == []


def test_what_its_desk_reports_moves_the_devices(machine, order):
    asks(machine, order)
    assert reports(machine, order, "prepare").outcome == "applied"
    assert [device.status for device in devices(order).values()] == ["preparing", "preparing"]
    assert Order.objects.get().number == "DU-204417"
    assert reports(machine, order, "ship_first").outcome == "applied"
    shipped, waiting = devices(order).values()
    assert (shipped.status, waiting.status) == ("shipped", "preparing")
    assert shipped.serial.startswith("DU")
    assert shipped.tracking_number
    assert reports(machine, order, "cancel").outcome == "applied"
    assert reports(machine, order, "deliver").outcome == "applied"
    assert [device.status for device in devices(order).values()] == ["delivered", "cancelled"]


def test_an_odd_word_waits_for_an_admin(machine, order):
    asks(machine, order)
    assert reports(machine, order, "say_something_odd").outcome == "attention"
    assert [device.status for device in devices(order).values()] == ["ordered", "ordered"]


def test_its_page_shows_what_came_and_what_was_said(machine, order):
    asks(machine, order)
    reports(machine, order, "prepare")
    page = machine.answer(Request("GET", "/")).body.decode()
    assert [word in page for word in ("DU-204417", order.ref, "preparing")] == [True] * 3
    assert machine.secret not in page


def test_another_site_s_page_presses_no_button(machine, order):
    asks(machine, order)
    answer = machine.answer(Request("POST", "/cancel", headers={"origin": "http://evil.example"}, body=b""))
    assert answer.status == 404
    assert machine.books.messages == []
