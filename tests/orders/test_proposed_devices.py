"""Devices that a distributor delivers beside an order are not lost: an admin takes them in or not (seed: orders)."""

import pytest

from assets.models import Device
from orders.models import LedgerLine, ProposedDevice
from tests.making import a_device, a_person, an_admin
from tests.orders.reporting import a_sent_order, hears, said
from velory import clock
from velory.ui.todos import todos

EXTRA = {"name": "Jabra Evolve2 65", "article_number": "5011999", "serial": "JB000123"}


@pytest.fixture
def proposal():
    order = a_sent_order()
    hears(order, said(order, 1, extra_devices=[EXTRA]))
    return ProposedDevice.objects.get()


def address(proposal, deed=""):
    return f"/proposals/{proposal.ref}/{deed}"


def answers(proposal, **facts):
    return {
        "version": proposal.version,
        "name": proposal.name,
        "serial": proposal.serial,
        "imei": proposal.imei,
    } | facts


def test_an_extra_device_waits_for_an_admin(proposal):
    assert (proposal.name, proposal.serial, proposal.status) == ("Jabra Evolve2 65", "JB000123", "proposed")
    assert {todo.code: todo.count for todo in todos(today=clock.today())}["proposed_devices"] == 1


def test_it_is_registered_with_what_only_the_company_knows(proposal, at_their_desk):
    nils = an_admin()
    browser = at_their_desk(nils)
    page = browser.get(address(proposal)).content.decode()
    assert proposal.order.request.person.email in page  # the order's receiver stands there already

    assert browser.post(address(proposal, "accept/"), answers(proposal)).status_code == 422  # the category is missing
    spent = LedgerLine.objects.count()
    done = browser.post(
        address(proposal, "accept/"),
        answers(proposal, category="accessories", to=proposal.order.request.person.email, purchased_on="2026-11-22"),
    )
    device = Device.objects.get(serial="JB000123")
    assert (done.status_code, done.url) == (303, device.get_absolute_url())
    assert (device.status, device.holder, device.distributor) == (
        "active", proposal.order.request.person, proposal.distributor
    )  # fmt: skip
    assert LedgerLine.objects.count() == spent
    now = ProposedDevice.objects.get()
    assert (now.status, now.device) == ("accepted", device)
    assert browser.post(address(proposal, "accept/"), answers(proposal, category="accessories")).status_code == 409
    assert Device.objects.filter(serial="JB000123").count() == 1


def test_it_is_declined_with_a_reason(proposal, at_their_desk):
    browser = at_their_desk(an_admin())
    assert browser.post(address(proposal, "decline/"), {"why": ""}).status_code == 422
    sent = {"why": "It belongs to Atea's customer.", "version": proposal.version}
    assert browser.post(address(proposal, "decline/"), sent).status_code == 303
    assert ProposedDevice.objects.get().status == "declined"
    assert "customer." in browser.get(address(proposal)).content.decode()
    assert browser.post(address(proposal, "decline/"), sent).status_code == 409


def test_a_serial_number_that_got_taken_meanwhile_is_said(proposal, at_their_desk):
    a_device(serial="jb000123")
    browser = at_their_desk(an_admin())
    answer = browser.post(address(proposal, "accept/"), answers(proposal, category="accessories"))
    assert answer.status_code == 422
    assert "has the same serial number" in answer.content.decode()
    assert ProposedDevice.objects.get().status == "proposed"


def test_only_admins_see_it(proposal, at_their_desk):
    assert at_their_desk(a_person()).get(address(proposal)).status_code == 403


def test_the_same_device_again_is_one_proposal(proposal):
    hears(proposal.order, said(proposal.order, 2, extra_devices=[EXTRA | {"serial": "jb000123"}]))
    hears(proposal.order, said(proposal.order, 3, lines=[{"line": 9, "serial": "JB000123", "status": "shipped"}]))
    assert ProposedDevice.objects.count() == 1


def test_what_is_known_already_is_not_proposed():
    a_device(serial="JB000123")
    order = a_sent_order()
    report = hears(order, said(order, 1, extra_devices=[EXTRA]))
    assert (report.outcome, report.said[0]["code"]) == ("attention", "known_device")
    assert not ProposedDevice.objects.exists()


def test_a_line_that_the_order_does_not_have_is_a_device_beside_it():
    order = a_sent_order()
    hears(order, said(order, 1, lines=[{"line": 2, "name": "Jabra Evolve2 65", "status": "shipped"}]))
    assert ProposedDevice.objects.get().order == order
