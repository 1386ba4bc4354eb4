"""Somebody cancels while something else happens to the same device, order or person: one wins, the other is told why,
and nobody waits for ever."""

from collections import Counter

import pytest
from django.db import transaction

from assets.lifecycle import Status
from assets.models import Device
from orders.budgets.ledger import reserve
from orders.models import Deduction, LedgerLine, Order, ProductRequest
from tests.making import a_person, an_admin, an_integrated_distributor
from tests.orders.making import a_budget, given
from tests.orders.wishing import a_request
from tests.racing import at_once
from velory import clock
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.people.models import Person
from velory.post.models import Letter

pytestmark = pytest.mark.races
DEAR = {"budget_part": 9000, "overage": 490, "overage_vat": "122.50"}
ROUNDS = 4


def asked(person, number=1):
    """A request with what was put aside for it, waiting for its answer."""
    request = ProductRequest.objects.get(pk=a_request(*[DEAR] * number, person=person, overage="salary").pk)
    with transaction.atomic():
        for line in request.lines_in_order:
            reserve(person, line.category, line.price, cause=line.cause, at=clock.now(), part=line.budget_part)
    return request


def ordered(person, number=1):
    request = asked(person, number)
    request.approve(by=None, at=clock.now())
    return list(Device.objects.filter(order_line__order__request=request).order_by("pk"))


def ebba():
    return given(a_person("Ebba", "Sjöberg"), a_budget(phones=(200000, None, 24, "one_off")))


def kinds(said):
    return Counter(type(answer).__name__ for answer in said)


def test_it_is_cancelled_by_one_of_eight(race_company):
    person, nils, dustin = ebba(), an_admin(), an_integrated_distributor()
    [device] = ordered(person)

    said = at_once(
        race_company, 8, lambda n: Device.objects.get(pk=device.pk).cancel(by=(nils, dustin)[n % 2], at=clock.now())
    )

    assert kinds(said) == {"Entry": 1, "Refused": 7}
    assert all("the status is" in str(answer) for answer in said if isinstance(answer, Refused))
    assert LedgerLine.objects.filter(kind="give_back").count() == 1
    assert Deduction.objects.filter(kind="reverse").count() == 1
    assert Letter.objects.filter(template="orders/cancelled").count() == 1
    assert findings() == []


def test_cancelled_or_shipped_and_never_both(race_company):
    person, nils, dustin = ebba(), an_admin(), an_integrated_distributor()
    for _round in range(ROUNDS):
        [device] = ordered(person)

        def act(n, pk=device.pk):
            found = Device.objects.get(pk=pk)
            return found.cancel(by=nils) if n % 2 else found.ship(by=dustin, tracking_number="373")

        said = at_once(race_company, 4, act)

        assert kinds(said) == {"Entry": 1, "Refused": 3}
        is_cancelled = Device.objects.get(pk=device.pk).status == Status.CANCELLED
        cause = device.order_line.request_line.cause
        assert LedgerLine.objects.filter(kind="give_back", cause=cause).exists() is is_cancelled
    assert findings() == []


def test_an_order_whose_devices_are_cancelled_at_once_is_called_off_once(race_company):
    person, nils = ebba(), an_admin()
    devices = ordered(person, 6)

    said = at_once(race_company, 6, lambda n: Device.objects.get(pk=devices[n].pk).cancel(by=nils, at=clock.now()))

    assert kinds(said) == {"Entry": 6}
    assert Order.objects.get().status == "called_off"
    assert LedgerLine.objects.filter(kind="give_back").count() == 6
    assert findings() == []


def test_while_a_request_of_the_same_person_is_approved_nobody_waits_for_ever(race_company):
    person, nils = ebba(), an_admin()
    for _round in range(ROUNDS):
        devices, waiting = ordered(person, 4), [asked(Person.objects.get(pk=person.pk)) for _each in range(4)]

        def act(n, devices=devices, waiting=waiting):
            if n % 2:
                return Device.objects.get(pk=devices[n // 2].pk).cancel(by=nils, at=clock.now())
            return ProductRequest.objects.get(pk=waiting[n // 2].pk).approve(by=nils, at=clock.now())

        said = at_once(race_company, 8, act)

        assert [answer for answer in said if isinstance(answer, Exception)] == []
    assert findings() == []
