"""A cart becomes a request: all of it or nothing, exactly as it was shown, once."""

from decimal import Decimal

import pytest

from assets.models import Device
from orders.models import Cart, CartItem, LedgerLine, ProductRequest, StoreSettings
from orders.prices import Mode
from orders.requests.sending import send
from orders.store.carts import cart_of, put
from tests.making import a_device, a_location, a_person, a_space, an_admin
from tests.orders.asking import a_cart, a_leased_phone, a_phone, a_sent_request, seen, sent
from tests.orders.making import a_budget, a_category, given
from tests.payments.making import a_payee
from tests.racing import at_once
from tests.renewals.making import a_leased_device_at_its_final_stage
from velory import clock
from velory.journal.reason import Refused
from velory.people.models import Role
from velory.tenancy.context import current_company


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en")


def refused(cart, **more):
    with pytest.raises(Refused) as fault:
        sent(cart, **more)
    return fault.value.reason


def test_a_sent_request_keeps_what_was_seen(ebba):
    given(ebba, a_budget(phones=(10000, 1, 24, Mode.ONE_OFF)))
    phone = a_phone()
    asked = a_sent_request(ebba, phone, note="Mine is too small.")
    (line,) = asked.lines_in_order
    assert (asked.status, asked.requester, asked.person, asked.note) == ("pending", ebba, ebba, "Mine is too small.")
    assert (line.variant, line.amount, line.currency, line.vat_percent) == (phone, Decimal(9490), "SEK", 25)
    assert (line.budget_part, line.overage, line.companys_part, line.renewal_months) == (Decimal(9490), 0, 0, 24)
    assert line.article_number == phone.article_number


def test_the_budget_puts_it_aside(ebba):
    given(ebba, a_budget(phones=(10000, 1, 24, Mode.ONE_OFF)))
    asked = a_sent_request(ebba)
    (line,) = LedgerLine.objects.all()
    assert (line.kind, line.amount, line.cause) == ("reserve", Decimal(-9490), f"{asked.ref}/1")


def test_the_cart_is_empty_after_it_and_the_journal_says_so(ebba):
    asked = a_sent_request(ebba)
    assert not CartItem.objects.exists()
    assert [entry.step for entry in asked.journal] == ["send"]


def test_pressing_twice_sends_one_request(ebba):
    cart = a_cart(ebba)
    shown = seen(cart)
    first = send(cart, by=ebba, seen=shown, at=clock.now())
    assert send(cart, by=ebba, seen=shown, at=clock.now()) == first
    assert ProductRequest.objects.count() == 1


def test_an_empty_cart_sends_nothing(ebba):
    with pytest.raises(Refused):
        send(cart_of(ebba), by=ebba, seen="", at=clock.now())
    assert Cart.objects.get().sent is None


def test_another_price_is_shown_again_and_nothing_is_sent(ebba):
    phone = a_phone()
    cart = a_cart(ebba, phone)
    shown = seen(cart)
    phone.price = Decimal(9990)
    phone.save()
    with pytest.raises(Refused, match="look at it again"):
        send(cart, by=ebba, seen=shown, at=clock.now())
    assert not ProductRequest.objects.exists()
    assert sent(cart).lines_in_order[0].amount == 9990


def test_without_a_budget_nothing_is_put_aside_and_the_quota_holds(ebba):
    a_sent_request(ebba)
    assert not LedgerLine.objects.exists()
    assert refused(a_cart(ebba)).code == "quota"


def test_two_of_a_category_count_together(ebba):
    given(ebba, a_budget(phones=(10000, 2, 24, Mode.ONE_OFF)))
    a_device(ebba)
    assert refused(a_cart(ebba, a_phone(1000), quantity=2)).text == "There is room for 1 more, and 2 are asked for."


def test_what_goes_over_is_refused_where_nobody_may_pay_it(ebba):
    given(ebba, a_budget(phones=(10000, 5, 24, Mode.ONE_OFF)))
    assert refused(a_cart(ebba, a_phone(6000), quantity=2)).code == "over_budget"
    assert not ProductRequest.objects.exists()


def test_a_salary_bears_what_goes_over_with_its_vat(ebba):
    StoreSettings.objects.update(salary_deduction=True)
    given(ebba, a_budget(phones=(10000, 5, 24, Mode.ONE_OFF)))
    cart = a_cart(ebba, a_phone(6000), quantity=2)
    assert refused(cart).code == "overage"
    first, second = sent(cart, overage="salary").lines_in_order
    assert (first.budget_part, first.overage) == (6000, 0)
    assert (second.budget_part, second.overage, second.overage_vat) == (4000, 2000, 500)
    assert LedgerLine.objects.total() == -10000


def test_a_card_bears_nothing_by_the_month(ebba):
    StoreSettings.objects.update(personal_card=True)
    given(ebba, a_budget(phones=(400, 1, 24, Mode.MONTHLY)))
    assert refused(a_cart(ebba, a_leased_phone()), overage="card").code == "over_budget"


def test_a_card_is_to_be_saved_first(ebba, stripe):
    a_payee(stripe)
    StoreSettings.objects.update(personal_card=True)
    given(ebba, a_budget(phones=(9000, 1, 24, Mode.ONE_OFF)))
    assert refused(a_cart(ebba), overage="card", card_ref="K-222222").code == "card"


def test_what_an_admin_orders_goes_over_at_the_companys_own_cost(ebba):
    given(ebba, a_budget(phones=(9000, 1, 24, Mode.ONE_OFF)))
    asked = a_sent_request(an_admin(), to=ebba)
    (line,) = asked.lines_in_order
    assert (line.budget_part, line.overage, line.companys_part) == (9000, 0, 490)
    assert asked.status == "approved"


def test_an_admin_orders_for_a_space_and_for_the_company(ebba):
    nils, space = an_admin(), a_space()
    asked = a_sent_request(nils, to=space, quantity=3)
    assert (asked.person, asked.space, asked.lines.count(), asked.status) == (None, space, 3, "approved")
    asked = a_sent_request(nils, to="company")
    assert (asked.person, asked.space, asked.status) == (None, None, "approved")


def test_the_journal_says_for_whom_an_admin_asked(ebba):
    nils, space = an_admin(), a_space()
    for to, name in ((ebba, str(ebba)), (space, str(space)), ("company", f"the company ({current_company().name})")):
        assert a_sent_request(nils, to=to).journal.get(step="send").details["to"] == name


def test_the_gate_holds_for_an_admin_too(ebba):
    a_leased_device_at_its_final_stage(ebba)
    assert refused(a_cart(an_admin(), to=ebba)).code == "renewal"


def test_no_limit_of_money_still_keeps_the_price(ebba):
    given(ebba, a_budget(phones=(None, 1, 24, Mode.ONE_OFF)))
    assert a_sent_request(ebba).lines_in_order[0].budget_part == 9490


def test_two_currencies_do_not_go_into_one_request(ebba):
    cart = a_cart(ebba, a_phone())
    other = a_phone(800, currency="EUR")
    with pytest.raises(Refused, match="one currency"):
        put(cart, other, Mode.ONE_OFF, 1, at=clock.now())
    CartItem.objects.create(cart=cart, variant=other, mode="one_off", amount=800, currency="EUR", put_at=clock.now())
    assert refused(cart).code in {"currency", "quota"}


def test_the_next_one_takes_the_place_of_what_is_leaving(ebba):
    device = a_leased_device_at_its_final_stage(ebba)
    device.choose_return(by=ebba, at=clock.now())
    asked = a_sent_request(ebba, a_leased_phone())
    assert asked.lines_in_order[0].replaces == device
    assert a_category() == asked.lines_in_order[0].category


def test_within_the_budget_it_goes_through_by_itself_where_the_company_wants_that(ebba):
    StoreSettings.objects.update(auto_approve=True, salary_deduction=True)
    given(ebba, a_budget(phones=(10000, 1, 24, Mode.ONE_OFF), tablets=(1, 1, 24, Mode.ONE_OFF)))
    asked = a_sent_request(ebba)
    assert asked.status == "approved"
    assert asked.journal.last().by_name == ""


# At the same moment


@pytest.mark.races
def test_eight_presses_of_the_same_button_send_one_request(race_company):
    ebba = given(a_person("Ebba", "Sjöberg"), a_budget(phones=(10000, 3, 24, Mode.ONE_OFF)))
    cart = a_cart(ebba)
    shown = seen(cart)

    said = at_once(race_company, 8, lambda n: send(cart, by=ebba, seen=shown, at=clock.now()).ref)

    assert len(set(said)) == 1
    assert ProductRequest.objects.count() == LedgerLine.objects.count() == 1


@pytest.mark.races
def test_several_who_order_for_the_same_person_never_take_more_than_the_budget_gives(race_company):
    place = a_location()
    ebba = given(a_person("Ebba", "Sjöberg", location=place), a_budget(phones=(10000, 9, 24, Mode.ONE_OFF)))
    phone = a_phone(6000)
    managers = [a_person(f"Karin {n}", "Ström", role=Role.PURCHASE_MANAGER, location=place) for n in range(7)]
    carts = [a_cart(ebba, phone), *(a_cart(manager, phone, to=ebba) for manager in managers)]
    shown = [(cart, seen(cart)) for cart in carts]

    def act(n):
        cart, digest = shown[n]
        return send(cart, by=cart.owner, seen=digest, at=clock.now())

    said = at_once(race_company, 8, act)

    sent_ones = [answer for answer in said if isinstance(answer, ProductRequest)]
    refusals = [answer for answer in said if isinstance(answer, Refused)]
    assert (len(sent_ones), len(refusals)) == (1, 7)
    assert all(str(refusal) for refusal in refusals)
    assert LedgerLine.objects.total() == -6000


@pytest.mark.races
def test_of_two_orders_for_the_last_place_one_is_sent_where_no_money_is_counted(race_company):
    place = a_location()
    ebba = a_person("Ebba", "Sjöberg", location=place)
    karin = a_person("Karin", "Ström", role=Role.PURCHASE_MANAGER, location=place)
    phone = a_phone()
    shown = [(cart, seen(cart)) for cart in (a_cart(ebba, phone), a_cart(karin, phone, to=ebba))]

    def act(n):
        return send(shown[n][0], by=shown[n][0].owner, seen=shown[n][1], at=clock.now())

    said = at_once(race_company, 2, act)

    assert sorted(type(answer).__name__ for answer in said) == ["ProductRequest", "Refused"]
    assert ProductRequest.objects.count() == 1


@pytest.mark.races
def test_a_final_choice_and_an_order_at_once_agree(race_company):
    ebba = a_person("Ebba", "Sjöberg")
    cart = a_cart(ebba)
    device = a_leased_device_at_its_final_stage(ebba)
    shown = seen(cart)

    def act(n):
        if n == 0:
            return Device.objects.get(pk=device.pk).choose_return(by=ebba, at=clock.now())
        return send(cart, by=ebba, seen=shown, at=clock.now())

    said = at_once(race_company, 2, act)

    decided = Device.objects.get(pk=device.pk).status
    assert decided == "to_return"
    kinds = {type(answer).__name__ for answer in said}
    assert kinds <= {"Entry", "ProductRequest", "Refused"}
    for asked in ProductRequest.objects.all():  # sent only once the choice was there to be seen
        assert asked.lines.get().replaces == device


@pytest.mark.parametrize("number", [1, 2])
def test_sending_costs_a_known_number_of_queries(ebba, django_assert_num_queries, number):
    given(ebba, a_budget(phones=(10000, 5, 24, Mode.ONE_OFF)))
    cart = a_cart(ebba, a_phone(1000), quantity=number)
    shown = seen(cart)
    with django_assert_num_queries(33 + 5 * number):
        send(cart, by=ebba, seen=shown, at=clock.now())
