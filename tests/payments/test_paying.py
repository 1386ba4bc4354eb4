"""One payment from the press on the button to the end, whoever brings the news (reliability R5, R8, R9, R12)."""

from datetime import timedelta
from decimal import Decimal

import pytest

from tests.making import a_person
from tests.payments.making import (
    ACCOUNT,
    a_chair,
    a_payee,
    an_attempt,
    an_open_attempt,
    now,
    said,
    thing_of,
)
from velory import clock
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.payments import refunds, start
from velory.payments.apply import apply
from velory.payments.inbox.models import Route
from velory.payments.inbox.work import work_off
from velory.payments.models import Attempt, Money, Refund
from velory.payments.sales import Why
from velory.payments.sweeping import sweep


@pytest.fixture(autouse=True)
def all_holds(stripe):
    yield
    assert findings() == []


def test_a_payment_is_begun_opened_and_paid(stripe):
    attempt = an_open_attempt(stripe)

    assert attempt.state == "open"
    assert attempt.session_url.startswith(stripe.url)
    session = stripe.session(attempt.session_id)
    assert session["amount_total"] == 166725
    assert session["currency"] == "sek"
    assert session["client_reference_id"] == str(attempt.uuid)
    assert session["success_url"].endswith(f"/payments/{attempt.ref}/")
    assert Route.objects.get(object_id=attempt.session_id).attempt == attempt.uuid

    stripe.pay(attempt.session_url)
    attempt = apply(attempt, at=clock.now())

    assert attempt.state == "paid"
    assert said(thing_of(attempt)) == ["paid"]
    charge = Money.objects.get()
    assert (charge.kind, charge.amount, charge.currency, charge.account) == (
        "charge", Decimal("1667.25"), "SEK", ACCOUNT,
    )  # fmt: skip


def by_webhook(stripe, client, attempt):
    answers = stripe.deliver(client)
    assert {answer.status_code for answer in answers} == {200}
    work_off(wall=clock.wall())


def by_the_page(stripe, client, attempt):
    client.force_login(attempt.person, backend="velory.people.backends.PersonBackend")
    client.post(f"/payments/{attempt.ref}/refresh/")


def by_the_sweeper(stripe, client, attempt):
    sweep(attempt, at=clock.now())


def by_an_admin(stripe, client, attempt):
    apply(attempt, at=clock.now())


@pytest.mark.parametrize("caller", [by_webhook, by_the_page, by_the_sweeper, by_an_admin])
def test_r5_whoever_brings_the_news_alone_completes_a_payment(caller, stripe, client):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)

    caller(stripe, client, attempt)

    assert now(attempt).state == "paid"
    assert said(thing_of(attempt)) == ["paid"]


def test_a_declined_card_leaves_the_page_open(stripe):
    from tests.stripe_standin import DECLINED, Declined

    attempt = an_open_attempt(stripe)
    with pytest.raises(Declined):
        stripe.pay(attempt.session_url, card=DECLINED)

    assert apply(attempt, at=clock.now()).state == "open"
    stripe.pay(attempt.session_url)
    assert apply(attempt, at=clock.now()).state == "paid"


def test_the_same_press_again_leads_to_the_same_page(stripe):
    chair, orjan = a_chair(), a_person()
    first = an_attempt(stripe, thing=chair, person=orjan)
    address = start.checkout(first, at=clock.now())
    again = an_attempt(stripe, thing=chair, person=orjan)

    assert again.pk == first.pk
    assert start.checkout(again, at=clock.now()) == address
    assert len(stripe.sessions()) == 1


def test_r8_another_price_first_expires_the_old_session(stripe):
    chair, orjan = a_chair(), a_person()
    first = an_open_attempt(stripe, thing=chair, person=orjan)
    with pytest.raises(start.OpenAlready) as refused:
        an_attempt(stripe, thing=chair, person=orjan, amount="2000.00")

    assert start.abandon(refused.value.attempt, at=clock.now()) == "expired"
    assert stripe.session(first.session_id)["status"] == "expired"
    assert said(chair) == [f"not paid: {Why.ABANDONED}"]
    assert an_open_attempt(stripe, thing=chair, person=orjan, amount="2000.00").state == "open"


def test_r8_a_session_that_was_paid_in_that_moment_is_adopted(stripe):
    first = an_open_attempt(stripe)
    stripe.knobs.complete_before_expire = 1

    assert start.abandon(first, at=clock.now()) == "paid"
    assert said(thing_of(first)) == ["paid"]
    with pytest.raises(Refused, match="paid already"):
        an_attempt(stripe, thing=thing_of(first), amount="2000.00")


def test_called_off_while_stripe_is_away_is_called_off_by_the_sweeper(stripe):
    attempt = an_open_attempt(stripe)
    from velory.demo.stripe.knobs import Fault

    stripe.knobs.faults.append(Fault("*", does="error", times=0, status=503, stored=False))
    assert start.abandon(attempt, at=clock.now()) == "superseding"
    stripe.knobs.faults.clear()

    assert sweep(now(attempt), at=clock.now()) == "expired"
    assert said(thing_of(attempt)) == [f"not paid: {Why.ABANDONED}"]


def refunded_in_full(stripe, attempt):
    refund = Refund.objects.get(attempt=attempt)
    assert refund.cause == "too_late"
    refunds.carry_out(refund.ref, at=clock.now())
    refunds.carry_out(refund.ref, at=clock.now())
    assert [r["amount"] for r in stripe.refunds()] == [attempt.amount_minor]
    assert now(attempt).state == "refunded"


def test_r9_money_for_a_superseded_session_goes_back_once(stripe):
    attempt = an_open_attempt(stripe)
    start.abandon(attempt, at=clock.now())
    chair = thing_of(attempt)
    chair.name = "gone"
    chair.save()
    stripe.change(attempt.session_id, status="open", url=attempt.session_url)  # as if it had been paid a moment before
    stripe.pay(attempt.session_id)

    assert apply(attempt, at=clock.now()).state == "refund_due"
    apply(attempt, at=clock.now())
    refunded_in_full(stripe, attempt)
    amount = "1667.25"
    assert said(chair) == [f"not paid: {Why.ABANDONED}", f"{Why.TOO_LATE}: {amount}", f"{Why.REFUNDED}: {amount}"]


def test_r9_paying_after_it_was_given_back_is_refunded(stripe):
    attempt = an_open_attempt(stripe)
    chair = thing_of(attempt)
    chair.name = "gone"
    chair.save()
    stripe.pay(attempt.session_url)

    assert apply(attempt, at=clock.now()).state == "refund_due"
    refunded_in_full(stripe, attempt)


def test_r9_of_two_payments_for_one_thing_the_second_goes_back(stripe):
    chair = a_chair()
    first = an_open_attempt(stripe, thing=chair)
    start.abandon(first, at=clock.now())
    second = an_open_attempt(stripe, thing=chair, amount="2000.00")
    stripe.change(first.session_id, status="open", url=first.session_url)
    stripe.pay(first.session_id)
    stripe.pay(second.session_id)

    assert apply(second, at=clock.now()).state == "paid"
    assert apply(first, at=clock.now()).state == "refund_due"
    refunded_in_full(stripe, first)
    assert now(second).state == "paid"


def test_money_that_comes_late_for_what_is_still_free_buys_it(stripe):
    attempt = an_open_attempt(stripe)
    start.abandon(attempt, at=clock.now())
    stripe.change(attempt.session_id, status="open", url=attempt.session_url)
    stripe.pay(attempt.session_id)

    assert apply(attempt, at=clock.now()).state == "paid"


def test_a_seller_who_refuses_at_the_last_moment_keeps_no_money(stripe, monkeypatch):
    from tests.payments.making import Chairs
    from velory.journal.reason import Reason

    def refuse(self, thing, attempt, *, at):
        thing.name = "half done"
        thing.save()
        raise Refused(Reason("no", "No."))

    monkeypatch.setattr(Chairs, "paid", refuse)
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)

    assert apply(attempt, at=clock.now()).state == "refund_due"
    assert thing_of(attempt).name.startswith("free")
    refunded_in_full(stripe, attempt)


def test_r16_a_session_ends_with_the_right_to_buy(stripe):
    at = clock.now()
    attempt = an_open_attempt(stripe, until=at + timedelta(hours=2))

    left = stripe.session(attempt.session_id)["expires_at"] - clock.wall().timestamp()
    assert timedelta(hours=2).total_seconds() - 30 < left <= timedelta(hours=2).total_seconds()
    assert an_attempt(stripe, until=at + timedelta(days=9)).expires_at == at + timedelta(hours=23)


def test_r16_no_session_is_opened_in_the_last_half_hour(stripe):
    at = clock.now()
    with pytest.raises(Refused, match="half an hour"):
        an_attempt(stripe, until=at + timedelta(minutes=29))
    assert an_open_attempt(stripe, until=at + timedelta(minutes=31)).state == "open"


def test_r16_a_session_that_our_clock_has_left_behind_is_closed(stripe, at):
    attempt = an_open_attempt(stripe)
    at(clock.now() + timedelta(hours=24))

    assert sweep(attempt, at=clock.now()) == "expired"
    assert stripe.session(attempt.session_id)["status"] == "expired"
    assert said(thing_of(attempt)) == [f"not paid: {Why.EXPIRED}"]


@pytest.mark.parametrize(("amount", "currency", "words"), [
    ("0", "SEK", "nothing to pay"), ("-1", "SEK", "nothing to pay"), ("0.49", "EUR", "too small"),
    ("2.99", "SEK", "too small"), ("1000000.00", "EUR", "too large"), ("100000000", "JPY", "too large"),
])  # fmt: skip
def test_an_amount_that_no_card_pays_is_refused_with_words(amount, currency, words, stripe):
    with pytest.raises(Refused, match=words):
        an_attempt(stripe, amount=amount, currency=currency)
    assert Attempt.objects.count() == 0


@pytest.mark.parametrize(("amount", "currency", "minor"), [
    ("999999.99", "EUR", 99999999), ("1500", "JPY", 1500), ("1667.25", "SEK", 166725), ("5000", "ISK", 500000),
    ("12.500", "KWD", 12500),
])  # fmt: skip
def test_the_amount_on_the_page_is_the_amount_to_the_last_unit(amount, currency, minor, stripe):
    attempt = an_open_attempt(stripe, amount=amount, currency=currency)
    assert stripe.session(attempt.session_id)["amount_total"] == minor
    stripe.pay(attempt.session_id)
    attempt = apply(attempt, at=clock.now())
    assert attempt.state == "paid"
    assert attempt.amount == Decimal(amount) == attempt.money.get().amount


@pytest.mark.parametrize(("facts", "words"), [
    ({"account": ""}, "not connected an account"),
    ({"charges_enabled": False}, "cannot take card payments"),
    ({"disconnected_at": "2026-11-20T08:00Z"}, "disconnected"),
])  # fmt: skip
def test_nobody_is_paid_who_cannot_take_money(facts, words, stripe):
    payee = a_payee(stripe, key="partner/B-1", **facts)
    with pytest.raises(Refused, match=words):
        an_attempt(stripe, payee=now(payee))


def test_without_a_key_payments_are_not_set_up(stripe, settings):
    settings.STRIPE_SECRET_KEY = ""
    with pytest.raises(Refused, match="not set up"):
        an_attempt(stripe)
    settings.STRIPE_SECRET_KEY = stripe.key
