"""A person's budget is the sum of its lines: reserved, released, spent, given back, never twice and never too far."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from orders.budgets.granting import give
from orders.budgets.ledger import give_back, release, reserve, spend
from orders.budgets.periods import counts_until
from orders.budgets.standing import grant_of, standings_of
from orders.gatekeeping import asked_for
from orders.models import Allowance, Grant, LedgerLine
from orders.prices import Mode
from tests.making import a_device, a_person, an_admin
from tests.orders.making import a_budget, a_category, a_price, given
from velory import clock
from velory.journal.reason import Refused


@pytest.fixture
def ebba():
    return given(a_person("Ebba", "Sjöberg", language="en"), a_budget(phones=(10000, 2, 24, Mode.ONE_OFF)))


def ask_for(person, amount, cause="Q-1/1", **more):
    with transaction.atomic():
        return reserve(person, a_category(), a_price(amount), cause=cause, at=clock.now(), **more)


def standing(person):
    return standings_of(person, grant_of(person), today=clock.today())[0]


def test_what_is_asked_for_is_put_aside_then_spent(ebba):
    line = ask_for(ebba, 4000)
    assert (standing(ebba).reserved, standing(ebba).spent, standing(ebba).left) == (4000, 0, 6000)

    with transaction.atomic():
        spend(line, at=clock.now())

    assert (standing(ebba).reserved, standing(ebba).spent, standing(ebba).left) == (0, 4000, 6000)
    assert list(LedgerLine.objects.order_by("pk").values_list("kind", "amount", "why")) == [
        ("reserve", Decimal(-4000), "requested"), ("release", Decimal(4000), "approved"),
        ("spend", Decimal(-4000), "approved"),
    ]  # fmt: skip


@pytest.mark.parametrize("why", ["rejected", "withdrawn"])
def test_what_is_not_approved_is_released(ebba, why):
    line = ask_for(ebba, 4000)
    with transaction.atomic():
        release(line, why, at=clock.now())
    assert (standing(ebba).used, standing(ebba).left, asked_for(ebba).total()) == (0, 10000, 0)


def test_what_is_cancelled_is_given_back_once(ebba):
    with transaction.atomic():
        spent = spend(ask_for(ebba, 4000), at=clock.now())
        first, second = give_back(spent, at=clock.now()), give_back(spent, at=clock.now())
    assert first == second
    assert standing(ebba).left == 10000
    assert LedgerLine.objects.filter(kind="give_back").count() == 1


def test_what_is_approved_is_spent_once(ebba):
    line = ask_for(ebba, 4000)
    with transaction.atomic():
        assert spend(line, at=clock.now()) == spend(line, at=clock.now())
    assert standing(ebba).spent == 4000


def test_what_was_answered_is_not_approved_any_more(ebba):
    line = ask_for(ebba, 4000)
    with transaction.atomic():
        release(line, "rejected", at=clock.now())
    with pytest.raises(Refused, match="It was rejected already"), transaction.atomic():
        spend(line, at=clock.now())
    assert standing(ebba).used == 0


def test_one_cause_is_reserved_once(ebba):
    ask_for(ebba, 100)
    with pytest.raises(IntegrityError), transaction.atomic():
        ask_for(ebba, 100)


def test_more_than_is_left_is_refused_with_both_sums(ebba):
    ask_for(ebba, 7000)
    with pytest.raises(Refused, match=r"It takes 3,000.01.SEK, and 3,000.00.SEK of the budget is left."):
        ask_for(ebba, "3000.01", "Q-1/2")
    ask_for(ebba, 3000, "Q-1/3")
    assert standing(ebba).left == 0
    assert LedgerLine.objects.count() == 2


def test_a_part_may_be_borne_by_somebody_else(ebba):
    ask_for(ebba, 12000, part=Decimal(10000))
    assert standing(ebba).left == 0


def test_the_budget_is_asked_again_at_approval(ebba):
    line = ask_for(ebba, 4000)
    Allowance.objects.update(amount=3000)
    with pytest.raises(Refused, match="3,000"), transaction.atomic():
        spend(line, at=clock.now())
    assert standing(ebba).reserved == 4000  # nothing is half done


def test_without_a_limit_of_money_lines_are_written_all_the_same():
    karin = given(a_person("Karin", "Ström"), a_budget(phones=(None, 1, 24, Mode.ONE_OFF)))
    ask_for(karin, 99999)
    assert (standing(karin).left, standing(karin).reserved, asked_for(karin).total()) == (None, 99999, 1)


def test_nobody_reserves_without_a_budget_or_outside_it(ebba):
    with pytest.raises(Refused, match="There is no budget"):
        ask_for(a_person(), 1)
    with pytest.raises(Refused, match="gives nothing for"), transaction.atomic():
        reserve(ebba, a_category("tablets"), a_price(1), cause="Q-2/1", at=clock.now())
    with pytest.raises(Refused, match="counts otherwise now"), transaction.atomic():
        reserve(ebba, a_category(), a_price(1, Mode.MONTHLY), cause="Q-2/1", at=clock.now())
    with pytest.raises(Refused, match="counts otherwise now"), transaction.atomic():
        reserve(ebba, a_category(), a_price(1, currency="EUR"), cause="Q-2/1", at=clock.now())
    assert not LedgerLine.objects.exists()


# Periods


@pytest.mark.parametrize(
    ("on", "months", "until"),
    [
        ("2026-11-22", 24, "2028-10-22"), ("2026-11-22", 1, "2026-12-22"), ("2026-11-22", 2, "2026-12-22"),
        ("2028-02-29", 12, "2029-01-28"), ("2026-12-31", 3, "2027-02-28"),
    ],
)  # fmt: skip
def test_a_period_begins_with_each_device_and_is_over_a_month_before_its_renewal(on, months, until):
    assert counts_until(date.fromisoformat(on), months).isoformat() == until


def test_the_allowance_is_whole_again_when_the_next_one_may_be_ordered(ebba, at):
    with transaction.atomic():
        spend(ask_for(ebba, 9000), at=clock.now())
    assert standing(ebba).renews_on == date(2028, 10, 22)
    at("2028-10-21T12:00")
    assert standing(ebba).left == 1000
    at("2028-10-22T00:00")
    assert (standing(ebba).left, standing(ebba).renews_on) == (10000, None)
    ask_for(ebba, 10000, "Q-2/1")


def test_a_pair_leaves_together_however_late_the_second_line_came(ebba, at):
    with transaction.atomic():
        spent = spend(ask_for(ebba, 9000), at=clock.now())
    at("2028-11-01T12:00")
    with transaction.atomic():
        give_back(spent, at=clock.now())
    assert standing(ebba).left == 10000


def test_another_budget_does_not_forget_what_was_spent(ebba):
    with transaction.atomic():
        spend(ask_for(ebba, 4000), at=clock.now())
    give(ebba, a_budget("Better", phones=(12000, 2, 24, Mode.ONE_OFF)), by=an_admin(), at=clock.now())
    assert standing(ebba).left == 8000
    with pytest.raises(Refused):
        ask_for(ebba, 8001, "Q-2/1")


def test_devices_count_with_what_is_asked_for(ebba):
    a_device(ebba)
    ask_for(ebba, 100)
    assert (standing(ebba).has, asked_for(ebba).total()) == (1, 1)


# The database has the last word


def test_a_line_is_never_changed_or_deleted(ebba):
    line = ask_for(ebba, 100)
    for sql in ("UPDATE orders_ledgerline SET amount = -1", "DELETE FROM orders_ledgerline"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    assert LedgerLine.objects.get().amount == line.amount


def test_the_database_refuses_to_take_more_than_is_given(ebba):
    line = ask_for(ebba, 6000)
    line.pk, line.cause, line.undoes = None, "Q-9/9", None
    with pytest.raises(DatabaseError, match="more would be taken"), transaction.atomic():
        line.save(force_insert=True)
    line.amount = Decimal(-4000)
    line.save(force_insert=True)


def test_the_database_refuses_a_line_that_undoes_something_else(ebba):
    line = ask_for(ebba, 6000)
    again = LedgerLine.objects.get(pk=line.pk)
    again.pk, again.kind, again.undoes, again.amount = None, "release", line, Decimal(9000)
    with pytest.raises(DatabaseError, match="undoes the whole"), transaction.atomic():
        again.save(force_insert=True)
    again.kind, again.amount = "give_back", Decimal(6000)
    with pytest.raises(DatabaseError, match="undoes the whole"), transaction.atomic():
        again.save(force_insert=True)


def test_the_database_refuses_to_take_from_a_budget_that_is_not_theirs_any_more(ebba):
    line = ask_for(ebba, 10)
    Grant.objects.update(until_at=clock.now())
    line.pk, line.cause = None, "Q-9/9"
    with pytest.raises(DatabaseError, match="not theirs any more"), transaction.atomic():
        line.save(force_insert=True)
