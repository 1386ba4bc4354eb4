"""A buy-out is open when the company allows it, the price is known, and the day is right; else it says why not."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from renewals.buyouts.opening import pay_until, shut
from renewals.models import Policy
from renewals.terms import terms_of
from tests.making import a_lessor, a_person, an_external_device
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
)
from velory import clock
from velory.payments.models import Payee


@pytest.fixture(autouse=True)
def money_can_be_taken(settings):
    settings.STRIPE_SECRET_KEY = "sk_test_for_the_rules"
    for key, name in (("company", "Nordvik Energi AB"), (f"partner/{a_lessor().ref}", "3 Step IT")):
        Payee.objects.create(key=key, name=name, account=f"acct_{key[:4]}", charges_enabled=True)


def policy(**terms):
    Policy.objects.update_or_create(pk=1, defaults=terms)


def why(device, final=True, person=None):
    with translation.override("en"):
        return shut(device, person=person or device.holder, at=clock.now(), final=final)


# What the company allows, and the price


def test_it_is_open_where_nothing_is_in_the_way():
    assert why(a_leased_device_at_its_final_stage()) is None
    assert why(a_one_off_device_in_its_window(buyout_price=Decimal(900))) is None


def test_what_the_company_does_not_offer_is_shut():
    policy(leased_buyout=False)
    assert why(a_leased_device_at_its_final_stage()).code == "not_allowed"
    assert why(a_one_off_device_in_its_window(buyout_price=Decimal(900))) is None
    policy(leased_buyout=True, one_off_buyout=False)
    assert why(a_leased_device_at_its_final_stage()) is None
    assert why(a_one_off_device_in_its_window(buyout_price=Decimal(900))).code == "not_allowed"


def test_an_external_device_is_bought_from_its_distributor_and_not_here():
    found = why(an_external_device(a_person(), renewal_on=date(2026, 12, 1)))
    assert found.code == "other_path"
    assert found.hidden


def test_without_a_price_it_says_what_is_missing():
    assert why(a_one_off_device_in_its_window()).code == "price_missing"


# Who is paid


def test_without_a_key_payments_are_not_set_up(settings):
    settings.STRIPE_SECRET_KEY = ""
    assert why(a_leased_device_at_its_final_stage()).code == "payments_off"
    assert why(a_leased_device_at_its_preliminary_stage(), final=False) is None


@pytest.mark.parametrize(
    ("facts", "code"),
    [({"charges_enabled": False}, "payee_not_ready"), ({"account": ""}, "payee_missing"),
     ({"disconnected_at": datetime(2026, 11, 1, tzinfo=UTC)}, "payee_gone")],
)  # fmt: skip
def test_a_payee_that_takes_no_money_shuts_it(facts, code):
    Payee.objects.filter(key=f"partner/{a_lessor().ref}").update(**facts)
    assert why(a_leased_device_at_its_final_stage()).code == code
    assert why(a_one_off_device_in_its_window(buyout_price=Decimal(900))) is None


def test_a_lease_without_a_provider_has_nobody_to_pay():
    device = a_leased_device_at_its_final_stage()
    device.contract.provider = None
    device.contract.save()
    assert why(device).code == "payee_missing"


# Minimum tenure


@pytest.mark.parametrize(("first_day", "open_"), [("2025-11-22", True), ("2025-11-23", False), ("2024-02-29", True)])
def test_the_minimum_tenure_is_reached_to_the_day(first_day, open_):
    policy(minimum_tenure_months=12)
    device = a_leased_device_at_its_final_stage(a_person(first_day_on=date.fromisoformat(first_day)))
    found = why(device)
    assert (found is None) is open_
    if found:
        assert found.until == date(2026, 11, 23)
        assert "23 November 2026" in found.text


def test_whose_first_day_is_unknown_is_told_who_sets_it():
    policy(minimum_tenure_months=12)
    found = why(a_leased_device_at_its_final_stage())
    assert found.code == "tenure_unknown"
    assert found.who


# Days of the month


def test_outside_its_days_it_says_the_next_dates(at):
    policy(window_from=1, window_to=5)
    device = a_leased_device_at_its_final_stage()
    found = why(device)
    assert (found.code, found.until) == ("window", date(2026, 12, 1))
    assert "1 December 2026 to 5 December 2026" in found.text
    at("2026-12-01T00:01")
    assert why(device) is None
    at("2026-12-05T23:00")
    assert why(device) is None
    at("2026-12-06T00:00")
    assert why(device).until == date(2027, 1, 1)


def test_a_preliminary_choice_can_be_made_on_any_day():
    policy(window_from=1, window_to=5)
    assert why(a_leased_device_at_its_preliminary_stage(), final=False) is None


def test_it_shuts_half_an_hour_before_its_days_end(at):
    policy(window_from=20, window_to=24)
    device = a_leased_device_at_its_final_stage()
    at("2026-11-24T23:29")
    assert why(device) is None
    assert pay_until(device, terms_of(device), clock.now()) == clock.local(date(2026, 11, 25), datetime.min.time())
    at("2026-11-24T23:31")
    found = why(device)
    assert found.code == "too_late"
    assert "20 December 2026 to 24 December 2026" in found.text


def test_it_shuts_half_an_hour_before_a_device_is_kept_of_its_own_accord(at):
    policy(keep_by_default=True)
    device = a_one_off_device_in_its_window(buyout_price=Decimal(900))
    at("2026-12-13T23:29")
    assert why(device) is None
    at("2026-12-13T23:31")
    assert why(device).code == "too_late"
    policy(keep_by_default=False)
    assert why(device) is None
