"""The checkout shows the whole calculation and what happens next; what is sent is exactly what was shown."""

import re

import pytest

from orders.models import ProductRequest, StoreSettings
from orders.prices import Mode
from tests.assets.making import words
from tests.making import a_device, a_location, a_person, an_admin
from tests.orders.asking import a_cart, a_leased_phone, a_phone, a_sent_request
from tests.orders.making import a_budget, given
from tests.renewals.making import a_leased_device_at_its_final_stage
from velory import clock


@pytest.fixture
def stockholm():
    place = a_location()
    place.address = "Kungsgatan 1\n111 43 Stockholm"
    place.save()
    return place


@pytest.fixture
def ebba(stockholm):
    return a_person("Ebba", "Sjöberg", language="en", location=stockholm)


@pytest.fixture
def desk(at_their_desk, ebba):
    return at_their_desk(ebba)


def shown(desk):
    return words(desk.get("/store/checkout/"))


def press(desk, stockholm=None, **more):
    """Send the checkout's form as it stands on the page."""
    page = desk.get("/store/checkout/").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page).group(1)
    place = re.search(r'<option value="([^"]*)" selected', page)
    fields = {"seen": seen, "place": place.group(1) if place else "elsewhere"}
    return desk.post("/store/checkout/", fields | more)


def test_each_line_its_net_and_vat_and_what_the_budget_bears(desk, ebba):
    given(ebba, a_budget(phones=(20000, 3, 24, Mode.ONE_OFF)))
    a_cart(ebba, a_phone(), quantity=2)
    text = shown(desk)
    assert "2 × Fairphone for 9490" in text
    assert "18,980.00 SEK net VAT 25 %: 4,745.00 SEK, in all 23,725.00 SEK" in text
    assert "Phones left now 20,000.00 SEK This takes -18,980.00 SEK Left after it 1,020.00 SEK" in text
    assert "How do you pay it?" not in text


def test_it_is_sent_and_stands_on_its_own_page(desk, ebba, stockholm):
    given(ebba, a_budget())
    a_cart(ebba, a_phone())
    answer = press(desk, note="The old one is cracked.")
    asked = ProductRequest.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, asked.get_absolute_url())
    assert (asked.location, asked.address) == (stockholm, stockholm.address)
    assert asked.note == "The old one is cracked."


def test_another_address_is_written(desk, ebba):
    a_cart(ebba)
    answer = press(desk, place="elsewhere")
    assert answer.status_code == 422
    assert "Write where it is to be delivered." in words(answer)
    press(desk, place="elsewhere", address="Ebba Sjöberg\r\nHemvägen 2\r\n123 45 Solna")
    asked = ProductRequest.objects.get()
    assert (asked.location, asked.address) == (None, "Ebba Sjöberg\nHemvägen 2\n123 45 Solna")


@pytest.mark.parametrize("place", ["", "L-222222", "\0"])
def test_a_place_that_is_none_is_refused(desk, ebba, place):
    a_cart(ebba)
    assert press(desk, place=place).status_code == 422
    assert not ProductRequest.objects.exists()


def test_pressing_twice_leads_to_the_same_request(desk, ebba):
    a_cart(ebba)
    page = desk.get("/store/checkout/").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page).group(1)
    first = desk.post("/store/checkout/", {"seen": seen, "place": ebba.location.ref})
    second = desk.post("/store/checkout/", {"seen": seen, "place": ebba.location.ref})
    assert first["Location"] == second["Location"]
    assert ProductRequest.objects.count() == 1


def test_a_price_that_changes_meanwhile_is_shown_again(desk, ebba):
    phone = a_phone()
    a_cart(ebba, phone)
    page = desk.get("/store/checkout/").content.decode()
    seen = re.search(r'name="seen" value="([^"]*)"', page).group(1)
    phone.price += 500
    phone.save()
    answer = desk.post("/store/checkout/", {"seen": seen, "place": ebba.location.ref, "note": "Mine is broken."})
    assert answer.status_code == 409
    assert "This is how it stands now: look at it again." in words(answer)
    assert "9,990.00 SEK" in words(answer)
    assert "Mine is broken." in words(answer)
    assert not ProductRequest.objects.exists()
    assert press(desk).status_code == 303


def test_an_empty_cart_has_no_checkout(desk):
    assert desk.get("/store/checkout/")["Location"] == "/store/cart/"
    assert desk.post("/store/checkout/", {"seen": "", "place": "elsewhere", "address": "x"}).status_code == 409


def test_who_is_asked_and_what_happens_next(desk, ebba):
    karin = a_person("Karin", "Ström")
    ebba.approver = karin
    ebba.save()
    a_cart(ebba)
    text = shown(desk)
    assert "Karin Ström is asked by mail" in text
    assert "Then it is ordered from Dustin." in text
    assert "Send request" in text


# What goes over


@pytest.fixture
def over(ebba):
    given(ebba, a_budget(phones=(9000, 1, 24, Mode.ONE_OFF)))
    return a_cart(ebba)


def test_nobody_may_bear_it_so_it_is_said_and_not_sent(desk, over):
    text = words(desk.get("/store/cart/"))
    assert "It goes over your budget, and your company does not let you pay the rest." in text
    assert "Who can change that: an admin." in text
    assert desk.get("/store/checkout/").status_code == 302


def test_a_salary_bears_it_with_vat(desk, over):
    StoreSettings.objects.update(salary_deduction=True)
    text = shown(desk)
    assert "You pay once, net 490.00 SEK VAT 25 % 122.50 SEK You pay once 612.50 SEK" in text
    assert press(desk).status_code == 422
    assert press(desk, pay="card/K-1").status_code == 422
    assert press(desk, pay="salary").status_code == 303
    assert ProductRequest.objects.get().overage == "salary"


def test_by_the_month_it_is_so_much_a_month_and_for_how_long(desk, ebba):
    StoreSettings.objects.update(salary_deduction=True, personal_card=True)
    given(ebba, a_budget(phones=(400, 1, 24, Mode.MONTHLY)))
    a_cart(ebba, a_leased_phone())
    text = shown(desk)
    assert "You pay a month, net 11.23 SEK VAT 25 % 2.81 SEK You pay a month, for 24 months 14.04 SEK" in text
    assert "A card pays once, and this is paid by the month." in text


def test_what_an_admin_orders_over_a_budget_is_the_companys_own(at_their_desk, ebba):
    given(ebba, a_budget(phones=(9000, 1, 24, Mode.ONE_OFF)))
    a_cart(an_admin(), to=ebba)
    nils = at_their_desk(
        ProductRequest._meta.get_field("requester").related_model.objects.get(role="admin", cart__items__isnull=False)
    )
    text = shown(nils)
    assert "490.00 SEK goes over the budget and is the company’s own." in text
    assert "Nobody is asked: it is approved when you send it." in text
    assert "Order now" in text


# The device before it


def test_a_leased_one_shows_the_one_before_and_what_must_happen_to_it(desk, ebba):
    device = a_leased_device_at_its_final_stage(ebba)
    device.choose_return(by=ebba, at=clock.now())
    a_cart(ebba, a_leased_phone())
    text = shown(desk)
    assert "The new one takes its place. It goes back to 3 Step IT. When the new one has come, you get a mail" in text


def test_one_that_is_not_due_stays(desk, ebba):
    given(ebba, a_budget(phones=(20000, 2, 24, Mode.ONE_OFF)))
    a_device(ebba, leased=True)
    a_cart(ebba)
    text = shown(desk)
    assert "It stays leased. From 31 December 2027 you choose for good: buy it out or return it." in text
    assert "takes its place" not in text


def test_two_orders_do_not_take_the_place_of_the_same_device(ebba):
    given(ebba, a_budget(phones=(20000, 2, 24, Mode.ONE_OFF)))
    device = a_leased_device_at_its_final_stage(ebba)
    device.choose_return(by=ebba, at=clock.now())
    first, second = a_sent_request(ebba, a_phone(100)), a_sent_request(ebba, a_phone(200))
    assert [asked.lines.get().replaces for asked in (first, second)] == [device, None]


def test_without_a_limit_of_money_no_price_is_shown_and_it_is_still_kept(desk, ebba):
    given(ebba, a_budget(phones=(None, 1, 24, Mode.ONE_OFF)))
    a_cart(ebba)
    assert "SEK" not in shown(desk)
    press(desk)
    assert ProductRequest.objects.get().lines.get().amount == 9490


def test_a_neighbouring_company_without_a_store_has_no_such_page(desk, nordvik, monkeypatch):
    monkeypatch.setattr(type(nordvik), "has", lambda self, feature: feature != "store")
    for page in ("/store/cart/", "/store/checkout/", "/store/cart/for/"):
        assert desk.get(page).status_code == 404
