"""An approved request becomes one order for each distributor, with a device in *Ordered* for each line."""

from datetime import date
from decimal import Decimal

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from assets.lifecycle import Status
from assets.models import Device, Holding
from orders.models import Order, OrderLine
from orders.ordering.placing import place
from orders.prices import Mode
from renewals.models import Reminder
from tests.making import a_location, a_person, a_space, an_integrated_distributor
from tests.orders.making import a_product
from tests.orders.wishing import LEASED, a_request, an_order
from velory import clock
from velory.agenda.models import Due


def placed(request):
    with transaction.atomic():
        return place(request, at=clock.now())


def test_a_bought_device_has_its_holder_its_price_and_its_dates():
    karin = a_person("Karin", "Ström", cost_centre="4100")

    order = an_order({"renewal_months": 24}, person=karin)
    device = order.lines.get().device

    assert (device.status, device.holder, device.space) == (Status.ORDERED, karin, None)
    assert (device.purchase_price, device.currency) == (Decimal("9490.00"), "SEK")
    assert (device.purchased_on, device.renewal_on) == (date(2026, 11, 22), date(2028, 11, 22))
    assert (device.payor, device.payor_cost_centre, device.distributor) == ("company", "4100", order.distributor)
    assert device.name.startswith("Apple iPhone 16")
    assert not device.is_leased
    assert Holding.objects.get(device=device).person == karin


def test_a_leased_device_has_its_contract_and_is_due_when_that_ends():
    device = an_order(LEASED).lines.get().device
    contract = device.contract

    assert (contract.provider.name, contract.months, contract.monthly_cost) == ("3 Step IT", 24, Decimal("411.23"))
    assert (contract.acquisition_price, contract.residual_percent) == (Decimal("9490.00"), Decimal(12))
    assert (contract.starts_on, contract.currency) == (date(2026, 11, 22), "SEK")
    assert (device.is_leased, device.purchase_price) == (True, None)
    assert device.renewal_on == date(2028, 11, 22)


def test_the_budgets_period_goes_before_the_leases():
    assert an_order(LEASED | {"renewal_months": 36}).lines.get().device.renewal_on == date(2029, 11, 22)


def test_what_is_bought_without_a_budget_has_no_renewal_date():
    assert an_order().lines.get().device.renewal_on is None


def test_a_month_that_is_too_short_ends_on_its_last_day(at):
    at("2026-08-31T12:00")

    assert an_order({"renewal_months": 6}).lines.get().device.renewal_on == date(2027, 2, 28)


def test_the_order_is_of_the_companys_own_day(at):
    at("2026-11-22T00:30")

    assert an_order().lines.get().device.purchased_on == date(2026, 11, 22)


def test_a_device_for_a_space_stands_there():
    reception = a_space()

    device = an_order(space=reception).lines.get().device

    assert (device.holder, device.space) == (None, reception)
    assert Holding.objects.get(device=device).space == reception


def test_a_device_for_the_company_itself_is_nobodys_yet():
    device = an_order(for_company=True).lines.get().device

    assert (device.holder, device.space, device.payor) == (None, None, "company")
    assert not Holding.objects.filter(device=device).exists()


def test_each_distributor_gets_an_order_of_its_own_with_its_lines_counted_from_one():
    advania = an_integrated_distributor("Advania", email="order@advania.example")
    phone, screen = a_product().variants.get(), a_product("Dell U2723QE", distributor=advania).variants.get()
    request = a_request({"variant": phone}, {"variant": screen}, {"variant": phone, "mode": Mode.MONTHLY})

    orders = placed(request)

    assert [order.distributor.name for order in orders] == ["Dustin", "Advania"]
    told = [[(line.number, line.request_line.number) for line in order.lines_in_order] for order in orders]
    assert told == [[(1, 1), (2, 3)], [(1, 2)]]
    assert orders[0].lines.first().article_number == phone.article_number


def test_an_order_knows_where_to():
    goteborg = a_location("Göteborg")

    order = an_order(location=goteborg, address="Lilla Bommen 4, 411 04 Göteborg")

    assert (order.location, order.address) == (goteborg, "Lilla Bommen 4, 411 04 Göteborg")
    assert (order.status, order.ordered_at) == ("queued", clock.now())


def test_placing_twice_is_placing_once():
    request = a_request({}, {})

    assert [order.pk for order in placed(request)] == [order.pk for order in placed(request)]
    assert (Order.objects.count(), OrderLine.objects.count(), Device.objects.count()) == (1, 2, 2)


def test_the_journals_say_who_ordered_and_agree_with_the_rows(capsys):
    karin = a_person("Karin", "Ström")
    order = an_order(person=karin)
    device = order.lines.get().device

    assert [entry.sentence for entry in device.journal] == [f"Karin Ström ordered it from Dustin, {order.ref}."]
    assert [entry.sentence for entry in order.journal] == ["Karin Ström ordered from Dustin, devices: 1."]
    call_command("verify_journal", company="nordvik")
    call_command("check_invariants", company="nordvik")


def test_the_order_is_sent_by_the_agenda():
    order = an_order()

    assert [(due.kind, due.ref) for due in Due.objects.filter(kind="orders.dispatch")] == [
        ("orders.dispatch", order.ref)
    ]


def test_nobody_is_reminded_of_a_device_that_is_on_its_way():
    order = an_order({"renewal_months": 1})

    assert set(Reminder.objects.filter(device__order_line__order=order).values_list("state", flat=True)) <= {"skipped"}


def test_no_device_is_ordered_where_the_request_comes_to_nothing():
    with transaction.atomic():
        place(a_request(), at=clock.now())
        transaction.set_rollback(True)

    assert (Order.objects.count(), Device.objects.count()) == (0, 0)
    assert not Due.objects.filter(kind="orders.dispatch").exists()


def test_fifty_devices_take_no_more_questions_than_two():
    variant = a_product().variants.get()

    def asked(count):
        request = a_request(*[{"variant": variant, "mode": Mode.MONTHLY, "renewal_months": 24}] * count)
        with CaptureQueriesContext(connection) as queries:
            placed(request)
        return len(queries)

    asked(1)
    assert asked(50) == asked(2)
