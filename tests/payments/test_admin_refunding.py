"""An admin gives money back: no more than is left, once however often it is pressed, and never by accident."""

from decimal import Decimal

import pytest

from tests.making import a_person, an_admin
from tests.payments.desk import a_mismatch, a_paid_payment, words
from tests.payments.making import an_open_attempt
from tests.racing import at_once
from velory import clock
from velory.payments import agenda
from velory.payments.apply import apply
from velory.payments.models import Attempt, Refund
from velory.payments.refundable import refund_as_seen
from velory.payments.screens.forms import read_amount
from velory.tenancy.context import current_company


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


def address(attempt):
    return f"/payments/{attempt.ref}/record/refund/"


def press(desk, payment, amount="100.00", *, reason="Paid twice", understood="on", left=None, **more):
    left = payment.refundable if left is None else left
    return desk.post(
        address(payment), {"amount": amount, "reason": reason, "understood": understood, "left": left} | more
    )


def made():
    return [(refund.amount, refund.note, refund.state) for refund in Refund.objects.order_by("pk")]


@pytest.fixture
def paid(stripe):
    return a_paid_payment(stripe, amount="1667.25", person=a_person("Karin", "Ström"))


def test_the_page_says_what_follows_before_its_button(desk, paid):
    page = words(desk.get(address(paid)))
    for said in (
        "Refund Karin Ström?", "Left to refund 1,667.25 SEK", "A refund can’t be taken back.",
        "back to the card that paid", "What was bought stays bought",
    ):  # fmt: skip
        assert said in page
        assert page.index(said) < page.index("Refund this amount")
    assert not Refund.objects.exists()


def test_some_of_it_goes_back_and_the_rest_is_left(stripe, desk, paid):
    assert press(desk, paid, "67.25").status_code == 303
    assert made() == [(Decimal("67.25"), "Paid twice", "due")]
    agenda.give_it_back(Refund.objects.get().ref, clock.now())
    assert [refund["amount"] for refund in stripe.refunds()] == [67_25]
    page = words(desk.get(f"/payments/{paid.ref}/record/"))
    assert "Left to refund 1,600.00 SEK" in page
    assert "Nils Wikström decided to refund 67.25 SEK: Paid twice" in page


def test_all_of_it_makes_the_payment_refunded(desk, paid):
    press(desk, paid, "1667.25")
    agenda.give_it_back(Refund.objects.get().ref, clock.now())
    assert Attempt.objects.get().state == "refunded"
    assert "Everything has been refunded." in words(desk.get(address(paid)))
    assert desk.get(address(paid)).status_code == 409


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("1667,25", "1667.25"), ("1667.25", "1667.25"), ("1 667,25", "1667.25"),
        ("1\N{NO-BREAK SPACE}667,25", "1667.25"),
        ("1,667.25", "1667.25"), ("1.667,25", "1667.25"), (" 100 ", "100"), ("0,5", "0.5"),
    ],
)  # fmt: skip
def test_amounts_are_read_as_people_write_them(written, meant):
    assert read_amount(written) == Decimal(meant)


@pytest.mark.parametrize(
    "written",
    ["", "-1", "+1", "1e309", "1e3", "NaN", "Infinity", "-0", "1,667", "1.667", "1,2,3", "1.1.1", "1 66", "１００", "٣",
     "0x10", "100 SEK", "1_000", "=1+1", "9" * 41, "1,667,25", "12,345,6", "--", "\0"],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_in_none_is_asked_again(desk, paid, written):
    assert read_amount(written) is None
    answer = press(desk, paid, written)
    assert answer.status_code == 422
    assert not Refund.objects.exists()


@pytest.mark.parametrize("amount", ["0", "0,00", "1667.26", "1667.255", "99999999999", "0.001"])
def test_nothing_less_than_a_step_and_no_more_than_is_left(desk, paid, amount):
    assert press(desk, paid, amount).status_code == 422
    assert not Refund.objects.exists()


def test_a_currency_without_decimals_takes_none(stripe, desk):
    paid = a_paid_payment(stripe, amount="5000", currency="JPY")
    assert press(desk, paid, "100.5").status_code == 422
    assert press(desk, paid, "100").status_code == 303
    assert made() == [(Decimal(100), "Paid twice", "due")]


@pytest.mark.parametrize("missing", ["reason", "understood"])
def test_a_reason_and_the_tick_are_asked_for(desk, paid, missing):
    answer = press(desk, paid, **{missing: ""})
    assert answer.status_code == 422
    assert not Refund.objects.exists()


def test_pressed_twice_it_is_made_once(desk, paid):
    left = paid.refundable
    assert press(desk, paid, "100", left=left).status_code == 303
    answer = press(desk, paid, "100", left=left)
    assert answer.status_code == 409
    assert "1,567.25 SEK is left now" in words(answer)
    assert len(made()) == 1


def test_a_page_that_is_no_longer_so_refunds_nothing(stripe, desk, paid):
    left = paid.refundable
    stripe.refund_by_hand(amount=1000_00)
    answer = press(desk, paid, "1667.25", left=left)
    assert answer.status_code == 409
    assert "667.25 SEK is left now" in words(answer)
    assert not Refund.objects.filter(cause="by_admin").exists()


@pytest.mark.parametrize("left", ["", "-5", "99999999999999", "1e9", "10000000"])
def test_what_the_form_says_to_be_left_is_no_fact(desk, paid, left):
    assert press(desk, paid, "1667.25", left=left).status_code in {409, 422}
    assert press(desk, paid, "5000", left=left).status_code in {409, 422}
    assert not Refund.objects.exists()


def test_another_currency_price_or_payment_in_the_form_changes_nothing(stripe, desk, paid):
    other = a_paid_payment(stripe)
    press(desk, paid, "100", currency="JPY", amount_minor="1", attempt=other.ref, by="1", cause="too_late")
    [refund] = Refund.objects.all()
    assert (refund.attempt, refund.currency, refund.cause) == (paid, "SEK", "by_admin")


def test_only_admins_refund(at_their_desk, client, paid):
    for who in (a_person(), a_person(role="purchase_manager"), paid.person):
        assert press(at_their_desk(who), paid).status_code == 403
    assert press(client, paid).status_code == 302
    assert not Refund.objects.exists()


def test_what_was_not_paid_is_not_refunded(stripe, desk):
    opened = an_open_attempt(stripe)
    answer = desk.get(address(opened))
    assert answer.status_code == 409
    assert "No money came" in words(answer)
    assert "Refund: No money came" in words(desk.get(f"/payments/{opened.ref}/record/"))


def test_a_disputed_payment_has_nothing_left(stripe, desk, paid):
    stripe.dispute()
    apply(paid, at=clock.now())
    assert "because of a dispute" in words(desk.get(address(paid)))


def test_money_of_a_mismatch_is_refunded_by_an_admin(stripe, desk):
    odd = a_mismatch(stripe, paid=True)
    assert press(desk, odd, "1667.25", reason="Wrong amount").status_code == 303
    agenda.give_it_back(Refund.objects.get().ref, clock.now())
    assert Attempt.objects.get().state == "refunded"


def test_a_silent_stripe_refunds_nothing_and_says_so(stripe, desk, paid):
    left = paid.refundable
    stripe.fails("GET /v1/checkout/sessions/*", times=0)
    answer = press(desk, paid, left=left)
    assert answer.status_code == 409
    assert "Stripe does not answer" in words(answer)
    assert not Refund.objects.exists()


def test_where_the_account_is_gone_the_refund_is_made_at_stripe(stripe, desk, paid):
    paid.payee.disconnected_at = clock.now()
    paid.payee.save()
    answer = desk.get(address(paid))
    assert answer.status_code == 409
    assert "The refund is made at Stripe itself." in words(answer)


@pytest.mark.races
def test_eight_presses_at_the_same_moment_make_one_refund(stripe, race_company):
    paid, admin = a_paid_payment(stripe), an_admin()
    left = paid.refundable

    def press_now(_n):
        refund_as_seen(paid, amount=Decimal(100), reason="Twice", left=left, by=admin, at=clock.now())

    said = at_once(race_company, 8, press_now)
    assert said.count(None) == 1
    assert Refund.objects.count() == 1
    assert current_company() == race_company
