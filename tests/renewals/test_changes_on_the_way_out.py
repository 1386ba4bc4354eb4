"""What changes while a device is being paid for or on its way back changes what is planned, never what was decided."""

from datetime import date

import pytest

from assets.models import Device
from renewals.models import Policy, Reminder, Renewal, Return
from renewals.terms import change_policy, terms_of
from tests.making import a_lessor, an_admin, an_external_distributor
from tests.renewals.making import a_leased_device_at_its_final_stage, go_to_payment, sellers
from velory import clock
from velory.journal.invariants import findings
from velory.payments.apply import apply
from velory.payments.models import Attempt
from velory.post.models import Letter

TODAY = date(2026, 11, 22)
CHANGES = {
    "the date, far ahead": lambda device: edit(device, facts={"renewal_on": date(2028, 12, 14)}),
    "the date, taken away": lambda device: edit(device, facts={"renewal_on": None}),
    "the contract, closed": lambda device: edit(device, contract={"closed_on": clock.today()}),
    "the contract, another provider": lambda device: edit(device, contract={"provider": a_lessor("Grenke")}),
    "the distributor": lambda device: edit(device, facts={"distributor": an_external_distributor()}),
    "the policy": lambda device: change_policy(
        lambda: Policy.objects.filter(pk=1).update(leased_buyout=False, leased_return=False), at=clock.now()
    ),
}


@pytest.fixture(autouse=True)
def everybody_takes_money(stripe):
    sellers(stripe)


def edit(device, **details):
    Device.objects.get(pk=device.pk).edit(by=an_admin(), **details)


def now(device):
    return Device.objects.get(pk=device.pk)


def on_its_way_to_the_payment(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device)
    return device, Attempt.objects.get()


def planned():
    return sorted(Reminder.objects.planned().values_list("stage", "send_on"))


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_while_it_is_paid_takes_nothing_from_who_pays(change, at_their_desk, stripe):
    device, attempt = on_its_way_to_the_payment(at_their_desk)
    CHANGES[change](device)
    assert now(device).status == "pending_buyout"

    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())

    assert now(device).status == "bought_by_employee"
    assert [(paid.state, paid.payee.name) for paid in Attempt.objects.all()] == [("paid", "3 Step IT")]
    assert Letter.objects.filter(template="renewals/bought").count() == 1
    assert planned() == []
    assert list(findings()) == []


@pytest.mark.parametrize(("change", "asked"), [
    ("the date, far ahead", [("leased_1_month", date(2028, 11, 14)), ("leased_3_months", date(2028, 9, 14))]),
    ("the date, taken away", []),
    ("the contract, closed", [("one_off_30_days", TODAY)]),
    ("the contract, another provider", [("leased_1_month", TODAY)]),
    ("the distributor", [("external_30_days", TODAY)]),
    ("the policy", [("leased_1_month", TODAY)]),
])  # fmt: skip
def test_what_changed_while_it_was_not_paid_counts_from_then_on(change, asked, at_their_desk, stripe):
    device, attempt = on_its_way_to_the_payment(at_their_desk)
    CHANGES[change](device)

    stripe.expire(attempt.session_id)
    apply(attempt, at=clock.now())

    assert now(device).status == "active"
    assert planned() == asked
    assert terms_of(now(device)).leased_buyout  # on the terms of the day on which it opened
    assert list(findings()) == []


@pytest.mark.parametrize("change", CHANGES)
def test_what_changes_on_the_way_back_takes_nothing_from_the_decision(change):
    device = a_leased_device_at_its_final_stage()
    device.choose_return(by=device.holder)

    CHANGES[change](device)

    assert now(device).status == "to_return"
    assert Renewal.objects.decided().get().final == "return"
    goes_to = {"the contract, closed": None, "the contract, another provider": "Grenke"}.get(change, "3 Step IT")
    assert (goes_to or "") == str(Return.objects.open().get().provider or "")
    assert planned() == []
    assert list(findings()) == []
    nils = an_admin()
    now(device).confirm_return(by=nils)
    now(device).release(by=nils)
    assert now(device).status == "removed"
    assert list(findings()) == []
