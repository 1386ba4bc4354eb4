"""Whoever waits for a device sees where it is, what that means, and why nothing of it is changed here."""

import re
from datetime import date

import pytest

from assets.lifecycle import Status
from assets.models import AssetSettings, Device
from orders.meanings import MEANINGS, TOLD_OF_ORDERS, explained
from orders.models import Order, OrderLine
from tests.assets.making import an_ordered_device, words
from tests.making import a_device, a_person, a_space, an_admin
from tests.orders.reporting import a_sent_order, hears, said
from tests.orders.wishing import a_request, an_order

PHONE = "Apple iPhone 16 128 GB, Black, 128 GB"
LINK = "https://www.postnord.se/track?id=00573132204184615722"


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en")


def device_of(order, number=1):
    return Device.objects.get(order_line__order=order, order_line__number=number)


def shipped(order, **facts):
    device = device_of(order)
    device.ship(by=order.distributor, **{"tracking_number": "00573132204184615722", "tracking_url": LINK} | facts)
    return device


def expected(order, day):
    OrderLine.objects.filter(order=order).update(expected_on=day)


# What a status means


def test_every_status_has_a_sentence_and_the_fifteen_of_orders_are_explained():
    assert set(MEANINGS) == set(Status)
    assert [status for status, _meaning in explained()] == [
        "ordered", "not_started", "on_hold", "preparing", "backordered", "shipped", "delivered", "received",
        "cancelled", "active", "pending_buyout", "bought_out", "trade_in", "traded_in", "removed",
    ]  # fmt: skip
    assert len(TOLD_OF_ORDERS) == 15
    assert len(set(MEANINGS.values())) == len(MEANINGS)


# One's orders


def test_one_s_orders_stand_beside_one_s_details(at_their_desk, ebba):
    page = at_their_desk(ebba).get("/you/").content.decode()
    assert 'href="/you/orders/"' in page
    assert 'href="/you/support/"' in page
    assert 'href="/store/budget/"' in page


def test_each_device_stands_there_with_its_status_what_it_means_and_its_history(at_their_desk, ebba):
    order = an_order(person=ebba)
    device_of(order).prepare(by=order.distributor)
    text = words(at_their_desk(ebba).get("/you/orders/"))
    assert f"{PHONE} Preparing {MEANINGS[Status.PREPARING]} Dustin, order {order.ref}" in text
    assert "Last heard: Preparing, 22 Nov 2026, 07:00" in text
    assert "Dustin prepares the order." in text


def test_where_it_can_be_tracked_a_button_opens_the_carrier_s_page_apart(at_their_desk, ebba):
    order = an_order(person=ebba)
    shipped(order)
    for address in ("/", "/you/orders/", f"/you/orders/{order.ref}/", device_of(order).get_absolute_url()):
        page = at_their_desk(ebba).get(address)
        link = re.search(r"<a [^>]*>Track order.*?</a>", page.content.decode(), re.DOTALL).group()
        assert f'href="{LINK}"' in link
        assert 'target="_blank" rel="noopener noreferrer"' in link
        assert "opens postnord.se in a new tab" in link
    text = words(at_their_desk(ebba).get("/you/orders/"))
    assert "Tracking number 00573132204184615722 Last heard: Shipped, 22 Nov 2026, 07:00" in text


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "data:text/html,x", "mailto:ebba@nordvik.example"])
def test_without_a_page_to_open_the_status_stands_there_with_its_meaning_alone(at_their_desk, ebba, link):
    order = an_order(person=ebba)
    shipped(order, tracking_url=link)
    for address in ("/", "/you/orders/", f"/you/orders/{order.ref}/", device_of(order).get_absolute_url()):
        page = at_their_desk(ebba).get(address)
        assert "Track order" not in words(page)
        assert "javascript:alert" not in page.content.decode()
    text = words(at_their_desk(ebba).get("/you/orders/"))
    assert "Shipped It is with the carrier, on its way to you." in text
    assert "Tracking number 00573132204184615722" in text


def test_what_is_expected_is_told_and_what_should_have_come_is_marked(at_their_desk, ebba):
    order = an_order(person=ebba)
    expected(order, date(2026, 11, 24))
    assert "expected on 24 Nov 2026" in words(at_their_desk(ebba).get("/you/orders/"))
    expected(order, date(2026, 11, 20))
    assert "was expected on 20 Nov 2026" in words(at_their_desk(ebba).get("/you/orders/"))
    assert "2 days overdue" in words(at_their_desk(ebba).get(device_of(order).get_absolute_url()))


def test_what_the_distributor_says_without_moving_it_stands_in_its_history(at_their_desk, ebba, at):
    order = a_sent_order(person=ebba)
    at("2026-11-23T10:00")
    hears(order, said(order, 1, lines=[{"line": 1, "expected_on": "2026-12-01"}]))
    text = words(at_their_desk(ebba).get(f"/you/orders/{order.ref}/"))
    assert "Dustin reported expected delivery: – → 1 December 2026." in text
    assert "Last heard: Ordered, 23 Nov 2026, 10:00" in text


def test_what_has_come_or_was_cancelled_stands_apart(at_their_desk, ebba):
    came, never = an_order(person=ebba), an_order(person=ebba)
    device = shipped(came)
    device.receive(by=ebba, serial="SN1", imei="354402685995284")
    device_of(never).cancel(by=never.distributor, why="Discontinued")
    text = words(at_their_desk(ebba).get("/you/orders/"))
    assert text.index("Nothing is on its way") < text.index("Received and cancelled") < text.index(never.ref)
    assert "It is in use." in text
    assert str(MEANINGS[Status.CANCELLED]) in text
    assert "Dustin cancelled the order. Discontinued" in text
    assert "Track order" not in text


def test_whoever_ordered_for_somebody_else_follows_it_too(at_their_desk, ebba):
    mia = a_person("Mia", "Berg", language="en")
    order = an_order(person=ebba, requester=mia)
    assert "for Ebba Sjöberg" in words(at_their_desk(mia).get("/you/orders/"))
    assert at_their_desk(mia).get(f"/you/orders/{order.ref}/").status_code == 200
    assert at_their_desk(ebba).get(f"/you/orders/{order.ref}/").status_code == 200


def test_whoever_orders_for_a_space_follows_it(at_their_desk):
    nils = an_admin()
    order = an_order(space=a_space("Reception"), requester=nils)
    assert "for Reception" in words(at_their_desk(nils).get("/you/orders/"))
    assert order.ref in words(at_their_desk(nils).get("/"))


def test_what_a_colleague_does_with_it_later_is_theirs(at_their_desk, ebba):
    mia = a_person("Mia", "Berg", language="en")
    order = an_order(person=ebba, requester=mia)
    device = shipped(order)
    device.receive(by=ebba, serial="SN1", imei="354402685995284")
    text = words(at_their_desk(mia).get("/you/orders/"))
    assert "It has come, and somebody else has it now." in text
    assert device.get_absolute_url() not in at_their_desk(mia).get("/you/orders/").content.decode()

    AssetSettings.objects.update_or_create(pk=1, defaults={"hide_company_assets": False})
    assert "It is in use." in words(at_their_desk(mia).get("/you/orders/"))


def test_whoever_gets_one_device_of_an_order_sees_that_one(at_their_desk, ebba):
    mia, nils = a_person("Mia", "Berg", language="en"), an_admin()
    order = an_order({"name": "Dell dock"}, {"name": "Logitech MX Keys S"}, requester=mia)
    device_of(order, 2).assign(by=nils, to=ebba)
    text = words(at_their_desk(ebba).get(f"/you/orders/{order.ref}/"))
    assert "Logitech MX Keys S" in text
    assert "Dell dock" not in text


def test_a_colleague_s_order_is_nobody_s(at_their_desk, ebba):
    order = an_order(person=a_person())
    for address in (f"/you/orders/{order.ref}/", f"/orders/{order.ref}/change/", "/you/orders/VO-AAAAAA/"):
        assert at_their_desk(ebba).get(address).status_code == 404


def test_without_a_store_there_are_no_orders(at_their_desk, ebba, without_a_store):
    order = an_order(person=ebba)
    desk = at_their_desk(ebba)
    for address in ("/you/orders/", f"/you/orders/{order.ref}/", f"/orders/{order.ref}/change/"):
        assert desk.get(address).status_code == 404
    assert "/you/orders/" not in desk.get("/you/").content.decode()
    assert "Ongoing orders" in words(desk.get("/"))


@pytest.fixture
def without_a_store(nordvik):
    before, nordvik.features = nordvik.features, ["repair_flow"]
    nordvik.save()
    yield
    nordvik.features = before
    nordvik.save()


@pytest.mark.parametrize("number", [1, 4])
def test_the_list_costs_the_same_queries_for_one_device_and_for_four(
    at_their_desk, ebba, django_assert_num_queries, number
):
    for _n in range(number):
        shipped(an_order(person=ebba))
        device_of(an_order(person=ebba)).cancel(by=an_admin())
        a_request(person=ebba)
    desk = at_their_desk(ebba)
    desk.get("/you/orders/")
    with django_assert_num_queries(19):
        desk.get("/you/orders/")


@pytest.mark.parametrize("number", [1, 4])
def test_home_costs_the_same_queries_for_one_device_and_for_four(
    at_their_desk, ebba, django_assert_num_queries, number
):
    for _n in range(number):
        shipped(an_order(person=ebba))
        a_request(person=ebba)
    desk = at_their_desk(ebba)
    desk.get("/devices/")
    with django_assert_num_queries(36):
        desk.get("/devices/")


# An order is not changed here


@pytest.mark.parametrize("step", ["prepare", "backorder", "ship"])
def test_from_preparing_on_it_can_t_be_changed_here_and_the_page_says_why(at_their_desk, ebba, step):
    order = an_order(person=ebba)
    getattr(device_of(order), step)(by=order.distributor)
    desk = at_their_desk(ebba)
    assert "Dustin is handling this order, so it can’t be changed here." in words(desk.get(f"/you/orders/{order.ref}/"))

    text = words(desk.get(f"/orders/{order.ref}/change/"))
    assert "This order can’t be changed here any more" in text
    assert "Best: ask Dustin to cancel it, and order again what you want." in text
    assert "A change that is made at the distributor does not." in text
    assert "This matters most for what is leased" not in text


def test_to_insist_is_refused_and_changes_nothing(at_their_desk, ebba):
    order = an_order(person=ebba)
    device_of(order).prepare(by=order.distributor)
    answer = at_their_desk(ebba).post(f"/orders/{order.ref}/change/", {"address": "Elsewhere"})
    assert answer.status_code == 409
    assert "This order can’t be changed here any more" in words(answer)
    assert Order.objects.get().address == ""


def test_before_preparing_it_says_whom_to_ask_soon(at_their_desk, ebba):
    nils = an_admin()
    order = an_order(person=ebba)
    order.distributor.support_email = "kundservice@dustin.example"
    order.distributor.save()
    text = words(at_their_desk(ebba).get(f"/orders/{order.ref}/change/"))
    assert "The order has gone to Dustin, who has not begun with it." in text
    assert f"Have the order number {order.ref} at hand." in text
    assert "kundservice@dustin.example" in text
    assert nils.email in text


def test_what_is_leased_matters_most(at_their_desk, ebba):
    order = an_order({"mode": "monthly"}, person=ebba)
    device_of(order).prepare(by=order.distributor)
    text = words(at_their_desk(ebba).get(f"/orders/{order.ref}/change/"))
    assert "at the end of the lease the devices that stand in the contract go back" in text


def test_what_has_come_leaves_nothing_to_change(at_their_desk, ebba):
    order = an_order(person=ebba)
    device_of(order).cancel(by=order.distributor)
    text = words(at_their_desk(ebba).get(f"/orders/{order.ref}/change/"))
    assert "Nothing is left to be changed" in text
    assert "Best: ask" not in text


# Home


def test_home_tells_what_is_on_its_way_and_what_waits_for_an_answer(at_their_desk, ebba):
    order = an_order(person=ebba)
    shipped(order)
    expected(order, date(2026, 11, 24))
    mia = a_person("Mia", "Berg")
    request = a_request(person=ebba, approver=mia)
    text = words(at_their_desk(ebba).get("/"))
    assert f"Ongoing orders All orders {PHONE} Shipped Dustin, order {order.ref}" in text
    assert "· expected on 24 Nov 2026 Track order" in text
    assert f"Request {request.ref} of 22 Nov 2026, 07:00 Waiting for the answer of Mia Berg" in text


def test_a_device_on_its_way_without_an_order_of_ours_stands_there_too(at_their_desk, ebba):
    device = an_ordered_device(ebba, status="backordered")
    text = words(at_their_desk(ebba).get("/"))
    assert f"{device.name} Backordered" in text
    assert f"{device.name} Backordered" in words(at_their_desk(ebba).get("/you/orders/"))


def test_nothing_on_its_way_takes_no_room(at_their_desk, ebba):
    assert "Ongoing orders" not in words(at_their_desk(ebba).get("/"))


# The device's own page


def test_the_device_s_page_tells_of_its_order_until_it_is_there(at_their_desk, ebba):
    order = an_order(person=ebba)
    device = shipped(order)
    expected(order, date(2026, 11, 24))
    text = words(at_their_desk(ebba).get(device.get_absolute_url()))
    assert f"Order and delivery {MEANINGS[Status.SHIPPED]} Order {order.ref}" in text
    assert "Expected delivery 24 November 2026" in text
    device.receive(by=ebba, serial="SN1", imei="354402685995284")
    assert "Order and delivery" not in words(at_their_desk(ebba).get(device.get_absolute_url()))


def test_its_lifecycle_tells_ordered_shipped_and_expected(at_their_desk, ebba, at):
    order = an_order(person=ebba)
    expected(order, date(2026, 11, 26))
    at("2026-11-24T09:00")
    device = shipped(order)
    at("2026-11-25T09:00")
    text = words(at_their_desk(ebba).get(f"{device.get_absolute_url()}?tab=lifecycle"))
    assert f"Ordered (done) 22 November 2026 {order.ref} Shipped (done) 24 November 2026" in text
    assert "Expected delivery (to come) 26 November 2026" in text
    assert "Registered" not in text
    at("2026-11-28T09:00")
    text = words(at_their_desk(ebba).get(f"{device.get_absolute_url()}?tab=lifecycle"))
    assert "Expected delivery (now) 26 November 2026 It should have come. Ask the distributor." in text


def test_its_support_tab_names_the_numbers(at_their_desk, ebba):
    order = an_order(person=ebba)
    device = device_of(order)
    order.confirm(by=order.distributor, number="SO-5518207")
    text = words(at_their_desk(ebba).get(f"{device.get_absolute_url()}?tab=support"))
    assert f"Order {order.ref} Distributor’s order number SO-5518207" in text


def test_a_colleague_who_may_read_the_device_reads_nothing_of_its_order(at_their_desk, ebba):
    AssetSettings.objects.update_or_create(pk=1, defaults={"hide_company_assets": False})
    order = an_order(person=ebba)
    text = words(at_their_desk(a_person(language="en")).get(device_of(order).get_absolute_url()))
    assert "Order and delivery" not in text
    assert order.ref not in text


def test_a_device_that_was_registered_says_so(at_their_desk, ebba):
    device = a_device(ebba)
    text = words(at_their_desk(ebba).get(f"{device.get_absolute_url()}?tab=lifecycle"))
    assert "Registered (done)" in text
    assert "Ordered" not in text
