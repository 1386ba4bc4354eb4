"""Money for a buy-out that comes too late, goes back or does not match: who hears of it, and what stays as it is."""

import pytest
from django.db import connection

from assets.models import Device
from renewals.buyouts.starting import KIND
from tests.making import a_person, an_admin
from tests.renewals.making import (
    a_bought_device,
    a_leased_device_at_its_final_stage,
    go_to_payment,
    sellers,
)
from tests.renewals.test_buying_out import as_read
from velory import clock
from velory.journal.invariants import findings
from velory.payments.apply import apply
from velory.payments.models import Attempt
from velory.payments.refunds import refund
from velory.post.models import Letter


@pytest.fixture(autouse=True)
def everybody_takes_money(stripe):
    sellers(stripe)


def now(device):
    return Device.objects.get(pk=device.pk)


def attempts(device):
    return list(Attempt.objects.about(KIND, device.ref).order_by("pk"))


def letters(template):
    return list(Letter.objects.filter(template=f"renewals/{template}").order_by("pk"))


def all_is_well():
    return [found for found in findings() if found[0].startswith("P")]


# Money that goes back


def test_money_for_an_old_page_is_refunded_and_told(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    browser, nils = at_their_desk(device.holder), an_admin()
    go_to_payment(browser, device)
    [attempt] = attempts(device)
    device = now(device)
    device.abandon_buyout(by=device.holder)
    device.choose_return(by=device.holder)

    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())

    assert now(device).status == "to_return"
    assert Attempt.objects.get(pk=attempt.pk).state == "refund_due"
    assert [letter.person for letter in letters("money_back")] == [device.holder]
    assert nils in [letter.person for letter in letters("money_back_to_admins")]
    _subject, text, _html = as_read(letters("money_back")[0])
    assert "423" in text


def test_a_refund_after_the_purchase_is_shown_to_admins_and_undoes_nothing(at_their_desk, stripe):
    nils = an_admin()
    device = a_bought_device(at_their_desk, stripe)
    [attempt] = attempts(device)
    refund(attempt, amount=attempt.amount, reason="A gift", by=nils, at=clock.now())
    stripe.refund_by_hand()
    apply(attempt, at=clock.now())

    assert now(device).status == "bought_by_employee"
    page = at_their_desk(nils).get(f"{device.get_absolute_url()}?tab=lifecycle").content.decode()
    assert "Money has moved since" in page
    page = at_their_desk(device.holder).get(f"{device.get_absolute_url()}?tab=lifecycle").content.decode()
    assert "Money has moved since" not in page
    assert [found for found in all_is_well() if found[0].startswith("P3")] == []


def test_a_dispute_is_told_to_the_admins_alone(at_their_desk, stripe):
    nils = an_admin()
    device = a_bought_device(at_their_desk, stripe)
    [attempt] = attempts(device)
    stripe.dispute()
    apply(attempt, at=clock.now())
    assert nils in [letter.person for letter in letters("money_back_to_admins")]
    assert not letters("money_back")
    page = at_their_desk(nils).get(f"{device.get_absolute_url()}?tab=lifecycle").content.decode()
    assert "Disputed" in page


# What must hold


def test_a_device_that_is_bought_without_money_is_found(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device)
    assert all_is_well() == []
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE assets_device SET status = 'bought_by_employee', version = version + 1 WHERE ref = %s", [device.ref]
        )
    assert all_is_well() == [
        (
            "P3 a device is bought if and only if it is paid",
            f"{device.ref} is bought and no entry says by which payment",
        )
    ]


def test_money_that_does_not_match_hands_nothing_over_and_is_looked_into(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage(a_person(language="en"))
    go_to_payment(at_their_desk(device.holder), device)
    [attempt] = attempts(device)
    stripe.pay(attempt.session_url)
    stripe.change(attempt.session_id, amount_total=1)

    assert apply(attempt, at=clock.now()).state == "mismatch"

    assert now(device).status == "pending_buyout"
    assert not letters("bought")
    desk, page = at_their_desk(device.holder), f"{device.get_absolute_url()}?tab=lifecycle"
    assert "is being looked into" in desk.get(page).content.decode()
    assert f"/payments/{attempt.ref}/record/" in at_their_desk(an_admin()).get(page).content.decode()
    assert desk.post(f"/devices/{device.ref}/turn_back/").status_code == 409
    assert desk.post(f"/devices/{device.ref}/start_buyout/", {"understood": "on", "seen": "x"}).status_code == 409
    assert now(device).status == "pending_buyout"
    assert all_is_well() == []
