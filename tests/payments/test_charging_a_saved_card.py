"""A saved card is charged without its owner, once; a bank that wants the owner or says no leaves nothing open."""

import time
from datetime import timedelta

import pytest
from django.db import transaction

from tests.payments.making import ACCOUNT, a_chair, a_payee, an_attempt, now, said, thing_of
from tests.payments.saving import DECLINED_LATER, GOOD, a_charge, a_saved_card
from tests.racing import at_once
from tests.stripe_standin import ASKS
from velory import clock
from velory.agenda import book
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.payments import apply as applying
from velory.payments import cards, closing, start
from velory.payments.apply import apply
from velory.payments.errors import Unreachable
from velory.payments.inbox.models import Event
from velory.payments.inbox.work import work_off
from velory.payments.models import Attempt, Refund
from velory.payments.nightly import compare
from velory.payments.sales import Why
from velory.payments.sweeping import sweep


def charge(attempt):
    return start.charge(attempt, at=clock.now())


def statuses(stripe):
    return [intent["status"] for intent in stripe.intents()]


def test_a_saved_card_is_charged_and_the_seller_hands_over(stripe):
    attempt = a_charge(stripe)

    assert charge(attempt) == "paid"
    assert said(thing_of(attempt)) == ["paid"]
    [taken] = stripe.charges()
    assert (taken["amount"], taken["metadata"]["velory_payment"]) == (166725, attempt.ref)
    assert stripe.receipts() == [(attempt.person.email, 166725, "sek")]
    assert len(stripe.sessions()) == 1  # that at which it was saved
    assert findings() == []


def test_a_worker_charges_it_at_once(stripe):
    attempt = a_charge(stripe)
    book.dispatch(apart_too=True)
    assert now(attempt).state == "paid"


@pytest.mark.parametrize(("number", "why"), [(ASKS, Why.NEEDS_PERSON), (DECLINED_LATER, Why.DECLINED)])
def test_what_the_bank_refuses_is_called_off_for_good_and_can_be_paid_in_another_way(stripe, number, why):
    attempt = a_charge(stripe, number=number)

    assert charge(attempt) == "expired"
    assert (now(attempt).why, statuses(stripe), stripe.charges()) == (why, ["canceled"], [])
    assert said(thing_of(attempt)) == [f"not paid: {why}"]
    assert charge(now(attempt)) == "expired"
    assert len(stripe.intents()) == 1

    again = an_attempt(stripe, thing=thing_of(attempt), person=attempt.person)
    stripe.pay(start.checkout(again, at=clock.now()), GOOD)
    assert apply(again, at=clock.now()).state == "paid"
    assert findings() == []


def test_charged_twice_at_once_or_again_it_is_one_charge(stripe):
    attempt = a_charge(stripe)
    assert [charge(attempt) for _ in range(3)] == ["paid"] * 3
    assert len(stripe.charges()) == 1


def test_nobody_pays_on_a_page_what_a_card_is_charged_with(stripe):
    attempt = a_charge(stripe)
    with pytest.raises(Refused, match="is being charged"):
        start.checkout(attempt, at=clock.now())
    with pytest.raises(start.OpenAlready), transaction.atomic():
        an_attempt(stripe, thing=thing_of(attempt), person=attempt.person)
    assert len(stripe.sessions()) == 1


def test_a_forgotten_card_or_another_ones_is_not_charged(stripe):
    card = a_saved_card(stripe)
    with transaction.atomic():
        cards.forget(card, at=clock.now())
    with pytest.raises(Refused, match="can’t be charged any more"):
        a_charge(stripe, card=now(card))
    assert Attempt.objects.count() == 0


def test_a_card_that_was_taken_away_at_stripe_is_declined(stripe):
    attempt = a_charge(stripe)
    stripe.client().v1.payment_methods.detach(attempt.card.method_id, options={"stripe_account": ACCOUNT})

    assert charge(attempt) == "expired"
    assert (now(attempt).why, stripe.charges()) == (Why.DECLINED, [])
    assert findings() == []


def test_an_account_that_is_gone_before_it_was_asked_charges_nothing(stripe):
    attempt = a_charge(stripe)
    stripe.disconnect(ACCOUNT)

    assert charge(attempt) == "expired"
    assert said(thing_of(attempt)) == [f"not paid: {Why.DECLINED}"]


def test_an_account_that_is_gone_after_it_was_asked_leaves_it_open_until_it_runs_out(stripe, kill_at, at):
    attempt = a_charge(stripe)
    kill_at("CHARGE.after_call")
    with pytest.raises(Killed):
        charge(attempt)
    stripe.disconnect(ACCOUNT)
    with pytest.raises(Unreachable):
        charge(attempt)
    assert now(attempt).state == "creating"

    stripe.connect(ACCOUNT)
    assert charge(attempt) == "paid"
    assert len(stripe.charges()) == 1


# Called off


def test_called_off_before_it_was_asked_for_it_is_never_charged(stripe):
    attempt = a_charge(stripe)
    assert start.abandon(attempt, at=clock.now()) == "expired"
    assert charge(attempt) == "expired"
    assert (stripe.intents(), said(thing_of(attempt))) == ([], [f"not paid: {Why.ABANDONED}"])


def test_called_off_while_the_charge_may_be_on_its_way_it_waits_for_it(stripe, kill_at, monkeypatch):
    attempt = a_charge(stripe)
    with monkeypatch.context() as once:
        once.setattr(start.charging.gateway, "charge_card", unreachable)
        with pytest.raises(Unreachable):
            charge(attempt)

    assert start.abandon(attempt, at=clock.now()) == "superseding"
    assert charge(attempt) == "superseding"
    monkeypatch.setattr(start.charging, "ON_ITS_WAY", timedelta(0))
    assert sweep(now(attempt), at=clock.now()) == "expired"
    assert stripe.charges() == []


def unreachable(*args, **kwargs):
    raise Unreachable("No answer.")


def test_called_off_when_it_was_charged_already_the_money_counts(stripe, kill_at):
    attempt = a_charge(stripe)
    kill_at("CHARGE.after_call")
    with pytest.raises(Killed):
        charge(attempt)

    assert start.abandon(now(attempt), at=clock.now()) == "paid"
    assert said(thing_of(attempt)) == ["paid"]
    assert findings() == []


def test_charged_for_what_can_no_longer_be_bought_it_goes_back(stripe):
    attempt = a_charge(stripe)
    chair = thing_of(attempt)
    chair.name = "gone"
    chair.save()

    assert charge(attempt) == "refund_due"
    book.dispatch(apart_too=True)
    assert (now(attempt).state, Refund.objects.get().state) == ("refunded", "succeeded")
    assert [refund["amount"] for refund in stripe.refunds()] == [166725]
    assert findings() == []


# Whoever brings it there


def test_fi_3_without_any_event_the_sweeper_finishes_what_a_crash_left(stripe, kill_at, at):
    attempt = a_charge(stripe)
    kill_at("CHARGE.after_call")
    with pytest.raises(Killed):
        charge(attempt)
    at(clock.now() + timedelta(minutes=5))
    assert sweep(now(attempt), at=clock.now()) == "paid"


def test_an_event_alone_finishes_it_also_before_our_row_knows_the_intent(stripe, client, kill_at):
    attempt = a_charge(stripe)
    kill_at("CHARGE.after_call")
    with pytest.raises(Killed):
        charge(attempt)
    stripe.deliver(client, *stripe.events("payment_intent.succeeded"))
    work_off(wall=clock.wall())

    assert now(attempt).state == "paid"
    assert not Event.objects.waiting().exists()
    assert findings() == []


@pytest.mark.parametrize("number", [GOOD, ASKS, DECLINED_LATER])
@pytest.mark.parametrize("place", ["CHARGE.after_tx1", "CHARGE.after_call", "CHARGE.after_tx2", "APPLY.after_fetch",
                                   "APPLY.before_commit", "APPLY.after_commit"])  # fmt: skip
def test_killed_anywhere_while_charging_it_ends_as_if_nothing_had_been(stripe, kill_at, place, number):
    attempt = a_charge(stripe, number=number)
    kill_at(place)
    with pytest.raises(Killed):
        charge(attempt)

    assert charge(now(attempt)) == ("paid" if number == GOOD else "expired")
    assert len(stripe.intents()) == 1
    assert len(stripe.charges()) == (number == GOOD)
    assert findings() == []


@pytest.mark.parametrize("done", [True, False])
def test_fi_6_an_error_that_stripe_keeps_for_the_key_is_no_second_charge(stripe, done):
    attempt = a_charge(stripe)
    stripe.fails("POST /v1/payment_intents", done=done)
    with pytest.raises(Unreachable):
        charge(attempt)

    assert charge(attempt) == "paid"
    assert len(stripe.charges()) == 1


def test_r10_a_key_that_stripe_has_forgotten_charges_nothing_again(stripe, kill_at, at):
    attempt = a_charge(stripe)
    kill_at("CHARGE.after_call")
    with pytest.raises(Killed):
        charge(attempt)
    request = now(attempt).request
    with transaction.atomic():
        Attempt.held(attempt.pk).note(request=request | {"asked_at": request["asked_at"] - 24 * 3600})
    stripe.clock.push(hours=25)

    assert charge(attempt) == "paid"
    assert len(stripe.charges()) == 1


def test_one_that_runs_out_is_called_off(stripe, at):
    attempt = a_charge(stripe, until=clock.now() + timedelta(hours=1))
    at(clock.now() + timedelta(hours=1))
    assert sweep(attempt, at=clock.now()) == "expired"
    assert stripe.charges() == []


@pytest.mark.parametrize(("thing", "facts", "what"), [
    ("intent", {"amount": 166726}, "intent.amount"), ("intent", {"currency": "eur"}, "intent.currency"),
    ("intent", {"livemode": True}, "intent.livemode"), ("intent", {"metadata": {}}, "attempt"),
    ("intent", {"customer": "cus_Other"}, "customer"), ("intent", {"payment_method": "pm_Other"}, "card"),
    ("charge", {"amount_captured": 166724}, "charged.amount"), ("charge", {"currency": "eur"}, "charge.currency"),
    ("charge", {"livemode": True}, "charge.livemode"),
])  # fmt: skip
def test_r6_what_is_otherwise_than_asked_for_hands_nothing_over(stripe, kill_at, thing, facts, what):
    attempt = a_charge(stripe)
    kill_at("CHARGE.after_tx2")
    with pytest.raises(Killed):
        charge(attempt)
    named = {"intent": stripe.intents()[0]["id"], "charge": stripe.charges()[0]["id"]}
    stripe.change(named[thing], **facts)

    assert charge(attempt) == "mismatch"
    assert what in [one["what"] for one in now(attempt).differences]
    assert said(thing_of(attempt)) == []


def test_the_nightly_comparison_knows_the_charge(stripe, at):
    attempt = a_charge(stripe)
    charge(attempt)
    at(clock.now() + timedelta(hours=1))
    compared = compare(ACCOUNT, at=clock.now())
    assert compared.findings.count() == 0


def test_a_mismatch_without_money_is_closed_and_its_intent_can_not_be_paid(stripe, kill_at):
    attempt = a_charge(stripe, number=DECLINED_LATER)
    kill_at("CHARGE.after_tx2")
    with pytest.raises(Killed):
        charge(attempt)
    stripe.change(stripe.intents()[0]["id"], amount=1)
    assert charge(attempt) == "mismatch"

    closing.close(now(attempt), note="Looked at", by=attempt.person, at=clock.now())
    assert (now(attempt).state, statuses(stripe)) == ("expired", ["canceled"])


def test_the_owners_page_says_that_the_card_is_charged(stripe, at_their_desk):
    attempt = a_charge(stripe)
    attempt.person.language = "en"
    attempt.person.save()
    desk = at_their_desk(attempt.person)
    assert "Your saved card is being charged" in desk.get(attempt.get_absolute_url()).text
    charge(attempt)
    assert "Paid" in desk.get(attempt.get_absolute_url()).text


# From many at once


@pytest.mark.races
def test_sixteen_workers_charge_a_card_once(race_company, stripe):
    attempt = a_charge(stripe)

    states = at_once(race_company, 16, lambda n: start.charge(attempt, at=clock.now()))

    assert [fault for fault in states if isinstance(fault, Exception) and not isinstance(fault, Unreachable)] == []
    assert "paid" in states
    assert len(stripe.charges()) == 1
    assert said(thing_of(attempt)) == ["paid"]
    assert findings() == []


@pytest.mark.races
def test_charged_and_called_off_at_once_it_is_one_or_the_other(race_company, stripe, monkeypatch):
    monkeypatch.setattr(start.charging, "ON_ITS_WAY", timedelta(seconds=1))
    payee = a_payee(stripe)
    for _ in range(5):
        attempt = a_charge(stripe, card=a_saved_card(stripe, payee=payee), thing=a_chair())
        at_once(
            race_company, 2,
            lambda n: (start.charge if n else start.abandon)(attempt, at=clock.now()),  # noqa: B023
        )  # fmt: skip
        for _try in range(20):
            if sweep(now(attempt), at=clock.now()) in {"paid", "expired"}:
                break
            time.sleep(0.2)
        taken = [one for one in stripe.charges() if one["metadata"]["velory_payment"] == attempt.ref]
        assert now(attempt).state == ("paid" if taken else "expired")
    assert findings() == []


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
                raise Killed

        for module in (start, applying):
            once.setattr(module, "crash", crash)

    yield at
    once.undo()
