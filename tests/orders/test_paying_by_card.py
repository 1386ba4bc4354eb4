"""What goes over a budget is paid by personal card: saved at checkout, charged on approval, given back on cancellation
(spec 3). Nothing is ordered that was not paid, and nothing is kept that was not ordered."""

from datetime import time, timedelta
from decimal import Decimal

import pytest

from assets.lifecycle import Status
from assets.models import Device
from orders.models import LedgerLine, Order, ProductRequest, StoreSettings
from orders.overage.card import refund_of
from orders.overage.due import KIND, last_day_to_pay, pay_until
from orders.overage.planned import letter_to_come as reminder_letter
from orders.prices import Mode
from orders.requests import going_through
from tests.making import a_person, an_admin
from tests.orders.asking import a_cart, a_phone, a_sent_request
from tests.orders.making import a_budget, given
from tests.payments.making import ACCOUNT, a_payee, now
from tests.payments.saving import DECLINED_LATER, GOOD, a_saved_card, state_of
from tests.stripe_standin import ASKS
from velory import clock
from velory.agenda import book
from velory.journal.invariants import findings
from velory.journal.reason import Reason, Refused
from velory.payments import cards
from velory.payments.apply import apply
from velory.payments.models import Attempt, Card, Refund
from velory.post.models import Letter

OVER, WITH_VAT = Decimal("490.00"), 61250


@pytest.fixture
def ebba(stripe):
    a_payee(stripe)
    StoreSettings.to_change()
    StoreSettings.objects.update(personal_card=True, payment_days=7)
    return given(a_person(language="en"), a_budget(phones=(9000, 3, 24, Mode.ONE_OFF)))


def work(times=4):
    """What is due now is done."""
    for _ in range(times):
        book.dispatch(apart_too=True)


def a_request_by_card(stripe, ebba, number=GOOD, **more):
    """A phone for 9,490.00 SEK, of which a card bears 490.00 and VAT."""
    card = a_saved_card(stripe, number, person=ebba)
    return a_sent_request(ebba, overage="card", card_ref=card.ref, **more)


def approved(stripe, ebba, number=GOOD, **more):
    request = a_request_by_card(stripe, ebba, number, **more)
    request.approve(by=an_admin(), at=clock.now())
    work()
    return now(request)


def card_of(request):
    return Card.objects.get(ref=request.card_ref)


def letters(template):
    return list(Letter.objects.filter(template=f"orders/{template}").order_by("pk"))


def test_the_card_is_charged_on_approval_and_then_it_is_ordered(stripe, ebba):
    request = a_request_by_card(stripe, ebba)
    assert stripe.charges() == []

    request.approve(by=an_admin(), at=clock.now())
    assert now(request).status == "payment_needed"
    assert Order.objects.count() == 0
    work()

    assert now(request).status == "approved"
    assert [charge["amount"] for charge in stripe.charges()] == [WITH_VAT]
    assert Device.objects.get().status == Status.ORDERED
    assert LedgerLine.objects.total() == -9000
    assert state_of(card_of(request)) == "forgotten"
    assert letters("payment_needed") == []
    assert findings() == []


@pytest.mark.parametrize(("number", "why"), [(ASKS, "needs_person"), (DECLINED_LATER, "declined")])
def test_where_the_bank_wants_them_they_get_a_letter_and_pay_by_themselves(stripe, ebba, number, why, at_their_desk):
    request = approved(stripe, ebba, number)

    assert (request.status, Order.objects.count()) == ("payment_needed", 0)
    [letter] = letters("payment_needed")
    assert (letter.person, letter.context["why"], letter.state) == (ebba, why, "sent")
    desk = at_their_desk(ebba)
    assert "Pay 612.50" in desk.get(f"/requests/{request.ref}/").text.replace("\N{NO-BREAK SPACE}", " ")
    assert desk.get(f"/requests/{request.ref}/pay/").status_code == 200
    gone = desk.post(f"/requests/{request.ref}/pay/")
    assert (gone.status_code, gone["Location"].startswith(stripe.url)) == (303, True)
    stripe.pay(gone["Location"], GOOD)
    [attempt] = Attempt.objects.about(KIND, request.ref).open()
    apply(attempt, at=clock.now())
    work()

    assert now(request).status == "approved"
    assert Device.objects.count() == 1
    assert [charge["amount"] for charge in stripe.charges()] == [WITH_VAT]
    assert state_of(card_of(request)) == "forgotten"
    assert findings() == []


def test_whoever_does_not_pay_is_reminded_and_then_it_is_withdrawn(stripe, ebba, at):
    request = approved(stripe, ebba, ASKS)
    last_day = last_day_to_pay(request)

    at(clock.local(last_day - timedelta(days=1), time(8)))
    work()
    assert len(letters("payment_reminder")) == 1
    at(pay_until(request))
    work()

    assert now(request).status == "withdrawn"
    assert (LedgerLine.objects.total(), Order.objects.count()) == (0, 0)
    assert state_of(card_of(request)) == "forgotten"
    assert stripe.charges() == []
    assert findings() == []


def test_money_that_comes_when_it_is_withdrawn_goes_back(stripe, ebba, at_their_desk):
    request = approved(stripe, ebba, ASKS)
    page = at_their_desk(ebba).post(f"/requests/{request.ref}/pay/")["Location"]
    now(request).withdraw(by=ebba, at=clock.now())
    stripe.pay(page, GOOD)
    work()

    assert now(request).status == "withdrawn"
    assert [refund["amount"] for refund in stripe.refunds()] == [WITH_VAT]
    assert [letter.context["why"] for letter in letters("money_back")] == ["too_late"]
    assert findings() == []


def test_a_request_that_is_rejected_charges_nothing_and_forgets_the_card(stripe, ebba):
    request = a_request_by_card(stripe, ebba)
    request.reject(by=an_admin(), at=clock.now())
    work()

    assert (stripe.charges(), state_of(card_of(request))) == ([], "forgotten")
    assert stripe.all_of("payment_method")[0]["customer"] is None


def test_a_card_that_another_request_needs_is_kept(stripe, ebba):
    card = a_saved_card(stripe, person=ebba)
    first, second = (a_sent_request(ebba, a_phone(p), overage="card", card_ref=card.ref) for p in (9490, 12000))
    first.reject(by=an_admin(), at=clock.now())
    work()
    assert state_of(card) == "saved"

    second.reject(by=an_admin(), at=clock.now())
    work()
    assert state_of(card) == "forgotten"


def test_what_was_cancelled_goes_back_to_the_card_once(stripe, ebba):
    request = approved(stripe, ebba)
    Device.objects.get().cancel(by=an_admin(), at=clock.now(), why="Out of stock")
    work()

    assert [refund["amount"] for refund in stripe.refunds()] == [WITH_VAT]
    assert refund_of(request.lines_in_order[0], at=clock.now()) == Refund.objects.get()
    assert LedgerLine.objects.total() == 0
    assert [letter.context["why"] for letter in letters("money_back")] == ["refunded"]
    assert findings() == []


def test_of_several_devices_each_goes_back_for_itself(stripe, ebba):
    request = approved(stripe, ebba, quantity=2)
    for device in Device.objects.order_by("pk"):
        device.cancel(by=an_admin(), at=clock.now(), why="")
    work()

    total = sum(line.overage_gross for line in request.lines_in_order)
    assert sum(refund["amount"] for refund in stripe.refunds()) == total * 100
    assert Attempt.objects.get(kind=KIND).state == "refunded"
    assert findings() == []


def test_an_account_that_is_disconnected_meanwhile_asks_the_person_to_pay(stripe, ebba):
    request = a_request_by_card(stripe, ebba)
    stripe.disconnect(ACCOUNT)
    request.approve(by=an_admin(), at=clock.now())
    work()

    assert now(request).status == "payment_needed"
    assert len(letters("payment_needed")) == 1
    assert (stripe.charges(), Order.objects.count()) == ([], 0)
    stripe.connect(ACCOUNT)
    assert findings() == []


def test_a_card_that_was_taken_away_meanwhile_asks_the_person_to_pay(stripe, ebba):
    request = a_request_by_card(stripe, ebba)
    card = card_of(request)
    stripe.client().v1.payment_methods.detach(card.method_id, options={"stripe_account": ACCOUNT})
    request.approve(by=an_admin(), at=clock.now())
    work()

    assert now(request).status == "payment_needed"
    assert len(letters("payment_needed")) == 1
    assert findings() == []
    cards.look_at(card, at=clock.now())
    assert state_of(card) == "forgotten"


def test_the_reminder_stands_on_the_page_of_planned_mail(stripe, ebba, at_their_desk):
    request = approved(stripe, ebba, ASKS)
    desk = at_their_desk(an_admin())
    assert "Payment needed, a day before it is too late" in desk.get("/mail/planned/?days=30").text
    assert reminder_letter(request.ref).person == ebba


def test_an_account_that_is_known_to_be_gone_asks_the_person_to_pay_and_says_why_not(stripe, ebba, at_their_desk):
    request = a_request_by_card(stripe, ebba)
    payee = a_payee()
    payee.disconnected_at = clock.now()
    payee.save()
    request.approve(by=an_admin(), at=clock.now())
    work()

    assert [letter.context["why"] for letter in letters("payment_needed")] == [""]
    assert Attempt.objects.count() == 0
    refused = at_their_desk(ebba).post(f"/requests/{request.ref}/pay/")
    assert refused.status_code == 409
    assert "disconnected" in refused.text


def test_approved_twice_it_is_charged_once(stripe, ebba):
    request = a_request_by_card(stripe, ebba)
    twin = ProductRequest.objects.get(pk=request.pk)
    request.approve(by=an_admin(), at=clock.now())
    with pytest.raises(Refused):
        twin.approve(by=an_admin(), at=clock.now())
    work()
    assert len(stripe.charges()) == 1


def test_what_may_not_be_ordered_any_more_when_it_is_paid_goes_back_and_is_withdrawn(stripe, ebba, monkeypatch):
    def refuse(request, *, at):
        raise Refused(Reason("quota", "No more of these."))

    request = a_request_by_card(stripe, ebba)
    request.approve(by=an_admin(), at=clock.now())
    monkeypatch.setattr(going_through, "order", refuse)
    work()

    assert now(request).status == "withdrawn"
    assert [refund["amount"] for refund in stripe.refunds()] == [WITH_VAT]
    assert LedgerLine.objects.total() == 0
    assert findings() == []


def test_it_is_pressed_to_pay_while_the_card_is_charged_and_the_charge_comes_first(stripe, ebba, at_their_desk):
    request = a_request_by_card(stripe, ebba)
    request.approve(by=an_admin(), at=clock.now())
    pressed = at_their_desk(ebba).post(f"/requests/{request.ref}/pay/")

    assert pressed.status_code == 409
    assert now(request).status == "approved"
    assert len(stripe.charges()) == 1
    assert [session["mode"] for session in stripe.sessions()] == ["setup"]


def test_at_checkout_a_card_is_saved_and_it_comes_back(stripe, ebba, at_their_desk):
    a_cart(ebba, a_phone())
    desk = at_their_desk(ebba)
    assert "Save a card" in desk.get("/store/checkout/").text
    gone = desk.post("/store/checkout/card/")
    assert (gone.status_code, gone["Location"].startswith(stripe.url)) == (303, True)
    stripe.pay(gone["Location"])
    card = cards.look_at(Card.objects.get(), at=clock.now())
    assert (card.back_to, card.is_saved) == ("/store/checkout/", True)
    assert "Visa ending in 4242" in desk.get("/store/checkout/").text


def test_a_company_without_an_account_says_so_in_the_cart(stripe, ebba, at_their_desk):
    a_payee().delete()
    a_cart(ebba, a_phone())
    assert "Your company takes no cards yet." in at_their_desk(ebba).get("/store/cart/").text


def test_nobody_pays_for_somebody_else(stripe, ebba, at_their_desk):
    request = approved(stripe, ebba, ASKS)
    for other in (a_person(), an_admin()):
        assert at_their_desk(other).post(f"/requests/{request.ref}/pay/").status_code == 404
