"""Chosen by several at once: one choice, and the store agrees with it."""

from collections import Counter

import pytest
from django.db import transaction

from assets.admission import admit
from assets.models import Category, Device
from renewals.choices.keeping import keep_by_default
from renewals.models import Policy, Renewal
from renewals.terms import change_policy, terms_of
from tests.making import a_person
from tests.racing import at_once
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
)
from velory import clock
from velory.journal.invariants import findings
from velory.journal.reason import Refused
from velory.people.models import Person

pytestmark = pytest.mark.races
ROUNDS = range(5)


def said(answers):
    return Counter("refused" if isinstance(answer, Refused) else type(answer).__name__ for answer in answers)


def test_sixteen_returns_are_one(race_company):
    device = a_leased_device_at_its_final_stage(a_person())

    answers = at_once(race_company, 16, lambda n: Device.objects.get().choose_return(by=Person.objects.first()))

    assert said(answers) == {"Entry": 1, "refused": 15}
    assert device.journal.filter(step="choose_return").count() == 1
    assert Renewal.objects.get().final == "return"


def test_the_two_preliminary_choices_at_once_end_in_one_of_them(race_company):
    device = a_leased_device_at_its_preliminary_stage(a_person())
    steps = ["prefer_buyout", "prefer_return"]

    answers = at_once(
        race_company, 16, lambda n: getattr(Device.objects.get(), steps[n % 2])(by=Person.objects.first())
    )

    assert set(said(answers)) <= {"Entry", "refused"}
    status, said_last = Device.objects.get().status, device.journal.last()
    assert (status, Renewal.objects.get().preliminary) in {
        ("preliminary_buyout", "buy_out"), ("preliminary_return", "return"),
    }  # fmt: skip
    assert said_last.went_to == status


@pytest.mark.parametrize("_round", ROUNDS)
def test_an_order_is_admitted_if_and_only_if_the_choice_is_made(_round, race_company):
    a_leased_device_at_its_final_stage(a_person())
    today = clock.today()

    def race(n):
        person = Person.objects.get(devices__isnull=False)
        if n == 0:
            return Device.objects.get().choose_return(by=person)
        with transaction.atomic():
            admit(person, Category.objects.get(code="phones"), today=today)
            return Device.objects.get().status  # as the order's own transaction sees it

    answers = at_once(race_company, 6, race)

    assert [fault for fault in answers if isinstance(fault, Exception) and not isinstance(fault, Refused)] == []
    admitted = [answer for answer in answers if isinstance(answer, str)]
    assert set(admitted) <= {"to_return"}
    assert len(admitted) + said(answers)["refused"] == 5


@pytest.mark.parametrize("_round", ROUNDS)
@pytest.mark.parametrize(("step", "status"), [("choose_return", "return_pending"), ("keep", "active")])
def test_keeping_of_its_own_accord_and_its_holder_at_the_same_instant(_round, step, status, race_company, at):
    Policy(pk=1, keep_by_default=True).save()
    device = a_one_off_device_in_its_window(a_person())
    moment = at("2026-12-14T00:00")
    seen = device.version

    def race(n):
        if n == 0:
            return getattr(Device.objects.get(), step)(by=Person.objects.first(), at=moment, version=seen)
        return keep_by_default(moment)

    answers = at_once(race_company, 4, race)

    assert [fault for fault in answers if isinstance(fault, Exception) and not isinstance(fault, Refused)] == []
    taken = list(device.journal.filter(step__in=["keep", "choose_return"]).values_list("step", "role"))
    assert len(taken) == 1
    now = Device.objects.get()
    assert (now.status, now.renewal_on.month) == (("active", 6) if taken[0][0] == "keep" else (status, 12))
    assert findings() == []


@pytest.mark.parametrize("_round", ROUNDS)
def test_a_promise_is_not_lost_when_two_admins_change_the_policy_at_once(_round, race_company, at):
    devices = [a_leased_device_at_its_preliminary_stage(a_person()) for _ in range(3)]
    people = {device.pk: device.holder for device in devices}

    def race(n):
        if n < 3:
            return Device.objects.get(pk=devices[n].pk).prefer_return(by=people[devices[n].pk])

        def save():
            Policy.objects.filter(pk=1).update(quote_valid_days=20 + n)

        return change_policy(save, at=at.moment)

    answers = at_once(race_company, 8, race)

    assert [fault for fault in answers if isinstance(fault, Exception)] == []
    assert {terms_of(device).quote_valid_days for device in devices} == {14}
    assert Policy.here().quote_valid_days in range(23, 28)
    assert Renewal.objects.filter(preliminary="return").count() == 3
