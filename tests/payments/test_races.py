"""The same from many at once: one session, one effect, no more back than came (reliability R4, R7, R13, FI-1)."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import transaction

from tests.making import a_person, an_admin
from tests.payments.making import KIND, a_chair, a_payee, an_open_attempt, now, said
from tests.racing import at_once
from velory import clock
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.payments import refunds, start
from velory.payments.apply import apply
from velory.payments.inbox.models import Event
from velory.payments.inbox.work import work_off
from velory.payments.models import Attempt, Money, Refund
from velory.people.models import Location, Person

pytestmark = pytest.mark.races


@pytest.fixture(autouse=True)
def events_of_other_tests():
    Event.objects.all().delete()
    yield
    Event.objects.all().delete()


def faults(said_):
    return [fault for fault in said_ if isinstance(fault, Exception)]


def press_to_pay(chair, person, payee):
    at = clock.now()
    with transaction.atomic():
        held = Location.objects.select_for_update().get(pk=chair.pk)
        attempt = start.begin(
            KIND, str(held.pk), person=Person.objects.get(pk=person.pk), amount=Decimal("1667.25"), currency="SEK",
            payee=payee, until=at.replace(day=30), at=at,
        )  # fmt: skip
    return start.checkout(attempt, at=at)


def test_r7_sixteen_presses_make_one_attempt_one_session_and_sixteen_same_addresses(race_company, stripe):
    chair, person, payee = a_chair(), a_person(), a_payee(stripe)

    addresses = at_once(race_company, 16, lambda n: press_to_pay(chair, person, payee))

    assert faults(addresses) == []
    assert len(set(addresses)) == 1
    assert Attempt.objects.count() == 1
    assert len(stripe.sessions()) == 1
    assert findings() == []


def test_sixteen_looks_at_once_take_the_step_once(race_company, stripe):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)

    states = at_once(race_company, 16, lambda n: apply(attempt, at=clock.now()).state)

    assert Counter(states) == {"paid": 16}
    assert said(attempt_thing(attempt)) == ["paid"]
    assert Money.objects.count() == 1


def attempt_thing(attempt):
    return Location.objects.get(pk=attempt.subject_ref)


def test_paying_and_choosing_again_at_once_ends_as_one_of_both(race_company, stripe):
    for _ in range(5):
        attempt = an_open_attempt(stripe)

        def either(n, attempt=attempt):
            if n == 0:
                return stripe.pay(attempt.session_url) and "pays"
            if n % 2:
                return apply(attempt, at=clock.now()).state
            return start.abandon(attempt, at=clock.now())

        at_once(race_company, 6, either)
        state = apply(attempt, at=clock.now()).state
        status = stripe.session(attempt.session_id)["status"]
        assert (state, status) in {("paid", "complete"), ("expired", "expired")}
    assert findings() == []


def test_r13_of_eight_refunds_of_40_percent_two_pass(race_company, stripe):
    attempt, nils = an_open_attempt(stripe, amount="1000.00"), an_admin()
    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())

    def give_back(n):
        return refunds.refund(attempt, amount=Decimal("400.00"), reason="A dent", by=nils, at=clock.now())

    answers = at_once(race_company, 8, give_back)

    assert Counter(type(answer) for answer in answers) == {Refund: 2, Refused: 6}
    refs = list(Refund.objects.values_list("ref", flat=True))
    made = at_once(race_company, 8, lambda n: refunds.carry_out(refs[n % 2], at=clock.now()).state)
    assert faults(made) == []
    assert sorted(r["amount"] for r in stripe.refunds()) == [40000, 40000]
    assert now(attempt).given_back == 80000
    assert findings() == []


def test_fi_1_two_hundred_same_events_have_one_effect(race_company, stripe, client):
    attempt = an_open_attempt(stripe)
    stripe.pay(attempt.session_url)
    (event,) = stripe.events("checkout.session.completed")
    codes = Counter()
    for _ in range(200):
        codes[stripe.deliver(client, event)[0].status_code] += 1
    assert codes == {200: 200}
    assert Event.objects.count() == 1

    at_once(race_company, 4, lambda n: work_off(wall=clock.wall()))

    assert now(attempt).state == "paid"
    assert said(attempt_thing(attempt)) == ["paid"]
