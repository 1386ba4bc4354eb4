"""What a card paid for a cancelled device goes back to it: owed in the transaction of the cancellation, made once, and
shown as it stands (R15, R14, R82, P11)."""

from decimal import Decimal

import pytest
from django.db import transaction

from assets.models import Device
from orders.cancelling import following as cancelling
from orders.models import LedgerLine, ProductRequest, StoreSettings
from orders.overage.card import KIND
from tests.making import a_person, an_admin, an_integrated_distributor
from tests.orders.asking import a_phone, a_sent_request
from tests.orders.making import a_budget, given
from tests.payments.making import a_payee
from tests.payments.saving import GOOD, a_saved_card
from tests.stripe_standin import REFUND_FAILS_LATER
from velory import clock
from velory.journal.invariants import findings
from velory.payments import refunds, start
from velory.payments.apply import apply
from velory.payments.models import Attempt, Refund
from velory.post.models import Letter
from velory.post.wording import render
from velory.ui.todos import todos


@pytest.fixture
def ebba():
    settings = StoreSettings.to_change()
    settings.personal_card = True
    settings.save()
    return given(a_person("Ebba", "Sjöberg", language="en"), a_budget(phones=(10000, None, 24, "one_off")))


def paid_for(stripe, person, *, quantity=1, number=GOOD, price=12000):
    """Devices that cost more than the budget gives; the rest was charged to a card."""
    card = a_saved_card(stripe, number, person=person, payee=a_payee(stripe))
    request = a_sent_request(person, a_phone(price), quantity=quantity, overage="card", card_ref=card.ref)
    request.approve(by=an_admin(), at=clock.now())
    start.charge(Attempt.objects.get(kind=KIND, subject_ref=request.ref), at=clock.now())
    request = ProductRequest.objects.get(pk=request.pk)
    assert request.status == "approved"
    return request, list(Device.objects.filter(order_line__order__request=request).order_by("pk"))


def carry_out():
    for owed in Refund.objects.order_by("pk"):
        refunds.carry_out(owed.ref, at=clock.now())
        refunds.carry_out(owed.ref, at=clock.now())


def test_the_card_is_refunded_once_and_the_pages_say_how_it_stands(stripe, ebba, at_their_desk):
    request, [device] = paid_for(stripe, ebba)

    device.cancel(by=an_integrated_distributor(), why="No longer made")

    owed = Refund.objects.get()
    assert (owed.amount, owed.subject_ref, owed.state, owed.cause) == (
        Decimal("2500.00"), request.lines.get().cause, "due", "cancelled",
    )  # fmt: skip
    assert LedgerLine.objects.filter(kind="give_back").count() == 1
    page = at_their_desk(ebba).get(f"/requests/{request.ref}/").content.decode()
    assert "2,500.00\xa0SEK is on its way back to the card ending 4242." in page
    letter = Letter.objects.get(template="orders/cancelled")
    assert "2,500.00\xa0SEK is on its way back to the card" in render(letter, at=clock.now()).text
    assert findings() == []

    carry_out()

    [made] = stripe.refunds()
    assert (made["amount"], Refund.objects.get().state) == (250000, "succeeded")
    for desk, path in ((ebba, f"/requests/{request.ref}/"), (an_admin(), f"/devices/{device.ref}/"),
                       (an_admin(), request.orders.get().get_absolute_url()),
                       (ebba, f"/you/orders/{request.orders.get().ref}/")):  # fmt: skip
        page = at_their_desk(desk).get(path).content.decode()
        assert "2,500.00\xa0SEK was refunded to the card ending 4242 on 22 November 2026." in page, path
    assert findings() == []


def test_of_two_devices_one_is_refunded(stripe, ebba):
    _request, (one, _other) = paid_for(stripe, ebba, quantity=2)

    one.cancel(by=an_admin())
    carry_out()

    line = one.order_line.request_line
    assert [made["amount"] for made in stripe.refunds()] == [int(line.overage_gross * 100)]
    assert Attempt.objects.get(kind=KIND).state == "paid"
    assert findings() == []


def test_both_come_to_what_was_paid(stripe, ebba):
    _request, devices = paid_for(stripe, ebba, quantity=2)

    for device in devices:
        device.cancel(by=an_admin())
    carry_out()

    attempt = Attempt.objects.get(kind=KIND)
    assert sum(made["amount"] for made in stripe.refunds()) == attempt.captured
    assert attempt.state == "refunded"
    assert findings() == []


def test_a_process_that_ends_half_way_owes_nothing_and_then_all_of_it_once(stripe, ebba, monkeypatch):
    _request, [device] = paid_for(stripe, ebba)

    class Killed(BaseException):
        pass

    def die(place):
        if place == "CANCEL.mid":
            raise Killed

    monkeypatch.setattr(cancelling, "crash", die)
    with pytest.raises(Killed), transaction.atomic():
        device.cancel(by=an_admin())
    assert not Refund.objects.exists()
    assert not LedgerLine.objects.filter(kind="give_back").exists()

    monkeypatch.undo()
    Device.objects.get(pk=device.pk).cancel(by=an_admin())
    carry_out()
    assert len(stripe.refunds()) == 1
    assert findings() == []


def test_what_an_admin_has_refunded_by_hand_is_not_refunded_twice(stripe, ebba):
    _request, [device] = paid_for(stripe, ebba)
    attempt = Attempt.objects.get(kind=KIND)
    refunds.refund(attempt, amount=Decimal("2500.00"), reason="Asked for", by=an_admin(), at=clock.now())
    carry_out()

    device.cancel(by=an_admin())
    carry_out()

    assert [made["amount"] for made in stripe.refunds()] == [250000]
    assert findings() == []


def test_a_card_that_takes_nothing_back_is_an_admins_to_do(stripe, ebba, at_their_desk):
    request, [device] = paid_for(stripe, ebba, number=REFUND_FAILS_LATER)
    device.cancel(by=an_admin())
    carry_out()
    stripe.standin.tick()
    apply(Attempt.objects.get(kind=KIND), at=clock.now())

    if Refund.objects.get().state != "failed":
        stripe.fail_refund()
        apply(Attempt.objects.get(kind=KIND), at=clock.now())

    assert Refund.objects.get().state == "failed"
    page = at_their_desk(ebba).get(f"/requests/{request.ref}/").content.decode()
    assert "The card did not take the 2,500.00\xa0SEK back. The money is still owed" in page
    assert any("refund" in todo.code for todo in todos(today=clock.today()))
    assert findings() == []


def test_a_late_cancellation_changes_nothing(stripe, ebba):
    """R82: after it was shipped it is somebody's task, never a refund."""
    from velory.journal.reason import Refused

    _request, [device] = paid_for(stripe, ebba)
    device.ship(by=an_integrated_distributor())
    with pytest.raises(Refused):
        device.cancel(by=an_integrated_distributor())
    assert not Refund.objects.exists()
