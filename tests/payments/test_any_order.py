"""Any multiset and any order of events about a payment ends as one delivery in order does (reliability R4, FI-11)."""

from decimal import Decimal

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.making import an_admin
from tests.payments.making import an_open_attempt, now, said, thing_of
from tests.stripe_standin import DECLINED, DISPUTED, REFUND_FAILS_LATER, Declined
from velory import clock
from velory.journal.invariants import findings
from velory.payments import refunds, start
from velory.payments.apply import apply
from velory.payments.inbox import tasks
from velory.payments.inbox.models import Event
from velory.payments.inbox.work import work_off
from velory.payments.models import Money, Refund
from velory.payments.sweeping import sweep

SCENARIOS = {}


def scenario(record):
    SCENARIOS[record.__name__] = record
    return record


def declined(stripe, attempt):
    with pytest.raises(Declined):
        stripe.pay(attempt.session_url, card=DECLINED)


@scenario
def paid(stripe, attempt):
    stripe.pay(attempt.session_url)


@scenario
def paid_at_the_second_try(stripe, attempt):
    declined(stripe, attempt)
    stripe.pay(attempt.session_url)


@scenario
def expired(stripe, attempt):
    stripe.expire(attempt.session_id)


@scenario
def declined_and_expired(stripe, attempt):
    declined(stripe, attempt)
    stripe.expire(attempt.session_id)


@scenario
def called_off(stripe, attempt):
    start.abandon(attempt, at=clock.now())


@scenario
def paid_for_what_was_gone(stripe, attempt):
    chair = thing_of(attempt)
    chair.name = "gone"
    chair.save()
    stripe.pay(attempt.session_url)


@scenario
def refunded_in_part(stripe, attempt):
    stripe.pay(attempt.session_url)
    at_stripe(stripe, attempt, 40000)


@scenario
def refunded_in_two_parts(stripe, attempt):
    stripe.pay(attempt.session_url)
    at_stripe(stripe, attempt, 40000)
    at_stripe(stripe, attempt, 60000)


@scenario
def refund_failed(stripe, attempt):
    stripe.pay(attempt.session_url, card=REFUND_FAILS_LATER)
    at_stripe(stripe, attempt, 100000)
    stripe.clock.push(hours=2)
    stripe.refunds()


@scenario
def disputed(stripe, attempt):
    stripe.pay(attempt.session_url, card=DISPUTED)


@scenario
def disputed_and_lost(stripe, attempt):
    stripe.pay(attempt.session_url)
    stripe.dispute()
    stripe.decide_dispute(won=False)


@scenario
def refunded_by_an_admin_in_between(stripe, attempt):
    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())
    owed = refunds.refund(attempt, amount=Decimal("250.00"), reason="A dent", by=an_admin(), at=clock.now())
    refunds.carry_out(owed.ref, at=clock.now())


def at_stripe(stripe, attempt, minor):
    intent = stripe.session(attempt.session_id)["payment_intent"]
    stripe.client().v1.refunds.create(
        {"payment_intent": intent, "amount": minor}, {"stripe_account": attempt.account}
    )  # fmt: skip


def state_of(attempt):
    """What remains, but for counters and moments."""
    row = now(attempt)
    return {
        "attempt": (row.state, row.why, row.session_id, row.intent_id, row.differences),
        "money": sorted(Money.objects.values_list("kind", "provider_id", "amount_minor", "currency", "account")),
        "refunds": sorted(Refund.objects.values_list("state", "provider_id", "amount_minor", "cause")),
        "told": sorted(said(thing_of(attempt))),
        "chair": thing_of(attempt).name.split()[0],
    }


def deliver(stripe, client, events):
    for event in events:
        stripe.deliver(client, event)
        work_off(wall=clock.wall())


@pytest.mark.parametrize("name", SCENARIOS)
def test_r4_whatever_comes_in_whatever_order_the_end_is_the_same(name, stripe, client, monkeypatch):
    monkeypatch.setattr(tasks.work_off_events, "publish", lambda *args: None)
    attempt = an_open_attempt(stripe, amount="1000.00")
    SCENARIOS[name](stripe, attempt)
    events = stripe.events()
    in_order = replayed(stripe, client, attempt, events)
    assert in_order["attempt"][0] not in {"open", "creating"}

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.lists(st.sampled_from(range(len(events))), max_size=12), st.booleans())
    def any_order(numbers, twice_as_many):
        chosen = [events[number] for number in numbers] * (2 if twice_as_many else 1)
        assert replayed(stripe, client, attempt, chosen) == in_order

    any_order()


def replayed(stripe, client, attempt, events):
    """Deliver, sweep what was dropped, note what remains, and take it all back."""
    with transaction.atomic():
        before = transaction.savepoint_create()
        for block in transaction.get_connection().atomic_blocks:
            block._from_testcase = True
        deliver(stripe, client, events)
        sweep(now(attempt), at=clock.now())
        remains = state_of(attempt)
        assert findings() == []
        assert not Event.objects.unprocessed().exists()
        transaction.savepoint_rollback(before)
    return remains


def test_fi_11_shuffled_one_lost_for_ever_and_three_days_later_it_is_the_same(stripe, client, at):
    attempt = an_open_attempt(stripe, amount="1000.00")
    paid(stripe, attempt)
    at_stripe(stripe, attempt, 40000)
    events = stripe.shuffled(7)
    deliver(stripe, client, events[:1])
    from datetime import timedelta

    for hour in range(1, 72):
        at(clock.now() + timedelta(hours=1))
        if hour % 24 == 0:
            sweep(now(attempt), at=clock.now())
    assert now(attempt).state == "paid"
    assert now(attempt).given_back == 40000
    assert findings() == []
