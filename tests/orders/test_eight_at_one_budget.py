"""Eight at once, asking, approving, rejecting, withdrawing and cancelling: the balance is the sum of the lines, never
below zero, and nothing is given back twice (P1–P12 of payments hold beside it)."""

from collections import Counter
from decimal import Decimal
from random import Random

import pytest
from django.db import transaction

from orders.budgets.granting import give
from orders.budgets.ledger import give_back, release, reserve, spend
from orders.budgets.standing import grant_of, standings_of
from orders.models import Grant, LedgerLine
from orders.prices import Mode
from tests.making import a_person, an_admin
from tests.orders.making import a_budget, a_category, a_price, given
from tests.racing import at_once
from velory import clock
from velory.journal.reason import Refused
from velory.people.models import Person

pytestmark = pytest.mark.races
GIVEN = Decimal(20000)


def one_step(random, person, n):
    """What one of the eight does next, to whatever line they find; what they were refused is not an error."""
    deed = random.choice(["ask", "ask", "approve", "approve", "reject", "withdraw", "cancel"])
    try:
        with transaction.atomic():
            if deed == "ask":
                price = a_price(random.choice([990, 1890, 4990, 9490]))
                reserve(person, a_category(), price, cause=f"Q-{n}", at=clock.now())
                return deed
            kind = "spend" if deed == "cancel" else "reserve"
            lines = list(LedgerLine.objects.of(person).filter(kind=kind).order_by("pk"))
            if not lines:
                return "nothing"
            line = random.choice(lines)
            if deed == "approve":
                spend(line, at=clock.now())
            elif deed == "cancel":
                give_back(line, at=clock.now())
            else:
                release(line, "rejected" if deed == "reject" else "withdrawn", at=clock.now())
            return deed
    except Refused:
        return "refused"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_whatever_eight_do_at_once_the_budget_holds(race_company, seed):
    person = given(a_person(), a_budget(phones=(GIVEN, None, 24, Mode.ONE_OFF)))

    def act(n):
        random, who = Random(seed * 100 + n), Person.objects.get(pk=person.pk)
        return Counter(one_step(random, who, f"{n}-{turn}") for turn in range(12))

    said = at_once(race_company, 8, act)

    faults = [fault for fault in said if isinstance(fault, Exception)]
    assert [type(fault).__name__ for fault in faults if "ledger_cause_once" not in str(fault)] == []
    total = sum((done for done in said if isinstance(done, Counter)), Counter())
    assert min(total["ask"], total["approve"]) > 0
    lines = list(LedgerLine.objects.order_by("pk"))
    taken = Decimal(0)
    for line in lines:  # in the order in which they were written, nobody ever saw less than nothing
        taken += line.amount
        assert GIVEN + taken >= 0
    stands = standings_of(person, grant_of(person), today=clock.today())[0]
    assert stands.left == GIVEN + taken
    assert max(Counter(line.undoes_id for line in lines if line.undoes_id).values(), default=0) <= 1
    assert max(Counter((line.kind, line.cause) for line in lines).values()) == 1
    cancelled = sum(line.amount for line in lines if line.kind == "give_back")
    assert stands.spent == -sum(line.amount for line in lines if line.kind == "spend") - cancelled


def test_sixteen_ask_for_the_last_of_it_and_one_gets_it(race_company):
    person = given(a_person(), a_budget(phones=(10000, None, 24, Mode.ONE_OFF)))

    def ask(n):
        with transaction.atomic():
            return reserve(
                Person.objects.get(pk=person.pk), a_category(), a_price(6000), cause=f"Q-{n}", at=clock.now()
            )

    said = at_once(race_company, 16, ask)

    assert Counter(type(answer).__name__ for answer in said) == {"LedgerLine": 1, "Refused": 15}
    assert LedgerLine.objects.count() == 1


def test_eight_admins_give_a_budget_at_once_and_a_person_has_one(race_company):
    person, nils = a_person(), an_admin()
    budgets = [a_budget(f"Budget {n}") for n in range(8)]

    said = at_once(
        race_company, 8, lambda n: give(Person.objects.get(pk=person.pk), budgets[n], by=nils, at=clock.now())
    )

    assert [type(answer).__name__ for answer in said] == ["Grant"] * 8
    assert Grant.objects.open().filter(person=person).count() == 1
    assert Grant.objects.filter(person=person).count() == 8
    assert person.journal.filter(step="given_budget").count() == 8


def test_a_budget_changes_hands_while_eight_ask_and_nothing_is_forgotten(race_company):
    person, nils = given(a_person(), a_budget(phones=(10000, None, 24, Mode.ONE_OFF))), an_admin()
    better = a_budget("Better", phones=(12000, None, 24, Mode.ONE_OFF))

    def act(n):
        who = Person.objects.get(pk=person.pk)
        if n == 0:
            return give(who, better, by=nils, at=clock.now())
        with transaction.atomic():
            return reserve(who, a_category(), a_price(4000), cause=f"Q-{n}", at=clock.now())

    said = Counter(type(answer).__name__ for answer in at_once(race_company, 8, act))

    assert said["Grant"] == 1
    assert said["LedgerLine"] + said["Refused"] == 7
    stands = standings_of(person, grant_of(person), today=clock.today())[0]
    assert stands.left == 12000 - 4000 * said["LedgerLine"]
    assert stands.left >= 0
