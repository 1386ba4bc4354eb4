"""Several answer at once: one answer counts, the budget holds, nothing is half-written and nobody waits for ever."""

from collections import Counter
from decimal import Decimal

import pytest
from django.db import transaction

from assets.models import Device
from orders.budgets.ledger import reserve
from orders.models import LedgerLine, Order, ProductRequest
from orders.prices import Mode
from tests.making import a_person, an_admin
from tests.orders.asking import a_phone, a_sent_request
from tests.orders.making import a_budget, a_category, a_price, given
from tests.racing import at_once
from velory import clock
from velory.agenda import book
from velory.journal.reason import Refused
from velory.people.models import Person
from velory.post.models import Letter

pytestmark = pytest.mark.races


def said(answers):
    return Counter("refused" if isinstance(answer, Refused) else type(answer).__name__ for answer in answers)


def of(person):
    return Person.objects.get(pk=person.pk)


def asked_by_bjorn(budget=10000, price=9490):
    nils, karin = an_admin(), a_person("Karin", "Ström")
    bjorn = given(a_person("Björn", "Persson", approver=karin), a_budget(phones=(budget, None, 24, Mode.ONE_OFF)))
    return nils, karin, bjorn, a_sent_request(bjorn, a_phone(price))


def balance():
    return sum(LedgerLine.objects.values_list("amount", flat=True))


def test_eight_approve_at_once_and_it_is_ordered_once(race_company):
    nils, karin, _bjorn, _request = asked_by_bjorn()
    who = [karin, nils]

    answers = at_once(race_company, 8, lambda n: ProductRequest.objects.get().approve(by=of(who[n % 2])))

    assert said(answers) == {"Entry": 1, "refused": 7}
    assert (Order.objects.count(), Device.objects.count()) == (1, 1)
    assert balance() == Decimal(-9490)
    assert Letter.objects.of_template("orders/request_approved").count() == 1


@pytest.mark.parametrize("_round", range(3))
def test_of_yes_no_and_never_mind_one_counts(race_company, _round):
    nils, karin, bjorn, _request = asked_by_bjorn()
    deeds = [("approve", karin), ("reject", nils), ("withdraw", bjorn)]

    def act(n):
        name, who = deeds[n % 3]
        return getattr(ProductRequest.objects.get(), name)(by=of(who))

    answers = at_once(race_company, 9, act)

    assert said(answers) == {"Entry": 1, "refused": 8}
    status = ProductRequest.objects.get().status
    assert balance() == (Decimal(-9490) if status == "approved" else 0)
    assert Order.objects.count() == (1 if status == "approved" else 0)


@pytest.mark.parametrize("_round", range(3))
def test_what_else_takes_the_budget_never_takes_what_is_put_aside(race_company, _round):
    _nils, karin, bjorn, _request = asked_by_bjorn(budget=12000)

    def act(n):
        if n == 0:
            return ProductRequest.objects.get().approve(by=of(karin))
        with transaction.atomic():
            return reserve(of(bjorn), a_category(), a_price(2000), cause=f"X-{n}/1", at=clock.now())

    answers = at_once(race_company, 6, act)

    assert said(answers) == {"Entry": 1, "LedgerLine": 1, "refused": 4}
    assert balance() == Decimal(-11490)


@pytest.mark.parametrize("_round", range(3))
def test_approved_while_its_person_leaves_nobody_waits_for_ever(race_company, _round):
    nils, karin, bjorn, _request = asked_by_bjorn()

    def act(n):
        if n % 2:
            return ProductRequest.objects.get().approve(by=of(karin))
        of(bjorn).end_access(by=of(nils), at=clock.now())
        return book.dispatch(at=clock.now())

    answers = at_once(race_company, 4, act)

    assert not {"OperationalError", "DeadlockDetected"} & set(said(answers))
    book.dispatch(at=clock.now())
    status = ProductRequest.objects.get().status
    assert status in {"approved", "withdrawn"}
    assert balance() == (Decimal(-9490) if status == "approved" else 0)


def test_eight_of_one_person_and_a_budget_for_two(race_company):
    _nils, karin = an_admin(), a_person("Karin", "Ström")
    bjorn = given(a_person("Björn", "Persson", approver=karin), a_budget(phones=(20000, None, 24, Mode.ONE_OFF)))
    phone = a_phone()
    for _number in range(2):
        a_sent_request(of(bjorn), phone)
    keys = list(ProductRequest.objects.values_list("pk", flat=True))

    answers = at_once(race_company, 8, lambda n: ProductRequest.objects.get(pk=keys[n % 2]).approve(by=of(karin)))

    assert said(answers) == {"Entry": 2, "refused": 6}
    assert balance() == Decimal(-18980)
