"""What goes wrong between here and Stripe, and how soon it is as if nothing had (reliability 4.2, FI-1 to FI-11).

Each is told at the level of one seller's thing. Crashes of real processes stand in tests/faults.
"""

import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from tests.making import a_person, an_admin
from tests.payments.making import KIND, a_chair, a_payee, an_attempt, an_open_attempt, now, said, thing_of
from tests.racing import at_once
from tests.stripe_standin import REFUND_FAILS_LATER
from velory import clock
from velory.agenda import book
from velory.journal.invariants import findings
from velory.payments import line, matters, refunds, start
from velory.payments.apply import apply
from velory.payments.errors import Trouble, Unreachable
from velory.payments.inbox import tasks
from velory.payments.inbox.models import Event
from velory.payments.inbox.work import work_off
from velory.payments.models import Attempt, Money, Payee, Refund
from velory.payments.sales import Why

CREATE, REFUNDS = "POST /v1/checkout/sessions", "POST /v1/refunds"


class Ended(BaseException):
    """The process ended here."""


@pytest.fixture(autouse=True)
def no_bell(monkeypatch):
    """Workers are this test's own doing."""
    monkeypatch.setattr(tasks.work_off_events, "publish", lambda *args: None)


@pytest.fixture
def ends_at(monkeypatch):
    """A place at which whoever comes by ends, once."""

    def arm(module, label):
        def crash(place):
            if place == label:
                monkeypatch.setattr(module, "crash", lambda place: None)
                raise Ended

        monkeypatch.setattr(module, "crash", crash)

    return arm


@pytest.fixture
def pass_time(at):
    """Let the agenda run, moment by moment, as the worker would."""

    def until(moment):
        while (due := book.next_due_at()) is not None and due <= moment:
            at(max(due, clock.now()))
            book.dispatch(apart_too=True)
        at(moment)

    return until


def a_paid_one(stripe, card="4242424242424242", amount="1000.00"):
    attempt = an_open_attempt(stripe, amount=amount)
    stripe.pay(attempt.session_url, card=card)
    return apply(attempt, at=clock.now())


@pytest.mark.races
def test_fi_1_two_hundred_same_events_at_once_are_cheap_and_one_effect(race_company, stripe):
    from tests.conftest import Browser

    Event.objects.all().delete()
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    (event,) = stripe.events("checkout.session.completed")
    body, headers = stripe.letter(event)
    took = []

    def post_thirteen(n):
        codes = []
        for _time in range(13 if n < 8 else 12):
            began = time.perf_counter()
            codes.append(stripe.post(Browser(), body, headers["Stripe-Signature"]).status_code)
            took.append(time.perf_counter() - began)
        return codes

    codes = Counter(code for codes in at_once(race_company, 16, post_thirteen) for code in codes)
    began = time.perf_counter()
    effects = work_off(wall=clock.wall())

    assert codes == {200: 200}
    assert (effects, Event.objects.count(), Money.objects.count()) == (1, 1, 1)
    assert now(attempt).state == "paid"
    assert said(thing_of(attempt)) == ["paid"]
    assert time.perf_counter() - began < 5
    print(f"FI-1: 200 answers, the slowest {max(took) * 1000:.0f} ms, median {sorted(took)[100] * 1000:.0f} ms")
    Event.objects.all().delete()


def test_fi_2_an_event_that_comes_before_our_own_row_says_so_is_applied(stripe, client, ends_at):
    attempt = an_attempt(stripe)
    ends_at(start, "BUY.after_create")
    with pytest.raises(Ended):
        start.checkout(attempt, at=clock.now())
    assert now(attempt).session_id == ""
    stripe.pay(stripe.sessions()[0]["id"])

    stripe.deliver(client, *stripe.events("checkout.session.completed"))
    work_off(wall=clock.wall())

    assert now(attempt).state == "paid"
    assert Event.objects.get().state == "done"


def test_fi_2_one_that_names_nobody_waits_until_somebody_is_known(stripe, client):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    stripe.dispute()
    stripe.deliver(client, *stripe.events("charge.dispute.created"))
    wall = clock.wall()
    work_off(wall=wall)
    assert Event.objects.get().state == "unrouted"

    apply(attempt, at=clock.now())
    work_off(wall=wall + timedelta(seconds=60))

    assert Event.objects.get().state == "done"
    assert Money.objects.filter(kind="dispute").count() == 1


def test_fi_3_without_any_event_the_page_of_who_comes_back_ends_it(stripe, at_their_desk):
    attempt = an_open_attempt(stripe, person=a_person(language="en"))
    desk = at_their_desk(attempt.person)
    assert "Confirming" in desk.get(f"/payments/{attempt.ref}/").text
    stripe.pay(attempt.session_url)

    began = time.perf_counter()
    desk.post(f"/payments/{attempt.ref}/refresh/")

    assert now(attempt).state == "paid"
    assert time.perf_counter() - began < 10
    assert Event.objects.count() == 0


def test_fi_3_without_event_and_without_anybody_the_sweeper_ends_it_in_five_minutes(stripe, pass_time):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)

    pass_time(clock.now() + timedelta(minutes=5))

    assert now(attempt).state == "paid"
    assert said(thing_of(attempt)) == ["paid"]


@pytest.mark.parametrize("label", ["BUY.after_tx1", "BUY.after_create", "BUY.after_tx2"])
def test_fi_4_who_presses_again_after_a_crash_comes_to_the_same_page(stripe, ends_at, label):
    attempt = an_attempt(stripe)
    ends_at(start, label)
    with pytest.raises(Ended):
        start.checkout(attempt, at=clock.now())

    again = an_attempt(stripe, thing=thing_of(attempt), person=attempt.person)
    address = start.checkout(again, at=clock.now())

    assert again.pk == attempt.pk
    assert [one["url"] for one in stripe.sessions()] == [address]
    stripe.pay(address)
    assert apply(again, at=clock.now()).state == "paid"
    assert len(stripe.charges()) == 1
    assert findings() == []


@pytest.mark.parametrize("label", ["BUY.after_tx1", "BUY.after_create", "BUY.after_tx2"])
def test_fi_4_and_if_nobody_presses_again_the_choice_is_open_the_day_after(stripe, ends_at, pass_time, label):
    attempt = an_attempt(stripe)
    ends_at(start, label)
    with pytest.raises(Ended):
        start.checkout(attempt, at=clock.now())

    stripe.clock.push(days=1)
    pass_time(clock.now() + timedelta(days=1))

    assert now(attempt).state == "expired"
    assert {one["status"] for one in stripe.sessions()} <= {"expired"}
    assert findings() == []


def test_fi_5_two_tabs_have_one_page_and_it_is_paid_once(stripe):
    chair, person = a_chair(), a_person(language="en")
    tabs = [start.checkout(an_attempt(stripe, thing=chair, person=person), at=clock.now()) for _tab in range(2)]

    assert tabs[0] == tabs[1]
    stripe.pay(tabs[0])
    status, page, _url = stripe.page(tabs[1], {"number": "4242424242424242", "expiry": "12/34", "cvc": "123"})

    assert (status, "This has been paid" in page) == (200, True)
    assert len(stripe.charges()) == 1


def test_fi_5_with_the_guard_off_one_payment_is_kept_and_the_other_given_back(stripe, pass_time):
    """What the unique index keeps from happening; `apply` would still not keep the money twice."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("DROP INDEX attempt_open_once")
    chair, person, payee = a_chair(), a_person(), a_payee(stripe)
    first = an_open_attempt(stripe, thing=chair, person=person, payee=payee)
    facts = {f.attname: getattr(first, f.attname) for f in Attempt._meta.concrete_fields}
    for own in ("id", "uuid", "ref", "session_id", "session_url", "intent_id", "request", "state", "version"):
        facts.pop(own, None)
    second = Attempt.objects.create(**facts)
    start.checkout(second, at=clock.now())
    for attempt in (first, second):
        stripe.pay(now(attempt).session_url)
        apply(attempt, at=clock.now())

    pass_time(clock.now() + timedelta(minutes=1))

    assert [now(first).state, now(second).state] == ["paid", "refunded"]
    assert [(one["amount"], one["status"]) for one in stripe.refunds()] == [(166725, "succeeded")]
    assert said(chair) == ["paid", f"{Why.TOO_LATE}: 1667.25", f"{Why.REFUNDED}: 1667.25"]
    assert findings() == []


@pytest.mark.parametrize("done", [False, True], ids=["nothing was done", "it was done"])
def test_fi_6_an_error_stored_under_our_key_makes_no_second_session(stripe, done):
    attempt = an_attempt(stripe)
    stripe.fails(CREATE, done=done)
    with pytest.raises(Unreachable):
        start.checkout(attempt, at=clock.now())

    address = start.checkout(attempt, at=clock.now())

    assert [one["url"] for one in stripe.sessions()] == [address]


@pytest.mark.parametrize("done", [False, True], ids=["nothing was done", "it was done"])
def test_fi_6_an_error_stored_under_our_key_makes_no_second_refund(stripe, pass_time, done):
    attempt = a_paid_one(stripe)
    stripe.fails(REFUNDS, done=done)
    refunds.refund(attempt, amount=Decimal("400.00"), reason="A dent", by=an_admin(), at=clock.now())

    pass_time(clock.now() + timedelta(minutes=10))

    assert [one["amount"] for one in stripe.refunds()] == [40000]
    assert Refund.objects.get().state == "succeeded"
    assert now(attempt).given_back == 40000


def test_fi_6_after_a_day_keys_are_not_trusted_and_what_there_is_is_found(stripe, ends_at, monkeypatch):
    attempt = a_paid_one(stripe)
    owed = refunds.refund(attempt, amount=Decimal("400.00"), reason="A dent", by=an_admin(), at=clock.now())
    ends_at(refunds, "REFUND.after_call")
    with pytest.raises(Ended):
        refunds.carry_out(owed.ref, at=clock.now())
    stripe.clock.push(hours=25)
    tomorrow = clock.wall() + timedelta(hours=25)
    monkeypatch.setattr(clock, "wall", lambda: tomorrow)

    assert refunds.carry_out(owed.ref, at=clock.now()).state == "succeeded"

    assert len(stripe.refunds()) == 1


@pytest.mark.parametrize("label", ["REFUND.after_row", "REFUND.after_call"])
def test_fi_7_a_refund_that_died_half_way_is_made_once(stripe, ends_at, pass_time, label):
    attempt, nils = a_paid_one(stripe), an_admin()
    ends_at(refunds, label)
    if label == "REFUND.after_row":
        with pytest.raises(Ended):
            refunds.refund(attempt, amount=Decimal("400.00"), reason="A dent", by=nils, at=clock.now())
    else:
        owed = refunds.refund(attempt, amount=Decimal("400.00"), reason="A dent", by=nils, at=clock.now())
        with pytest.raises(Ended):
            refunds.carry_out(owed.ref, at=clock.now())

    pass_time(clock.now() + timedelta(minutes=5))

    assert [(one["amount"], one["status"]) for one in stripe.refunds()] == [(40000, "succeeded")]
    assert (Refund.objects.get().state, now(attempt).given_back) == ("succeeded", 40000)
    assert findings() == []


@pytest.mark.parametrize("cut", [CREATE, REFUNDS])
def test_a_line_that_is_cut_after_the_work_does_nothing_twice(stripe, pass_time, cut):
    attempt = an_attempt(stripe, amount="1000.00")
    stripe.cuts(cut)
    if cut == CREATE:
        with pytest.raises(Unreachable):
            start.checkout(attempt, at=clock.now())
    stripe.pay(start.checkout(attempt, at=clock.now()))
    apply(attempt, at=clock.now())
    refunds.refund(now(attempt), amount=Decimal("400.00"), reason="A dent", by=an_admin(), at=clock.now())

    pass_time(clock.now() + timedelta(minutes=6))

    assert (len(stripe.sessions()), len(stripe.charges()), len(stripe.refunds())) == (1, 1, 1)
    assert now(attempt).given_back == 40000


def test_fi_8_while_stripe_stalls_nobody_waits_longer_than_there_is_patience(stripe, monkeypatch):
    monkeypatch.setattr(line, "READING", 0.5)
    attempt = an_attempt(stripe)
    stripe.stalls(CREATE, 60)

    began = time.perf_counter()
    with pytest.raises(Trouble):
        start.checkout(attempt, at=clock.now())

    assert time.perf_counter() - began < 2
    assert not [block for block in connection.atomic_blocks if not getattr(block, "_from_testcase", False)]
    assert now(attempt).state == "creating"


def test_fi_9_a_refund_that_fails_later_is_owed_again(stripe, client, pass_time):
    attempt = a_paid_one(stripe, card=REFUND_FAILS_LATER)
    refunds.refund(attempt, amount=Decimal("1000.00"), reason="A dent", by=an_admin(), at=clock.now())
    pass_time(clock.now() + timedelta(minutes=1))
    assert now(attempt).state == "refunded"

    stripe.clock.push(hours=1)
    stripe.deliver(client, *stripe.events("refund.failed"))
    work_off(wall=clock.wall())

    assert (now(attempt).state, Refund.objects.get().state) == ("refund_due", "failed")
    assert attempt in matters.needing_attention()
    pass_time(clock.now() + timedelta(hours=2))
    assert len(stripe.refunds()) == 1, "nobody tries the same card again by themselves"


@pytest.mark.parametrize("paid", [False, True], ids=["nobody pays", "it is paid all the same"])
def test_fi_10_a_payee_who_leaves_in_between_hands_over_nothing_unpaid(stripe, client, pass_time, paid):
    attempt = an_open_attempt(stripe)
    stripe.disconnect(attempt.account)
    if paid:
        stripe.pay(attempt.session_url)

    stripe.deliver(client)
    work_off(wall=clock.wall())
    pass_time(clock.now() + timedelta(hours=1))

    assert thing_of(attempt).name.startswith("free")
    assert now(attempt).state == "open"
    assert Payee.objects.get().disconnected_at is not None
    assert Payee.objects.get() in Payee.objects.needing_attention()
    if paid:
        stripe.connect(attempt.account)
        pass_time(clock.now() + timedelta(minutes=10))
        assert now(attempt).state == "paid", "what was paid counts as soon as Stripe may be asked again"


@pytest.mark.parametrize("seed", range(5))
def test_fi_11_shuffled_one_lost_and_three_days_later_all_is_as_it_should_be(stripe, client, pass_time, seed):
    attempt = an_open_attempt(stripe, amount="1000.00")
    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())
    stripe.refund_by_hand(amount=40000)
    stripe.dispute(amount=60000)
    *rest, _lost = stripe.shuffled(seed)

    for event in rest:
        stripe.deliver(client, event)
        work_off(wall=clock.wall())
    pass_time(clock.now() + timedelta(days=3))

    kinds = sorted(Money.objects.values_list("kind", "amount_minor"))
    assert kinds == [("charge", 100000), ("dispute", 60000), ("refund", 40000)]
    assert findings() == []


def test_a_pushed_session_is_over_on_both_sides_at_once(stripe, pass_time):
    attempt = an_open_attempt(stripe)
    stripe.clock.push(days=1)

    pass_time(clock.now() + timedelta(days=1))

    assert now(attempt).state == "expired"
    assert stripe.session(attempt.session_id)["status"] == "expired"
    assert said(thing_of(attempt)) == [f"not paid: {Why.EXPIRED}"]
    assert Attempt.objects.open_about(KIND, attempt.subject_ref) is None
    with transaction.atomic():
        assert findings() == []
