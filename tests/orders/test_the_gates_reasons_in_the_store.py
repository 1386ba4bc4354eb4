"""The gate's five reasons, each seen in the store, on the product, in the cart and at the checkout, with who lifts it
or until when; and no way round it by the address (R43)."""

import re

import pytest

from assets import guards
from orders.models import ProductRequest, StoreSettings
from orders.prices import Mode
from tests.assets.making import words
from tests.making import a_device, a_location, a_person, an_admin
from tests.orders.asking import a_cart, a_phone
from tests.orders.making import a_budget, given
from tests.orders.test_looking_round_the_store import fault
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    an_external_device_in_its_window,
)
from velory import clock


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en", location=a_location())


def external_not_started(ebba, monkeypatch):
    an_external_device_in_its_window(ebba)


def before_the_final_choice(ebba, monkeypatch):
    a_leased_device_at_its_final_stage(ebba)


def before_the_final_choice_opens(ebba, monkeypatch):
    a_leased_device_at_its_preliminary_stage(ebba)


def quota_reached(ebba, monkeypatch):
    a_device(ebba)


def in_repair(ebba, monkeypatch):
    monkeypatch.setitem(guards._answers, "repair_can_start", lambda device, **_said: None)
    device, nils = a_device(ebba), an_admin()
    device.report_fault(by=nils, at=clock.now(), **fault())
    device.start_repair(by=nils, at=clock.now())


def asked_for_already(ebba, monkeypatch):
    from tests.orders.asking import a_sent_request

    a_sent_request(ebba, a_phone(700))


REASONS = [
    (external_not_started, "Shut until you start the process for your Apple iPhone 15 128 GB.", "Start the process"),
    (before_the_final_choice, "Shut until you have made your final choice", "Make your final choice"),
    (before_the_final_choice_opens, "Shut until you have made your final choice", "Make a preliminary choice"),
    (quota_reached, "You can order the next one from 1 January 2028.", "Who can change that: an admin."),
    (
        in_repair,
        "Your Apple iPhone 15 128 GB is in repair. You can order the next one if",
        "Who can change that: an admin.",
    ),
    (asked_for_already, "You have asked for one already.", "Who can change that: an admin."),
]


@pytest.mark.parametrize(("shut", "says", "lifts"), REASONS, ids=[reason[0].__name__ for reason in REASONS])
def test_a_shut_category_says_why_everywhere_and_is_ordered_nowhere(
    at_their_desk, ebba, monkeypatch, shut, says, lifts
):
    phone, desk = a_phone(), at_their_desk(ebba)
    a_cart(ebba, phone)  # while it was open
    seen = re.search(r'name="seen" value="([^"]*)"', desk.get("/store/checkout/").content.decode()).group(1)
    kept = list(ebba.cart.items.all())
    ebba.cart.items.all().delete()
    shut(ebba, monkeypatch)
    for item in kept:
        item.save(force_insert=True)
    before = ProductRequest.objects.count()

    for page in ("/store/?category=phones", f"/store/{phone.product.ref}/", "/store/cart/"):
        text = words(desk.get(page))
        assert says in text, page
        assert lifts in text, page
    put = desk.post(f"/store/{phone.product.ref}/", {"what": f"{phone.ref}/one_off", "quantity": "1"})
    assert (put.status_code, says in words(put)) == (422, True)
    assert desk.get("/store/checkout/")["Location"] == "/store/cart/"
    sent = desk.post("/store/checkout/", {"seen": seen, "place": ebba.location.ref})
    assert (sent.status_code, says in words(sent)) == (409, True)
    assert ProductRequest.objects.count() == before


def test_over_budget_says_so_and_who_can_change_it(at_their_desk, ebba):
    given(ebba, a_budget(phones=(9000, 1, 24, Mode.ONE_OFF)))
    phone, desk = a_phone(), at_their_desk(ebba)
    a_cart(ebba, phone)
    assert "490.00 SEK over budget" in words(desk.get("/store/"))
    text = words(desk.get(f"/store/{phone.product.ref}/"))
    assert "Your company does not let you pay the rest. Who can change that: an admin." in text
    assert "It goes over your budget, and your company does not let you pay the rest." in words(
        desk.get("/store/cart/")
    )
    sent = desk.post("/store/checkout/", {"seen": "", "place": ebba.location.ref})
    assert (sent.status_code, "Who can change that: an admin." in words(sent)) == (409, True)
    StoreSettings.objects.update(salary_deduction=True)
    text = words(desk.get(f"/store/{phone.product.ref}/"))
    assert "What goes over can be deducted from your salary, VAT included." in text


def test_when_a_choice_opens_later_the_store_says_from_when(at_their_desk, ebba):
    a_phone()
    a_leased_device_at_its_preliminary_stage(ebba)
    text = words(at_their_desk(ebba).get("/store/?category=phones"))
    assert "The final choice opens on 15 December 2026." in text


def test_once_the_choice_is_made_it_is_open_and_can_be_sent(at_their_desk, ebba):
    device, desk = a_leased_device_at_its_final_stage(ebba), at_their_desk(ebba)
    a_cart(ebba)
    assert desk.get("/store/checkout/").status_code == 302
    device.choose_return(by=ebba, at=clock.now())
    assert desk.get("/store/checkout/").status_code == 200
