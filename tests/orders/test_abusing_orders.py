"""What somebody may try with requests, budgets and devices that are not for them to decide (reliability 5.14)."""

from decimal import Decimal

import pytest

from assets.lifecycle import Status
from assets.models import Device, Partner
from orders.budgets.standing import grant_of, standings_of
from orders.models import LedgerLine, Order, ProductRequest, StoreSettings
from orders.requests.sending import send
from tests.making import a_device, a_person, an_admin, an_integrated_distributor
from tests.orders.asking import a_cart, a_phone, a_sent_request, seen
from tests.orders.making import a_budget, given
from velory import clock
from velory.journal.invariants import findings
from velory.journal.reason import NotYours, Refused


@pytest.fixture
def manager():
    found = a_person("Anna", "Lindberg", language="en")
    settings = StoreSettings.to_change()
    settings.approver = found
    settings.save()
    return found


@pytest.fixture
def ebba(manager):
    return given(a_person("Ebba", "Sjöberg", language="en"), a_budget(phones=(10000, None, 24, "one_off")))


def left(person):
    return standings_of(person, grant_of(person), today=clock.today())[0].left


def approved(person, manager, **more):
    request = a_sent_request(person, a_phone(4990), **more)
    request.approve(by=manager, at=clock.now())
    return request, Device.objects.get(order_line__order__request=request)


def test_the_budget_is_not_overdrawn_from_two_tabs(ebba):
    cart = a_cart(ebba, a_phone(9490))
    both = seen(cart)
    send(cart, by=ebba, seen=both, at=clock.now())
    again = a_cart(ebba, a_phone(9490))

    with pytest.raises(Refused):
        send(again, by=ebba, seen=both, at=clock.now())

    assert left(ebba) == 510
    assert ProductRequest.objects.count() == 1


def test_one_sending_pressed_twice_is_one_request(ebba):
    cart = a_cart(ebba, a_phone(4990))
    digest = seen(cart)
    first = send(cart, by=ebba, seen=digest, at=clock.now())
    assert send(cart, by=ebba, seen=digest, at=clock.now()) == first
    assert LedgerLine.objects.filter(kind="reserve").count() == 1


def test_a_price_that_changed_meanwhile_is_shown_before_it_is_asked_for(ebba):
    phone = a_phone(4990)
    cart = a_cart(ebba, phone)
    digest = seen(cart)
    phone.price = Decimal(9990)
    phone.save()

    with pytest.raises(Refused, match="Something has changed since you looked at it"):
        send(cart, by=ebba, seen=digest, at=clock.now())

    assert not ProductRequest.objects.exists()
    assert left(ebba) == 10000


def test_a_price_that_changes_after_it_was_asked_for_changes_nothing(ebba, manager):
    phone = a_phone(4990)
    request = a_sent_request(ebba, phone)
    phone.price = Decimal(9990)
    phone.save()

    request.approve(by=manager, at=clock.now())

    assert left(ebba) == 5010
    assert Device.objects.get(order_line__order__request=request).purchase_price == 4990


@pytest.mark.parametrize("step", ["approve", "reject"])
def test_nobody_answers_for_themselves_nor_a_colleague_for_others(at_their_desk, ebba, step):
    request, colleague = a_sent_request(ebba, a_phone(4990)), a_person("Karin", "Lindqvist")

    for by in (ebba, colleague):
        with pytest.raises(NotYours):
            getattr(request, step)(by=by, at=clock.now())
    assert at_their_desk(ebba).post(f"/requests/{request.ref}/{step}/").status_code == 403
    assert at_their_desk(colleague).post(f"/requests/{request.ref}/{step}/").status_code in {403, 404}

    assert ProductRequest.objects.get().status == "pending"
    assert not Order.objects.exists()


def test_what_is_approved_twice_is_ordered_once(at_their_desk, ebba, manager):
    request = a_sent_request(ebba, a_phone(4990))
    desk = at_their_desk(manager)

    assert desk.post(f"/requests/{request.ref}/approve/", {"version": request.version}).status_code == 303
    assert desk.post(f"/requests/{request.ref}/approve/", {"version": request.version}).status_code == 409

    assert Device.objects.filter(order_line__isnull=False).count() == 1
    assert LedgerLine.objects.filter(kind="spend").count() == 1
    assert findings() == []


def test_what_was_withdrawn_is_neither_approved_nor_rejected(ebba, manager):
    request = a_sent_request(ebba, a_phone(4990))
    request.withdraw(by=ebba, at=clock.now())
    for step in ("approve", "reject"):
        with pytest.raises(Refused):
            getattr(request, step)(by=manager, at=clock.now())
    assert left(ebba) == 10000


def test_nobody_else_withdraws_it(at_their_desk, ebba):
    request = a_sent_request(ebba, a_phone(4990))
    colleague = a_person("Karin", "Lindqvist")
    assert at_their_desk(colleague).post(f"/requests/{request.ref}/withdraw/").status_code in {403, 404}
    assert ProductRequest.objects.get().status == "pending"


def test_only_its_own_distributor_reports_a_device(ebba, manager):
    _request, device = approved(ebba, manager)
    atea = an_integrated_distributor("Atea")
    for deed in ("ship", "deliver", "cancel", "prepare"):
        with pytest.raises(NotYours):
            getattr(device, deed)(by=atea)
    assert Device.objects.get(pk=device.pk).status == Status.ORDERED


def test_neither_holder_nor_colleague_cancels_an_order(at_their_desk, ebba, manager):
    _request, device = approved(ebba, manager)
    colleague = a_person("Karin", "Lindqvist")
    for by, answer in ((ebba, 403), (colleague, 404)):
        assert at_their_desk(by).post(f"/devices/{device.ref}/cancel/", {"why": "x"}).status_code == answer
    assert left(ebba) == 5010


def test_it_is_not_received_before_it_is_shipped_nor_twice_nor_by_a_colleague(at_their_desk, ebba, manager):
    _request, device = approved(ebba, manager)
    numbers = {"serial": "F4GX0001", "imei": "354402685995284"}
    path = f"/devices/{device.ref}/receive/"
    assert at_their_desk(ebba).post(path, numbers).status_code == 409
    device.ship(by=an_integrated_distributor())

    assert at_their_desk(a_person("Karin", "Lindqvist")).post(path, numbers).status_code == 404
    assert Device.objects.get(pk=device.pk).status == Status.SHIPPED
    assert at_their_desk(ebba).post(path, numbers).status_code == 303
    assert at_their_desk(ebba).post(path, numbers).status_code == 409

    assert Device.objects.get(pk=device.pk).journal.filter(step="receive").count() == 1


def test_a_serial_number_that_another_device_has_is_told_at_the_form(at_their_desk, ebba, manager):
    a_device(a_person(), serial="F4GX0001")
    _request, device = approved(ebba, manager)
    device.ship(by=an_integrated_distributor())

    answer = at_their_desk(ebba).post(
        f"/devices/{device.ref}/receive/", {"serial": "f4gx0001", "imei": "354402685995284"}
    )

    assert answer.status_code == 422
    assert "has the same serial number" in answer.content.decode()
    assert Device.objects.get(pk=device.pk).status == Status.SHIPPED


@pytest.mark.parametrize("quantity", ["0", "-1", "1000000000", "1.5", "", "x", "٣"])
def test_a_quantity_that_is_none_is_told_and_puts_nothing_aside(at_their_desk, ebba, quantity):
    phone = a_phone(4990)

    answer = at_their_desk(ebba).post(
        f"/store/{phone.product.ref}/", {"variant": phone.ref, "mode": "one_off", "quantity": quantity}
    )

    assert answer.status_code < 500
    assert not LedgerLine.objects.exists()
    assert not ProductRequest.objects.exists()


def test_a_distributor_that_was_let_go_is_not_ordered_from(ebba):
    phone = a_phone(4990)
    cart = a_cart(ebba, phone)
    digest = seen(cart)
    Partner.objects.filter(pk=phone.product.distributor_id).update(integrated=False)
    with pytest.raises(Refused):
        send(cart, by=ebba, seen=digest, at=clock.now())
    assert not ProductRequest.objects.exists()


def test_an_admin_cancels_what_they_approved_and_the_budget_is_whole(ebba, manager):
    _request, device = approved(ebba, manager)
    device.cancel(by=an_admin())
    assert left(ebba) == 10000
    assert findings() == []
