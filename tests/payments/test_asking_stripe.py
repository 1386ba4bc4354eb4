"""Asking Stripe: once for each thing, outside transactions, no longer than a person waits (R10, R11, FI-6, FI-8)."""

import time

import pytest
from django.db import transaction

from tests.making import an_admin
from tests.payments.making import an_attempt, an_open_attempt, now, said, thing_of
from velory import clock
from velory.demo.stripe.knobs import Fault
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.payments import gateway, refunds, start
from velory.payments.apply import apply
from velory.payments.errors import InTransaction, Unreachable
from velory.payments.models import Refund
from velory.payments.sweeping import sweep


def a_refund(stripe):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    attempt = apply(attempt, at=clock.now())
    return refunds.refund(attempt, amount=attempt.amount, reason="A dent", by=an_admin(), at=clock.now())


def hours_later(monkeypatch, hours):
    from datetime import timedelta

    wall = clock.wall
    monkeypatch.setattr(clock, "wall", lambda: wall() + timedelta(hours=hours))


def test_r10_every_write_carries_a_key_of_our_row(stripe):
    refund = a_refund(stripe)
    refunds.carry_out(refund.ref, at=clock.now())
    keys = {row["key"] for row in stripe.state.things.values() if row["object"] == "idempotent"}
    assert {f"attempt:{refund.attempt.uuid}:create", f"refund:{refund.uuid}"} <= keys


def test_r10_an_answer_that_was_lost_is_asked_for_again_with_the_same_key(stripe):
    attempt = an_attempt(stripe)
    stripe.knobs.faults.append(Fault("POST /v1/checkout/sessions", does="cut", done=True))
    with pytest.raises(Unreachable):
        start.checkout(attempt, at=clock.now())
    assert now(attempt).state == "creating"

    assert start.checkout(attempt, at=clock.now())
    assert len(stripe.sessions()) == 1


def test_r10_after_a_day_stripe_is_searched_before_it_is_asked(stripe, monkeypatch):
    attempt = an_attempt(stripe)
    stripe.knobs.faults.append(Fault("POST /v1/checkout/sessions", does="cut", done=True))
    with pytest.raises(Unreachable):
        start.checkout(attempt, at=clock.now())
    (session,) = stripe.sessions()
    stripe.pay(session["id"])
    stripe.clock.push(hours=25)
    hours_later(monkeypatch, 25)

    assert sweep(attempt, at=clock.now()) == "paid"
    assert len(stripe.sessions()) == 1


def test_r10_a_refund_whose_answer_was_lost_is_made_once_even_after_a_day(stripe, monkeypatch):
    refund = a_refund(stripe)
    stripe.knobs.faults.append(Fault("POST /v1/refunds", does="cut", done=True))
    with pytest.raises(Unreachable):
        refunds.carry_out(refund.ref, at=clock.now())
    stripe.clock.push(hours=25)
    hours_later(monkeypatch, 25)

    assert refunds.carry_out(refund.ref, at=clock.now()).state == "succeeded"
    assert len(stripe.refunds()) == 1
    assert now(refund.attempt).state == "refunded"


def test_r10_a_refund_that_never_arrived_is_made_after_a_day_under_another_key(stripe, monkeypatch):
    refund = a_refund(stripe)
    stripe.knobs.faults.append(Fault("POST /v1/refunds", does="cut"))
    stripe.knobs.faults.append(Fault("POST /v1/refunds", status=503, stored=False))
    with pytest.raises(Unreachable):
        refunds.carry_out(refund.ref, at=clock.now())
    stripe.clock.push(hours=25)
    hours_later(monkeypatch, 25)
    stripe.knobs.faults.clear()

    assert refunds.carry_out(refund.ref, at=clock.now()).state == "succeeded"
    assert len(stripe.refunds()) == 1


@pytest.mark.parametrize("done", [False, True])
def test_fi_6_an_error_stored_under_our_key_is_got_over_without_a_second_session(done, stripe):
    attempt = an_attempt(stripe)
    stripe.knobs.faults.append(Fault("POST /v1/checkout/sessions", status=500, stored=True, done=done))
    with pytest.raises(Unreachable):
        start.checkout(attempt, at=clock.now())

    assert start.checkout(attempt, at=clock.now())
    assert len(stripe.sessions()) == 1
    assert now(attempt).tries == (1 if done else 2)


@pytest.mark.parametrize("done", [False, True])
def test_fi_6_the_same_for_a_refund(done, stripe):
    refund = a_refund(stripe)
    stripe.knobs.faults.append(Fault("POST /v1/refunds", status=500, stored=True, done=done))
    with pytest.raises(Unreachable):
        refunds.carry_out(refund.ref, at=clock.now())

    assert refunds.carry_out(refund.ref, at=clock.now()).state == "succeeded"
    assert len(stripe.refunds()) == 1


def test_r11_nobody_asks_stripe_while_a_transaction_is_open(stripe):
    attempt = an_open_attempt(stripe)
    for ask in (
        lambda: gateway.look(attempt.session_id, account=attempt.account),
        lambda: apply(attempt, at=clock.now()),
        lambda: gateway.expire_session(attempt.session_id, account=attempt.account),
    ):
        with transaction.atomic(), pytest.raises(InTransaction):
            ask()


def test_fi_8_a_stripe_that_stalls_keeps_nobody_longer_than_ten_seconds(stripe, monkeypatch):
    from velory.payments import line

    monkeypatch.setattr(line, "READING", 0.5)
    attempt = an_open_attempt(stripe)
    stripe.knobs.faults.append(Fault("*", does="stall", seconds=2, times=0))
    began = time.monotonic()
    with pytest.raises(Unreachable):
        apply(attempt, at=clock.now())
    assert time.monotonic() - began < 1.5
    assert line.PATIENCE < 10
    stripe.knobs.faults.clear()


def test_fi_8_slow_answers_add_up_to_no_more_than_that(stripe, monkeypatch):
    from velory.payments import line

    monkeypatch.setattr(line, "PATIENCE", 1.0)
    with line.patience(1.0):
        attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    stripe.knobs.faults.append(Fault("*", does="stall", seconds=0.4, times=0))
    began = time.monotonic()
    with pytest.raises(Unreachable), line.patience(1.0):
        apply(attempt, at=clock.now())
    assert time.monotonic() - began < 2
    stripe.knobs.faults.clear()


def test_what_stripe_will_not_prepare_ends_the_attempt_with_words(stripe):
    stripe_account = an_attempt(stripe)
    stripe.stop_charges("acct_Nordvik")
    with pytest.raises(Refused, match="could not be prepared"):
        start.checkout(stripe_account, at=clock.now())
    assert now(stripe_account).state == "expired"
    assert findings() == []
    assert Refund.objects.count() == 0


def test_fi_10_a_payee_who_disconnects_before_the_page_was_made_ends_the_attempt(stripe):
    attempt = an_attempt(stripe)
    stripe.disconnect("acct_Nordvik")
    with pytest.raises(Refused, match="could not be prepared"):
        start.checkout(attempt, at=clock.now())
    assert now(attempt).state == "expired"
    assert said(thing_of(attempt)) == ["not paid: refused"]


def test_fi_10_a_payee_who_disconnects_while_the_page_is_open_blocks_nobody_for_longer_than_it(stripe, at):
    attempt = an_open_attempt(stripe)
    stripe.disconnect("acct_Nordvik")
    assert start.abandon(attempt, at=clock.now()) == "superseding", "it might still be paid"
    at(attempt.expires_at)
    assert sweep(now(attempt), at=clock.now()) == "expired"
    assert findings() == []


def test_fi_10_a_payee_who_disconnects_between_opening_and_paying_gives_nothing_away(stripe):
    attempt = an_open_attempt(stripe)
    stripe.disconnect("acct_Nordvik")

    assert sweep(attempt, at=clock.now()) == "open"
    stripe.connect("acct_Nordvik")
    stripe.pay(attempt.session_url)
    assert sweep(attempt, at=clock.now()) == "paid"


def test_what_is_sent_is_what_the_pinned_version_takes(stripe):
    """The library's own types know every parameter of the version that it was written for."""
    from stripe import api_version
    from stripe.params import AccountCreateParams, RefundCreateParams
    from stripe.params.checkout import SessionCreateParams, SessionListParams

    from velory.payments import creating

    assert api_version == gateway.VERSION
    attempt = an_attempt(stripe)
    params = creating.params_of(attempt, at=clock.now())
    assert set(params) <= set(SessionCreateParams.__annotations__)
    assert {"created", "limit", "starting_after"} <= set(SessionListParams.__annotations__)
    assert {"payment_intent", "amount", "metadata"} <= set(RefundCreateParams.__annotations__)
    assert {"type", "country", "email", "business_profile"} <= set(AccountCreateParams.__annotations__)
