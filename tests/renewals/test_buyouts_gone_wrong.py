"""Whatever is sent to the last page and whatever changes meanwhile: one payment at the price that was seen, no 500."""

import json
import time
from datetime import date
from decimal import Decimal

import pytest

from assets.models import Device
from renewals.models import Policy, Quote
from tests.conftest import Browser
from tests.making import a_lessor, a_person, an_admin
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    go_to_payment,
    sellers,
)
from velory import clock
from velory.journal.reason import NotYours, Refused
from velory.payments.apply import apply
from velory.payments.models import Attempt, Payee
from velory.post.models import Letter

SEEN = {"understood": "on", "seen": "1423.5 SEK"}


@pytest.fixture(autouse=True)
def everybody_takes_money(stripe):
    sellers(stripe)


def now(device):
    return Device.objects.get(pk=device.pk)


def press(at_their_desk, device, **fields):
    return at_their_desk(device.holder).post(f"/devices/{device.ref}/start_buyout/", SEEN | fields)


def nothing_began(device, status="active"):
    return now(device).status == status and not Attempt.objects.exists() and not Quote.objects.exists()


# What the rules say, said to the button as well


def policy(**terms):
    Policy.objects.update_or_create(pk=1, defaults=terms)


def no_charges(device, at):
    Payee.objects.filter(key=f"partner/{a_lessor().ref}").update(charges_enabled=False)


def not_long_enough(device, at):
    policy(minimum_tenure_months=12)
    device.holder.first_day_on = date(2025, 11, 23)
    device.holder.save()


def half_an_hour_left(device, at):
    policy(window_from=1, window_to=22)
    at("2026-11-22T23:31")


def yesterday(device, at):
    at("2026-11-13T23:59")


def not_offered(device, at):
    policy(leased_buyout=False)


def without_residual(device, at):
    device.contract.residual_percent = None
    device.contract.save()


def worth_nothing(device, at):
    device.contract.residual_percent = Decimal(0)
    device.contract.save()


@pytest.mark.parametrize(
    "change",
    [no_charges, not_long_enough, half_an_hour_left, yesterday, not_offered, without_residual, worth_nothing],
    ids=lambda change: change.__name__,
)
def test_the_button_is_refused_with_a_reason_and_nothing_begins(at_their_desk, at, change):
    device = a_leased_device_at_its_final_stage()
    change(device, at)
    answer = press(at_their_desk, device)
    assert answer.status_code == 409
    assert nothing_began(device)


def test_a_feature_that_is_off_leaves_no_page(at_their_desk, nordvik):
    device = a_leased_device_at_its_final_stage()
    before, nordvik.features = nordvik.features, ["store"]
    nordvik.save()
    try:
        assert press(at_their_desk, device).status_code == 404
    finally:
        nordvik.features = before
        nordvik.save()
    assert nothing_began(device)


def test_at_the_preliminary_stage_nothing_can_be_paid(at_their_desk):
    device = a_leased_device_at_its_preliminary_stage()
    assert press(at_their_desk, device).status_code == 409
    assert nothing_began(device)


@pytest.mark.parametrize("step", ["report_fault", "choose_return"])
def test_a_device_that_went_elsewhere_is_not_bought(at_their_desk, step):
    device = a_leased_device_at_its_final_stage()
    getattr(device, step)(by=device.holder)
    status = device.status
    assert press(at_their_desk, device).status_code == 409
    assert nothing_began(device, status)


# Whoever asks


def test_neither_colleague_nor_admin_nor_former_holder_nor_neighbour_pays_for_it(at_their_desk, client):
    device = a_leased_device_at_its_final_stage()
    karin, address = device.holder, f"/devices/{device.ref}/start_buyout/"
    nils = an_admin()
    device.assign(by=nils, to=a_person())
    for person, status in ((a_person(), 404), (nils, 403), (karin, 404)):
        assert at_their_desk(person).post(address, SEEN).status_code == status
        assert at_their_desk(person).post(f"/devices/{device.ref}/turn_back/").status_code == status
    assert client.post(address, SEEN).status_code == 302  # to the sign-in page
    neighbour = Browser(HTTP_HOST="saimaa.localhost")
    assert neighbour.post(address, SEEN).status_code in {302, 404}
    assert nothing_began(device)


def test_whoever_has_left_does_not_get_in(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    desk = at_their_desk(device.holder)
    device.holder.end_access(by=an_admin(), at=clock.now())
    assert desk.post(f"/devices/{device.ref}/start_buyout/", SEEN).status_code in {302, 403}
    assert nothing_began(device)


# Whatever is sent


@pytest.mark.parametrize(
    "seen",
    ["", "0 SEK", "1423.5", "1423.50 SEK", "1423.5 JPY", "NaN SEK", "1e309 SEK", "x" * 5000, "\x00", "1423.5 SEK\r\n"],
)
def test_a_price_that_nobody_was_shown_starts_nothing(at_their_desk, seen):
    device = a_leased_device_at_its_final_stage()
    assert press(at_their_desk, device, seen=seen).status_code in {409, 422}
    assert nothing_began(device)


def test_a_body_of_another_kind_starts_nothing(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    desk = at_their_desk(device.holder)
    answer = desk.post(f"/devices/{device.ref}/start_buyout/", json.dumps(SEEN), content_type="application/json")
    assert answer.status_code == 422
    assert desk.put(f"/devices/{device.ref}/start_buyout/").status_code == 405
    assert desk.get(f"/devices/{device.ref}/turn_back/").status_code == 405
    assert nothing_began(device)


def test_extra_fields_change_nothing(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    press(at_their_desk, device, status="bought_by_employee", price="1", tenant_id="2", is_admin="1")
    assert now(device).status == "pending_buyout"
    assert Attempt.objects.get().amount == Decimal("1423.500")


# What changes on the way


def test_on_the_way_to_the_payment_nothing_else_happens_to_it(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device)
    nils, device = an_admin(), now(device)
    for step, details in (("assign", {"to": a_person()}), ("unassign", {}), ("remove", {"why": "Lost"})):
        with pytest.raises(Refused):
            getattr(device, step)(by=nils, **details)
    for step in ("choose_return", "prefer_return", "report_fault"):
        with pytest.raises(Refused):
            getattr(device, step)(by=device.holder)
    with pytest.raises(Refused):
        device.complete_buyout(by=None)
    with pytest.raises(NotYours):
        device.complete_buyout(by=nils)
    assert now(device).status == "pending_buyout"


def test_a_price_that_is_corrected_on_the_way_keeps_its_quote(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device)
    now(device).edit(by=an_admin(), facts={}, contract={"acquisition_price": Decimal(1)})
    [attempt] = Attempt.objects.all()

    answer = at_their_desk(device.holder).post(f"/devices/{device.ref}/start_buyout/", {})
    assert answer["Location"] == attempt.session_url
    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())

    assert now(device).status == "bought_by_employee"
    assert now(device).journal.get(step="complete_buyout").details["amount"] == "1423.50"


def test_whoever_leaves_on_the_way_and_pays_has_bought_it(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device)
    device.holder.end_access(by=an_admin(), at=clock.now())
    [attempt] = Attempt.objects.all()
    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())
    assert now(device).status == "bought_by_employee"
    assert Letter.objects.filter(template="renewals/bought").count() == 1


def test_whoever_leaves_on_the_way_and_does_not_pay_leaves_the_choice_open(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device)
    device.holder.end_access(by=an_admin(), at=clock.now())
    [attempt] = Attempt.objects.all()
    stripe.expire(attempt.session_id)
    apply(attempt, at=clock.now())
    assert now(device).status == "active"


def test_a_payment_whose_time_ran_out_is_not_gone_on_with(at_their_desk, at):
    device = a_leased_device_at_its_final_stage()
    desk = at_their_desk(device.holder)
    go_to_payment(desk, device)
    at("2026-11-24T07:00")
    assert desk.post(f"/devices/{device.ref}/start_buyout/", {}).status_code == 409
    assert now(device).status == "active"
    assert go_to_payment(desk, device).status_code == 303


def test_an_own_device_on_its_way_to_the_payment_is_not_kept_meanwhile(at_their_desk, at):
    policy(keep_by_default=True)
    device = a_one_off_device_in_its_window(buyout_price=Decimal(900))
    at("2026-12-13T20:00")
    go_to_payment(at_their_desk(device.holder), device)
    [attempt] = Attempt.objects.all()
    assert attempt.expires_at == clock.local(date(2026, 12, 14), clock.time(0))
    at("2026-12-14T00:30")
    with pytest.raises(Refused):
        now(device).keep(by=None)


def test_a_page_answers_within_ten_seconds_though_stripe_stalls(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    stripe.stalls("POST /v1/checkout/sessions", 20, times=3)
    began = time.monotonic()
    answer = go_to_payment(at_their_desk(device.holder), device)
    assert time.monotonic() - began < 10
    assert answer.status_code == 503
    assert now(device).status == "pending_buyout"
