"""The store shows what is offered in the terms of one's budget, and why a category is shut, with what lifts it."""

from decimal import Decimal

import pytest

from assets import guards
from assets.gate import may_order
from orders.budgets.ledger import reserve
from orders.models import Allowance
from orders.prices import Mode
from tests.assets.making import words
from tests.making import a_device, a_person, an_admin
from tests.orders.making import a_budget, a_category, a_price, a_product, a_variant, bought, given
from tests.renewals.making import a_leased_device_at_its_final_stage, an_external_device_in_its_window
from velory import clock


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en")


@pytest.fixture
def desk(at_their_desk, ebba):
    return at_their_desk(ebba)


def test_what_is_offered_stands_there_with_its_price(desk):
    a_product("Apple iPhone 16", variants=False)
    product = a_product("Dell dock", category="accessories", variants=False)
    a_variant(product, price=Decimal(2690), **bought(storage=""))
    a_variant(product, price=Decimal(2990), colour="White", **bought(storage=""))
    text = words(desk.get("/store/"))
    assert "Dell dock 2 colours · Dustin from 2,690.00 SEK net" in text
    assert "iPhone" not in text  # nothing of it can be ordered
    assert "Phones" not in text  # so there is no such category here


def test_it_is_searched_and_narrowed_to_a_category(desk):
    a_product("Apple iPhone 16")
    a_product("Dell dock", category="accessories")
    assert "iPhone" not in words(desk.get("/store/?category=accessories"))
    assert "1 product found" in words(desk.get("/store/?q=iphone"))
    assert "No product matches" in words(desk.get("/store/?q=zzz"))
    for odd in ("category=junk", "category=%00", "page=abc", "page=-1", "sort=password"):
        assert desk.get(f"/store/?{odd}").status_code == 200


def test_an_empty_store_says_so(desk):
    assert "Nothing is offered yet" in words(desk.get("/store/"))


def test_an_empty_store_leads_an_admin_to_the_catalogue_and_others_to_somebody_to_ask(at_their_desk):
    assert "Open the catalogue" in words(at_their_desk(an_admin()).get("/store/"))
    asks = at_their_desk(a_person("Karin", "Ström", language="en")).get("/store/")
    assert "Ask an admin. Who answers questions" in words(asks)


def test_a_product_says_what_it_costs_with_vat_and_by_the_month(desk):
    product = a_product()
    text = words(desk.get(f"/store/{product.ref}/"))
    assert "9,490.00 SEK net VAT 25 %: 2,372.50 SEK, in all 11,862.50 SEK" in text
    assert "411.23 SEK a month × 24 leased from 3 Step IT, 9,869.52 SEK in all, net" in text


def test_a_shut_category_has_no_button_that_pretends_to_order(desk, ebba):
    a_leased_device_at_its_final_stage(ebba)
    page = desk.get(f"/store/{a_product().ref}/").content.decode()
    main = page[page.index('<main id="main"') : page.index("</main>")]
    assert "<button" not in main
    assert "Shut until you have made your final choice" in main


def test_what_is_archived_or_unknown_is_not_there(desk):
    product = a_product()
    product.variants.update(archived_at=clock.now())
    assert desk.get(f"/store/{product.ref}/").status_code == 404
    assert desk.get("/store/C-222222/").status_code == 404


# In the terms of the budget


def test_a_budget_by_the_month_shows_monthly_prices_and_what_goes_over(desk, ebba):
    given(ebba, a_budget(phones=(400, 1, 24, Mode.MONTHLY)))
    product = a_product()
    only_bought = a_product("Fairphone 5", variants=False)
    a_variant(only_bought, **bought())
    text = words(desk.get("/store/"))
    assert "411.23 SEK a month × 24 11.23 SEK a month over budget" in text
    assert "Fairphone" not in text
    assert desk.get(f"/store/{only_bought.ref}/").status_code == 404
    page = words(desk.get(f"/store/{product.ref}/"))
    assert "9,490.00" not in page
    assert "Left of your budget for Phones: 400.00 SEK" in page


def test_a_budget_without_a_limit_hides_the_prices(desk, ebba):
    given(ebba, a_budget(phones=(None, 1, 24, Mode.ONE_OFF)))
    product = a_product()
    for address in ("/store/", "/store/?category=phones", f"/store/{product.ref}/"):
        text = words(desk.get(address))
        assert "SEK" not in text
        assert "Covered by your budget" in text


def test_what_is_asked_for_is_not_there_a_second_time(desk, ebba):
    given(ebba, a_budget(phones=(10000, 2, 24, Mode.ONE_OFF)))
    a_product()
    assert "Within your budget" in words(desk.get("/store/"))
    reserve(ebba, a_category(), a_price(9490), cause="Q-1/1", at=clock.now())
    assert "8,980.00 SEK over budget" in words(desk.get("/store/"))


def test_prices_in_another_currency_are_not_compared(desk, ebba):
    given(ebba, a_budget(currency="EUR", phones=(1, 1, 24, Mode.ONE_OFF)))
    a_product()
    text = words(desk.get("/store/"))
    assert "over budget" not in text
    assert "Within" not in text


def test_one_sees_how_the_budget_stands(desk, ebba, at):
    given(ebba, a_budget(phones=(10000, 2, 24, Mode.ONE_OFF), tablets=(None, None, 12, Mode.MONTHLY)))
    a_device(ebba)
    reserve(ebba, a_category(), a_price(9490), cause="Q-7K4M2X/1", at=clock.now())
    text = words(desk.get("/store/budget/"))
    assert "Phones 510.00 SEK left 9,490.00 SEK of 10,000.00 SEK used, of it asked for: 9,490.00 SEK" in text
    assert "You have 1 of 2 devices The next part is renewed on 22 October 2028" in text
    assert "Tablets No limit" in text
    assert "Reserved 22 Nov 2026 · Q-7K4M2X/1 , asked for" in text
    assert "510.00" in words(desk.get("/you/"))


def test_without_a_budget_nothing_is_counted(desk):
    assert "You have no budget" in words(desk.get("/store/budget/"))
    assert "Your budget" not in words(desk.get("/you/"))


# The gate, seen in the store


def shut(desk):
    a_product()
    page = desk.get("/store/?category=phones")
    assert page.content.decode().count('<section class="ask"') == 1
    return words(page), page.content.decode()


def test_an_external_device_that_is_not_started_shuts_it(desk, ebba):
    device = an_external_device_in_its_window(ebba)
    text, page = shut(desk)
    assert f"Phones are shut for you Shut until you start the process for your {device}. Start the process" in text
    assert f'href="{device.get_absolute_url()}?tab=lifecycle"' in page
    assert "Phones (shut for you)" in text


def test_a_leased_device_shuts_it_until_the_final_choice(desk, ebba):
    device = a_leased_device_at_its_final_stage(ebba)
    text, _page = shut(desk)
    assert f"Shut until you have made your final choice about your {device}." in text


def test_the_quota_of_the_budget_shuts_it(desk, ebba):
    given(ebba, a_budget(phones=(None, 2, 24, Mode.ONE_OFF)))
    a_device(ebba)
    assert may_order(ebba, a_category(), today=clock.today()) is None
    a_device(ebba)
    text, _page = shut(desk)
    assert "You can order the next one from" in text


def test_what_is_asked_for_fills_a_place(desk, ebba):
    given(ebba, a_budget(phones=(None, 1, 24, Mode.ONE_OFF)))
    reserve(ebba, a_category(), a_price(1), cause="Q-1/1", at=clock.now())
    assert "Phones are shut for you You have asked for one already." in shut(desk)[0]


def test_a_budget_without_a_quota_opens_what_a_category_would_shut(ebba):
    a_device(ebba)
    assert may_order(ebba, a_category(), today=clock.today()).code == "quota"
    given(ebba, a_budget(phones=(1, None, 24, Mode.ONE_OFF)))
    assert may_order(ebba, a_category(), today=clock.today()) is None


def test_a_device_in_repair_shuts_it_for_who_had_it(desk, ebba, monkeypatch):
    monkeypatch.setitem(guards._answers, "repair_can_start", lambda device, **_said: None)
    given(ebba, a_budget())
    device, nils = a_device(ebba), an_admin()
    device.report_fault(by=nils, at=clock.now(), **fault())
    device.start_repair(by=nils, at=clock.now())
    text, _page = shut(desk)
    assert f"Your {device} is in repair." in text


def fault():
    from assets.lifecycle import DeviceLife

    return dict.fromkeys(DeviceLife.report_fault.step.asks, "It is broken.")


def test_a_category_that_the_budget_leaves_out_is_shut(desk, ebba):
    given(ebba, a_budget(tablets=(1, 1, 24, Mode.ONE_OFF)))
    assert "Your budget gives nothing for phones. Who can change that: an admin." in shut(desk)[0]


def test_a_quota_of_none_is_shut(ebba):
    given(ebba, a_budget(phones=(1, 0, 24, Mode.ONE_OFF)))
    assert str(may_order(ebba, a_category(), today=clock.today())) == "Your budget gives none."


@pytest.mark.parametrize("number", [1, 3])
def test_the_store_costs_the_same_queries_for_one_product_and_for_three(desk, ebba, django_assert_num_queries, number):
    given(ebba, a_budget(phones=(400, 1, 24, Mode.MONTHLY)))
    for n in range(number):
        a_variant(a_product(f"Product {n}"))
    desk.get("/store/")
    with django_assert_num_queries(22):
        desk.get("/store/")


def test_an_allowance_that_was_lowered_leaves_nothing_below_zero(desk, ebba):
    given(ebba, a_budget())
    reserve(ebba, a_category(), a_price(9000), cause="Q-1/1", at=clock.now())
    Allowance.objects.update(amount=5000)
    assert "0.00 SEK left" in words(desk.get("/store/budget/"))
