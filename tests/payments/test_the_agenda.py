"""What payments has on the agenda is safe to do twice, and goes on by itself until nothing is left to do."""

from datetime import timedelta

import pytest

from tests.making import an_admin
from tests.payments.making import an_attempt, an_open_attempt, now, said, thing_of
from tests.payments.test_money_that_goes_back import a_paid_attempt
from tests.stripe_standin import REFUND_IS_SLOW
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.demo.stripe.knobs import Fault
from velory.payments import agenda, refunds


def due(kind, ref):
    return Due.objects.filter(kind=kind, ref=ref).values_list("due_at", flat=True).first()


def go_on(at, until):
    """Do what is due of payments, moment by moment, up to a moment; returns how many things that were."""
    done, waiting = 0, Due.objects.filter(kind__startswith="payments.")
    while True:
        moment = waiting.order_by("due_at").values_list("due_at", flat=True).first()
        if moment is None or moment > until:
            at(until)
            return done
        at(max(moment, clock.now()))
        for row in waiting.filter(due_at__lte=clock.now()):
            Due.objects.filter(pk=row.pk).delete()
            book._kinds[row.kind].does(row.ref, clock.now())
            done += 1


def test_what_is_open_is_looked_at_every_five_minutes_and_what_is_decided_every_hour_for_two_days(stripe, at):
    attempt, began = an_open_attempt(stripe), clock.now()
    assert due(agenda.LOOK, attempt.ref) == began + timedelta(minutes=5)
    assert go_on(at, began + timedelta(minutes=15)) == 3

    stripe.pay(attempt.session_url)
    go_on(at, began + timedelta(minutes=20))
    assert now(attempt).state == "paid"
    assert due(agenda.LOOK, attempt.ref) == now(attempt).moved_at + timedelta(hours=1)

    go_on(at, began + timedelta(days=3))
    assert due(agenda.LOOK, attempt.ref) is None
    assert said(thing_of(attempt)) == ["paid"]


def test_what_nobody_pays_ends_by_itself(stripe, at):
    attempt = an_open_attempt(stripe)
    at(attempt.expires_at - timedelta(minutes=10))
    go_on(at, attempt.expires_at + timedelta(minutes=6))
    assert now(attempt).state == "expired"


@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_look_may_come_twice(times, stripe):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    for _ in range(times):
        agenda.look_again(attempt.ref, clock.now())
    assert (now(attempt).state, said(thing_of(attempt))) == ("paid", ["paid"])


@pytest.mark.parametrize("times", [1, 2, 4])
def test_a_refund_may_come_twice(times, stripe):
    attempt = a_paid_attempt(stripe)
    made = refunds.refund(attempt, amount=attempt.amount, reason="", by=an_admin(), at=clock.now())
    assert due(agenda.REFUND, made.ref) == clock.now()
    for _ in range(times):
        agenda.give_it_back(made.ref, clock.now())
    assert len(stripe.refunds()) == 1
    assert due(agenda.REFUND, made.ref) is None
    assert now(attempt).state == "refunded"


def test_while_stripe_is_away_nothing_is_given_up(stripe, at):
    attempt, began = an_attempt(stripe), clock.now()
    stripe.knobs.faults.append(Fault("*", times=0, status=503, stored=False))
    go_on(at, began + timedelta(hours=2))
    assert now(attempt).state == "creating"
    stripe.knobs.faults.clear()
    go_on(at, began + timedelta(hours=2, minutes=6))
    assert now(attempt).state == "open"


def test_a_refund_waits_for_stripe_and_is_then_made(stripe, at):
    attempt = a_paid_attempt(stripe)
    made = refunds.refund(attempt, amount=attempt.amount, reason="", by=an_admin(), at=clock.now())
    stripe.knobs.faults.append(Fault("*", times=0, status=503, stored=False))
    go_on(at, clock.now() + timedelta(hours=1))
    assert now(made).state == "due"
    stripe.knobs.faults.clear()
    go_on(at, clock.now() + timedelta(minutes=6))
    assert now(made).state == "succeeded"


def test_a_slow_refund_is_looked_at_each_hour(stripe, at):
    attempt = a_paid_attempt(stripe, card=REFUND_IS_SLOW)
    made = refunds.refund(attempt, amount=attempt.amount, reason="", by=an_admin(), at=clock.now())
    go_on(at, clock.now() + timedelta(minutes=6))
    assert now(made).state == "pending"
    stripe.clock.push(hours=2)
    stripe.refunds()
    go_on(at, clock.now() + timedelta(hours=2))
    assert now(made).state == "succeeded"
    assert due(agenda.REFUND, made.ref) is None
