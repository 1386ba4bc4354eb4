"""Refunds and disputes, as Stripe tells them (reliability R13, R14, FI-9)."""

from decimal import Decimal

import pytest

from tests.making import an_admin
from tests.payments.making import an_open_attempt, now, said, thing_of
from tests.stripe_standin import DISPUTED, REFUND_FAILS_LATER, REFUND_IS_SLOW
from velory import clock
from velory.journal.invariants import findings
from velory.payments import matters, refunds
from velory.payments.apply import apply
from velory.payments.models import Refund
from velory.payments.sales import Why


def a_paid_attempt(stripe, card="4242424242424242", amount="1000.00"):
    attempt = an_open_attempt(stripe, amount=amount)
    stripe.pay(attempt.session_url, card=card)
    return apply(attempt, at=clock.now())


def give_back(attempt, amount):
    refund = refunds.refund(attempt, amount=Decimal(amount), reason="A dent", by=an_admin(), at=clock.now())
    return refunds.carry_out(refund.ref, at=clock.now())


def test_a_part_is_refunded_and_the_rest_later(stripe):
    attempt = a_paid_attempt(stripe)
    assert give_back(attempt, "400.00").state == "succeeded"
    assert (now(attempt).state, now(attempt).refundable) == ("paid", 60000)
    assert give_back(attempt, "600.00").state == "succeeded"
    assert (now(attempt).state, now(attempt).refundable) == ("refunded", 0)
    assert said(thing_of(attempt)) == ["paid", f"{Why.REFUNDED}: 400.00", f"{Why.REFUNDED}: 600.00"]
    assert findings() == []


def test_r14_a_refund_goes_to_the_intent_that_paid_on_its_account(stripe):
    attempt = a_paid_attempt(stripe)
    give_back(attempt, "400.00")
    (made,) = stripe.refunds()
    assert made["payment_intent"] == attempt.intent_id
    assert made["_place"][0] == attempt.account


def test_r14_fi_9_a_refund_that_fails_afterwards_is_owed_again_and_the_admins_know(stripe):
    attempt = a_paid_attempt(stripe, card=REFUND_FAILS_LATER)
    assert give_back(attempt, "1000.00").state == "succeeded"
    assert now(attempt).state == "refunded"

    stripe.clock.push(hours=2)
    stripe.refunds()
    attempt = apply(attempt, at=clock.now())

    refund = Refund.objects.get()
    assert (attempt.state, refund.state, refund.settled_at) == ("refund_due", "failed", None)
    assert attempt in matters.needing_attention()
    assert (attempt.given_back, attempt.refundable) == (0, 100000)
    assert said(thing_of(attempt))[-1] == f"{Why.REFUND_FAILED}: 1000.00"
    assert refunds.carry_out(refund.ref, at=clock.now()).state == "failed"
    assert len(stripe.refunds()) == 1, "no second try on the same card by itself"
    assert findings() == []


def test_a_refund_that_takes_its_time_is_looked_at_until_it_is_made(stripe):
    attempt = a_paid_attempt(stripe, card=REFUND_IS_SLOW)
    assert give_back(attempt, "1000.00").state == "pending"
    assert now(attempt).state == "paid"
    assert now(attempt).refundable == 0
    stripe.clock.push(hours=2)
    stripe.refunds()
    assert refunds.carry_out(Refund.objects.get().ref, at=clock.now()).state == "succeeded"
    assert now(attempt).state == "refunded"


def test_a_refund_that_stripe_will_not_make_waits_for_an_admin(stripe):
    attempt = a_paid_attempt(stripe)
    refund = refunds.refund(attempt, amount=Decimal("1000.00"), reason="", by=an_admin(), at=clock.now())
    stripe.disconnect(attempt.account)
    with pytest.raises(Exception, match="access"):
        refunds.carry_out(refund.ref, at=clock.now())
    assert now(refund).state == "failed"
    assert attempt in matters.needing_attention()
    assert said(thing_of(attempt)) == ["paid", f"{Why.REFUND_FAILED}: 1000.00"]


def test_a_refund_made_at_stripe_is_known_as_such(stripe):
    attempt = a_paid_attempt(stripe)
    client = stripe.client()
    client.v1.refunds.create({"payment_intent": attempt.intent_id}, {"stripe_account": attempt.account})

    assert apply(attempt, at=clock.now()).state == "refunded"
    assert Refund.objects.get().cause == "at_stripe"
    apply(attempt, at=clock.now())
    assert Refund.objects.count() == 1


def test_a_refund_made_at_stripe_takes_the_place_of_one_that_was_not_yet_sent(stripe):
    attempt = a_paid_attempt(stripe)
    ours = refunds.refund(attempt, amount=Decimal("1000.00"), reason="", by=an_admin(), at=clock.now())
    client = stripe.client()
    client.v1.refunds.create({"payment_intent": attempt.intent_id}, {"stripe_account": attempt.account})

    assert apply(attempt, at=clock.now()).state == "refunded"
    assert now(ours).state == "failed"
    assert now(ours).settled_at
    refunds.carry_out(ours.ref, at=clock.now())
    assert len(stripe.refunds()) == 1
    assert findings() == []


def test_a_dispute_is_shown_to_the_admins_and_takes_what_could_be_refunded(stripe):
    attempt = a_paid_attempt(stripe, card=DISPUTED)
    attempt = apply(attempt, at=clock.now())
    assert attempt.state == "paid"
    assert (attempt.disputed, attempt.refundable) == (100000, 0)
    assert attempt in matters.needing_attention()
    assert said(thing_of(attempt)) == ["paid", f"{Why.DISPUTED}: 1000.00"]


@pytest.mark.parametrize(("won", "left", "told"), [(True, 100000, Why.DISPUTE_WON), (False, 0, Why.DISPUTE_LOST)])
def test_a_dispute_ends_one_way_or_the_other(won, left, told, stripe):
    attempt = a_paid_attempt(stripe)
    stripe.dispute()
    apply(attempt, at=clock.now())
    stripe.decide_dispute(won=won)
    attempt = apply(attempt, at=clock.now())
    apply(attempt, at=clock.now())

    assert attempt.refundable == left
    assert attempt not in matters.needing_attention()
    assert said(thing_of(attempt)) == ["paid", f"{Why.DISPUTED}: 1000.00", f"{told}: 1000.00"]
    assert findings() == []


def test_a_mismatch_whose_money_was_refunded_opens_the_choice_again(stripe):
    attempt = an_open_attempt(stripe, amount="1000.00")
    stripe.pay(attempt.session_url)
    stripe.change(attempt.session_id, amount_total=1)
    attempt = apply(attempt, at=clock.now())
    assert attempt.state == "mismatch"
    give_back(attempt, "1000.00")
    assert now(attempt).state == "refunded"
    assert said(thing_of(attempt)) == [f"{Why.REFUNDED}: 1000.00", f"not paid: {Why.MISMATCH}"]
    assert findings() == []
