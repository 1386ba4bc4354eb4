"""A process that dies anywhere between the press and the money costs nobody anything (FI-2, FI-4, FI-7)."""

from decimal import Decimal

import pytest
from django.urls import set_urlconf

from tests.making import a_person, an_admin
from tests.payments.making import a_chair, an_attempt, an_open_attempt, now, said, thing_of
from tests.payments.test_money_that_goes_back import a_paid_attempt
from velory import clock
from velory.journal.invariants import findings
from velory.payments import apply as applying
from velory.payments import refunds, start
from velory.payments.inbox import tasks, webhook
from velory.payments.inbox.models import Event
from velory.payments.inbox.work import work_off
from velory.payments.models import Refund
from velory.payments.sweeping import sweep


class Killed(BaseException):
    """As kill -9 would end it."""


@pytest.fixture
def kill_at():
    """Die at the first visit of a place."""
    once = pytest.MonkeyPatch()

    def at(place):
        def crash(here):
            if here == place:
                once.undo()
                set_urlconf(None)
                raise Killed

        for module in (start, applying, refunds, webhook):
            once.setattr(module, "crash", crash)

    yield at
    once.undo()


BUYING = ["BUY.after_tx1", "BUY.after_create", "BUY.after_tx2"]
APPLYING = ["APPLY.after_fetch", "APPLY.before_commit", "APPLY.after_commit"]


@pytest.mark.parametrize("place", BUYING)
def test_fi_4_killed_while_buying_the_next_press_finds_the_same_session(place, stripe, kill_at):
    chair, orjan = a_chair(), a_person()
    attempt = an_attempt(stripe, thing=chair, person=orjan)
    kill_at(place)
    with pytest.raises(Killed):
        start.checkout(attempt, at=clock.now())
    made = [session["url"] for session in stripe.sessions()]
    again = an_attempt(stripe, thing=chair, person=orjan)

    address = start.checkout(again, at=clock.now())

    assert again.pk == attempt.pk
    assert [session["url"] for session in stripe.sessions()] == [address]
    assert made in ([], [address])
    assert findings() == []


@pytest.mark.parametrize("place", BUYING)
def test_killed_while_buying_and_nobody_comes_back_the_sweeper_ends_it(place, stripe, kill_at, at):
    attempt = an_attempt(stripe)
    kill_at(place)
    with pytest.raises(Killed):
        start.checkout(attempt, at=clock.now())

    at("2026-11-22T07:05")
    assert sweep(now(attempt), at=clock.now()) == "open"
    at("2026-11-23T07:00")
    assert sweep(now(attempt), at=clock.now()) == "expired"
    assert {session["status"] for session in stripe.sessions()} == {"expired"}
    assert findings() == []


@pytest.mark.parametrize("place", BUYING)
@pytest.mark.parametrize("paid", [False, True])
def test_killed_while_buying_and_called_off_nothing_is_left_open(place, paid, stripe, kill_at):
    attempt = an_attempt(stripe)
    kill_at(place)
    with pytest.raises(Killed):
        start.checkout(attempt, at=clock.now())
    paid = paid and stripe.sessions()
    if paid:
        stripe.pay(stripe.sessions()[0]["id"])

    assert start.abandon(now(attempt), at=clock.now()) == ("paid" if paid else "expired")
    assert [s["status"] for s in stripe.sessions() if s["status"] == "open"] == []
    assert findings() == []


def test_fi_2_paid_before_our_row_knew_its_session_it_counts(stripe, client, kill_at, monkeypatch):
    attempt = an_attempt(stripe)
    kill_at("BUY.after_create")
    with pytest.raises(Killed):
        start.checkout(attempt, at=clock.now())
    monkeypatch.setattr(tasks.work_off_events, "publish", lambda *args: None)
    stripe.pay(stripe.sessions()[0]["id"])
    stripe.deliver(client)
    work_off(wall=clock.wall())

    assert now(attempt).state == "paid"
    assert said(thing_of(attempt)) == ["paid"]
    assert findings() == []


@pytest.mark.parametrize("place", APPLYING)
def test_killed_while_the_money_is_taken_in_the_next_look_finishes_it(place, stripe, kill_at):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    kill_at(place)
    with pytest.raises(Killed):
        applying.apply(attempt, at=clock.now())
    assert now(attempt).state == ("paid" if place == "APPLY.after_commit" else "open")

    assert sweep(now(attempt), at=clock.now()) == "paid"
    assert said(thing_of(attempt)) == ["paid"]
    assert findings() == []


@pytest.mark.parametrize("place", APPLYING)
def test_killed_while_an_event_is_worked_off_it_is_worked_off_again(place, stripe, client, kill_at, monkeypatch):
    from datetime import timedelta

    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    with monkeypatch.context() as quiet:
        quiet.setattr(tasks.work_off_events, "publish", lambda *args: None)
        stripe.deliver(client)
    kill_at(place)
    with pytest.raises(Killed):
        work_off(wall=clock.wall())

    work_off(wall=clock.wall() + timedelta(minutes=2))
    assert not Event.objects.waiting().exists()
    assert (now(attempt).state, said(thing_of(attempt))) == ("paid", ["paid"])


def test_killed_after_an_event_was_kept_it_is_kept(stripe, client, kill_at):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    (event,) = stripe.events("checkout.session.completed")
    kill_at("HOOK.after_insert")
    with pytest.raises(Killed):
        stripe.deliver(client, event)

    work_off(wall=clock.wall())
    assert now(attempt).state == "paid"


def refund_all_of(attempt):
    made = refunds.refund(attempt, amount=Decimal("1000.00"), reason="A dent", by=an_admin(), at=clock.now())
    refunds.carry_out(made.ref, at=clock.now())


@pytest.mark.parametrize("place", ["REFUND.after_row", "REFUND.after_call", *APPLYING])
def test_fi_7_killed_while_refunding_it_is_refunded_once(place, stripe, kill_at):
    attempt = a_paid_attempt(stripe)
    kill_at(place)
    with pytest.raises(Killed):
        refund_all_of(attempt)

    for _ in range(2):
        refunds.carry_out(Refund.objects.get().ref, at=clock.now())
    assert [refund["amount"] for refund in stripe.refunds()] == [100000]
    assert (now(attempt).state, Refund.objects.get().state) == ("refunded", "succeeded")
    assert said(thing_of(attempt)).count("refunded: 1000.00") == 1
    assert findings() == []


@pytest.mark.parametrize("place", APPLYING)
def test_killed_while_money_that_came_too_late_is_taken_in_it_goes_back_once(place, stripe, kill_at):
    attempt = an_open_attempt(stripe)
    chair = thing_of(attempt)
    chair.name = "gone"
    chair.save()
    stripe.pay(attempt.session_url)
    kill_at(place)
    with pytest.raises(Killed):
        applying.apply(attempt, at=clock.now())

    sweep(now(attempt), at=clock.now())
    refunds.carry_out(Refund.objects.get().ref, at=clock.now())
    assert now(attempt).state == "refunded"
    assert [refund["amount"] for refund in stripe.refunds()] == [attempt.amount_minor]
    assert findings() == []
