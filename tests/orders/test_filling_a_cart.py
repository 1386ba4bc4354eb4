"""A cart is filled, changed and emptied; it says what has changed since, and for whom it is."""

from decimal import Decimal

import pytest

from orders.models import CartItem
from orders.prices import Mode
from tests.assets.making import words
from tests.making import a_location, a_person, a_space, an_admin
from tests.orders.asking import a_cart, a_leased_phone, a_phone
from tests.orders.making import a_budget, a_product, a_variant, bought, given
from tests.renewals.making import a_leased_device_at_its_final_stage
from velory import clock
from velory.people.models import Role


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en", location=a_location())


@pytest.fixture
def desk(at_their_desk, ebba):
    return at_their_desk(ebba)


def put(desk, variant, mode="one_off", quantity="1", follow=True):
    to = f"/store/{variant.product.ref}/"
    return desk.post(to, {"what": f"{variant.ref}/{mode}", "quantity": quantity}, follow=follow)


def test_a_product_is_put_into_the_cart_and_stays_there(desk):
    phone = a_phone()
    text = words(put(desk, phone, quantity="2"))
    assert "Fairphone for 9490 is in your cart." in text
    assert "18,980.00 SEK net 2 × 9,490.00 SEK" in text
    assert "Once, net 18,980.00 SEK VAT 25 % 4,745.00 SEK Once, VAT included 23,725.00 SEK" in text
    assert "Cart , 2 devices 2" in words(desk.get("/store/"))


def test_the_same_again_is_more_of_it(desk):
    phone = a_phone()
    put(desk, phone)
    put(desk, phone)
    assert CartItem.objects.get().quantity == 2


def test_once_and_by_the_month_are_two_things(desk):
    phone = a_variant(a_product(variants=False))
    put(desk, phone)
    put(desk, phone, "monthly")
    assert [item.mode for item in CartItem.objects.all()] == ["one_off", "monthly"]


def test_the_only_choice_goes_in_from_the_list(desk):
    product = a_product("Dell dock", category="accessories", variants=False)
    a_variant(product, **bought())
    page = desk.get("/store/?category=accessories").content.decode()
    assert f'action="/store/{product.ref}/"' in page


@pytest.mark.parametrize(
    ("quantity", "says"),
    [("0", "at least one"), ("-1", "at least one"), ("1000000000", "50 devices at most"), ("", "how many"),
     ("two", "in figures"), ("51", "50 devices at most"), ("1.5", "in figures")],
)  # fmt: skip
def test_a_quantity_that_cannot_be_is_refused_with_words(desk, quantity, says):
    answer = put(desk, a_phone(), quantity=quantity)
    assert answer.status_code == 422
    assert says in words(answer)
    assert not CartItem.objects.exists()


@pytest.mark.parametrize(("quantity", "status"), [("3", 303), ("0", 422), ("-1", 422), ("1000000000", 422), ("", 422)])
def test_the_quantity_is_changed_or_refused_with_words(desk, ebba, quantity, status):
    item = a_cart(ebba).items.get()
    answer = desk.post(f"/store/cart/{item.pk}/", {"quantity": quantity})
    assert answer.status_code == status
    assert CartItem.objects.get().quantity == (3 if status == 303 else 1)


def test_fifty_in_all_are_enough(desk, ebba):
    phone, other = a_phone(), a_phone(500)
    a_cart(ebba, phone, quantity=50)
    answer = put(desk, other)
    assert answer.status_code == 422
    assert "50 devices at most" in words(answer)


def test_it_is_taken_out_again(desk, ebba):
    item = a_cart(ebba).items.get()
    text = words(desk.post(f"/store/cart/{item.pk}/remove/", follow=True))
    assert "is not in your cart any more" in text
    assert "Your cart is empty" in text


def test_nobody_reaches_into_anothers_cart(at_their_desk, ebba):
    item = a_cart(ebba).items.get()
    nils = at_their_desk(an_admin())
    assert nils.post(f"/store/cart/{item.pk}/remove/").status_code == 404
    assert nils.post(f"/store/cart/{item.pk}/", {"quantity": "2"}).status_code == 404


def test_what_is_not_offered_that_way_does_not_go_in(desk, ebba):
    given(ebba, a_budget(phones=(400, 1, 24, Mode.MONTHLY)))
    phone = a_variant(a_product(variants=False))
    assert put(desk, phone, "one_off").status_code == 422
    assert put(desk, phone, "junk").status_code == 422
    assert desk.post(f"/store/{phone.product.ref}/", {"quantity": "1"}).status_code == 422


def test_a_shut_category_goes_in_by_no_post_either(desk, ebba):
    a_leased_device_at_its_final_stage(ebba)
    answer = put(desk, a_phone())
    assert answer.status_code == 422
    assert "Shut until you have made your final choice" in words(answer)


def test_another_currency_does_not_go_beside_it(desk, ebba):
    a_cart(ebba, a_phone())
    answer = put(desk, a_phone(800, currency="EUR"))
    assert answer.status_code == 422
    assert "A request is in one currency. This is in EUR, and the cart holds SEK: send that first." in words(answer)


# What has changed since


def test_a_price_that_has_changed_is_said(desk, ebba):
    phone = a_phone()
    a_cart(ebba, phone)
    phone.price = Decimal(9990)
    phone.save()
    assert "it was 9,490.00 SEK and is 9,990.00 SEK now" in words(desk.get("/store/cart/"))


def test_a_currency_that_has_changed_is_said_where_the_budget_does_not_know_it(desk, ebba):
    given(ebba, a_budget())
    phone = a_phone()
    a_cart(ebba, phone)
    phone.currency = "EUR"
    phone.save()
    text = words(desk.get("/store/cart/"))
    assert "The budget is in SEK, and this costs EUR." in text
    assert "Go to checkout" not in text


def test_what_is_archived_is_said_and_can_only_be_removed(desk, ebba):
    phone = a_phone()
    a_cart(ebba, phone)
    phone.archived_at = clock.now()
    phone.save()
    text = words(desk.get("/store/cart/"))
    assert "It is not offered any more. Remove it." in text
    assert "Go to checkout" not in text
    assert desk.get("/store/checkout/").status_code == 302


def test_another_budget_that_pays_otherwise_is_said(desk, ebba):
    a_cart(ebba, a_phone())
    given(ebba, a_budget(phones=(400, 1, 24, Mode.MONTHLY)))
    assert "The budget pays by the month here." in words(desk.get("/store/cart/"))


def test_without_a_limit_the_cart_shows_no_price(desk, ebba):
    given(ebba, a_budget(phones=(None, 3, 24, Mode.ONE_OFF)))
    a_cart(ebba, a_phone())
    text = words(desk.get("/store/cart/"))
    assert "SEK" not in text
    assert "Covered by your budget" in text


# For whom


def test_an_admin_orders_for_a_person_in_the_terms_of_their_budget(at_their_desk, ebba):
    given(ebba, a_budget(phones=(400, 1, 24, Mode.MONTHLY)))
    a_leased_phone()
    nils = at_their_desk(an_admin())
    assert "Ebba Sjöberg" in words(nils.get("/store/cart/for/?q=ebba"))
    text = words(nils.post("/store/cart/for/", {"to": ebba.ref}, follow=True))
    assert "You order for Ebba Sjöberg." in text
    assert "11.23 SEK a month over budget" in text


def test_an_admin_sees_the_prices_that_a_person_does_not(at_their_desk, ebba):
    given(ebba, a_budget(phones=(None, 1, 24, Mode.ONE_OFF)))
    a_phone()
    nils = at_their_desk(an_admin())
    nils.post("/store/cart/for/", {"to": ebba.ref})
    assert "9,490.00 SEK" in words(nils.get("/store/"))


def test_an_admin_orders_for_a_space_and_for_the_company_without_a_gate(at_their_desk):
    a_phone()
    nils = at_their_desk(an_admin())
    for to, name in (("space:Reception", "Reception"), ("company", "the company (Nordvik Energi AB)")):
        a_space()
        assert f"You order for {name}." in words(nils.post("/store/cart/for/", {"to": to}, follow=True))


def test_what_shuts_a_category_for_a_person_is_said_to_the_admin_in_their_words(at_their_desk, ebba):
    a_phone()
    a_leased_device_at_its_final_stage(ebba)
    nils = at_their_desk(an_admin())
    nils.post("/store/cart/for/", {"to": ebba.ref})
    text = words(nils.get("/store/?category=phones"))
    assert "Phones are shut for Ebba Sjöberg They read: “Shut until you have made your final choice" in text


def test_a_purchase_manager_orders_for_the_own_place_and_team_alone(at_their_desk, ebba):
    karin = a_person("Karin", "Ström", role=Role.PURCHASE_MANAGER, language="en", location=a_location())
    stranger = a_person("Björn", "Persson", location=a_location("Göteborg"))
    a_space()
    browser = at_their_desk(karin)
    found = words(browser.get("/store/cart/for/"))
    assert "Ebba Sjöberg" in found
    assert "Björn Persson" not in found
    assert "Reception" not in found
    assert browser.post("/store/cart/for/", {"to": ebba.ref}).status_code == 303
    for to in (stranger.ref, "space:Reception", "company", "", "P-222222"):
        assert browser.post("/store/cart/for/", {"to": to}).status_code == 422


def test_an_employee_orders_for_nobody_else(desk):
    assert desk.get("/store/cart/for/").status_code == 404
    assert desk.post("/store/cart/for/", {"to": "company"}).status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_the_cart_costs_the_same_queries_for_one_thing_and_for_three(desk, ebba, django_assert_num_queries, number):
    given(ebba, a_budget(phones=(20000, 9, 24, Mode.ONE_OFF)))
    a_cart(ebba, *[a_phone(100 * n) for n in range(1, number + 1)])
    desk.get("/store/cart/")
    with django_assert_num_queries(16):
        desk.get("/store/cart/")
