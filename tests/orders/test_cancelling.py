"""A cancelled device gives back what was taken for it, as one unit: to the budget, the salary, the card; its contract
is void and whoever waited for it hears why (spec 3, R15)."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from assets.lifecycle import Status
from assets.models import Device
from orders import cancelling
from orders.budgets.ledger import spend_at_once
from orders.budgets.standing import grant_of, standings_of
from orders.models import Deduction, LedgerLine, Order
from orders.ordering.placing import place
from orders.overage import salary
from orders.prices import Mode
from tests.making import a_person, an_admin, an_integrated_distributor
from tests.orders.making import a_budget, a_product, given
from tests.orders.wishing import LEASED, a_request
from velory import clock
from velory.journal.reason import Refused
from velory.post.models import Letter

PHONE = {"budget_part": Decimal(9490)}
DEAR = {"budget_part": Decimal(9000), "overage": Decimal(490), "overage_vat": Decimal("122.50")}


@pytest.fixture
def ebba():
    return given(a_person("Ebba", "Sjöberg", language="en"), a_budget(phones=(20000, 5, 24, Mode.ONE_OFF)))


def ordered(*lines, **facts):
    """A request whose devices are ordered, with what was taken for them."""
    request = a_request(*lines, **facts)
    with transaction.atomic():
        for line in request.lines_in_order:
            if line.budget_part is not None:
                spend_at_once(
                    request.person, line.category, line.price, cause=line.cause, at=clock.now(), part=line.budget_part
                )
            salary.deduct(line, at=clock.now())
        place(request, at=clock.now())
    return request


def devices_of(request):
    return list(Device.objects.filter(order_line__order__request=request).order_by("pk"))


def left(person):
    return standings_of(person, grant_of(person), today=clock.today())[0].left


def test_the_budget_is_as_if_it_had_never_been_ordered(ebba):
    [device] = devices_of(ordered(PHONE, person=ebba))
    assert left(ebba) == 20000 - 9490

    device.cancel(by=an_admin(), why="The model is no longer made")

    assert left(ebba) == 20000
    assert list(LedgerLine.objects.order_by("pk").values_list("kind", "amount", "why")) == [
        ("spend", Decimal(-9490), "approved"), ("give_back", Decimal(9490), "cancelled"),
    ]  # fmt: skip


@pytest.mark.parametrize("status", ["report_not_started", "hold", "prepare", "backorder", None])
def test_it_is_cancelled_in_all_five_open_statuses_by_distributor_and_admin(ebba, status):
    one, other = devices_of(ordered(PHONE, PHONE, person=ebba))
    dustin, nils = an_integrated_distributor(), an_admin()
    for device, by in ((one, dustin), (other, nils)):
        if status:
            getattr(device, status)(by=dustin)
        device.cancel(by=by)

    assert left(ebba) == 20000
    assert LedgerLine.objects.filter(kind="give_back").count() == 2


def test_what_goes_over_the_budget_is_not_taken_from_the_salary_any_more(ebba):
    request = ordered(DEAR, person=ebba, overage="salary")
    [device] = devices_of(request)
    assert list(Deduction.objects.values_list("kind", "amount", "vat", "months", "on")) == [
        ("deduct", Decimal("612.50"), Decimal("122.50"), 0, date(2026, 11, 22))
    ]

    device.cancel(by=an_admin())

    taken, undone = Deduction.objects.order_by("pk")
    assert (undone.kind, undone.amount, undone.vat, undone.undoes) == ("reverse", -taken.amount, -taken.vat, taken)
    assert (undone.person, undone.currency, undone.line) == (ebba, "SEK", request.lines.get())


def test_a_lease_is_taken_from_the_salary_by_the_month(ebba):
    line = LEASED | {"overage": Decimal("11.23"), "overage_vat": Decimal("2.81")}
    [device] = devices_of(ordered(line, person=ebba, overage="salary"))

    device.cancel(by=an_admin())

    assert list(Deduction.objects.order_by("pk").values_list("kind", "amount", "months")) == [
        ("deduct", Decimal("14.04"), 24), ("reverse", Decimal("-14.04"), 24),
    ]  # fmt: skip


def test_a_second_reversal_changes_nothing(ebba):
    request = ordered(DEAR, person=ebba, overage="salary")
    line = request.lines.get()
    with transaction.atomic():
        assert salary.deduct(line, at=clock.now()) == salary.deduct(line, at=clock.now())
        assert salary.reverse(line, at=clock.now()) == salary.reverse(line, at=clock.now())
    assert Deduction.objects.count() == 2


def test_nothing_is_taken_where_the_person_bears_nothing_or_bears_it_by_card(ebba):
    within, by_card = (
        a_request(PHONE, person=ebba, overage="salary"),
        a_request(DEAR, person=ebba, overage="card", card_ref="K-1"),
    )
    for request in (within, by_card):
        assert salary.deduct(request.lines.get(), at=clock.now()) is None
        assert salary.reverse(request.lines.get(), at=clock.now()) is None
    assert not Deduction.objects.exists()


def test_the_leasing_contract_is_void_and_the_log_says_so(ebba):
    [device] = devices_of(ordered(LEASED, person=ebba))
    assert device.is_leased

    device.cancel(by=an_admin(), why="Ordered twice")

    device = Device.objects.get(pk=device.pk)
    assert device.contract.closed_on == date(2026, 11, 22)
    assert not device.is_leased
    assert [entry.step for entry in device.journal] == ["order", "cancel", "void_contract"]
    assert str(device.journal.last()).startswith("The leasing contract is void: the device was cancelled.")


def test_the_log_says_what_was_given_back_without_any_sum(ebba):
    [device] = devices_of(ordered(DEAR, person=ebba, overage="salary"))

    device.cancel(by=an_admin(), why="Ordered twice")

    assert [entry.sentence for entry in device.journal][1:] == [
        "Nils Wikström cancelled the order. Ordered twice",
        "What it took of the budget of Ebba Sjöberg was given back.",
        "The salary deduction for it was reversed.",
    ]


def test_a_device_that_nobody_ordered_here_is_cancelled_all_the_same(ebba):
    [device] = devices_of(ordered(PHONE, person=ebba))
    device.order_line.delete()

    Device.objects.get(pk=device.pk).cancel(by=an_admin())

    assert Device.objects.get(pk=device.pk).status == Status.CANCELLED
    assert not Letter.objects.filter(template="orders/cancelled").exists()


# The order


def test_an_order_of_which_nothing_is_left_is_not_sent(ebba):
    request = ordered(PHONE, PHONE, person=ebba)
    one, other = devices_of(request)

    one.cancel(by=an_admin())
    assert Order.objects.get().status == "queued"
    other.cancel(by=an_admin())

    order = Order.objects.get()
    assert order.status == "called_off"
    assert order.journal.last().sentence == "Everything in it was cancelled before it was sent."


def test_an_order_that_the_distributor_has_stays_with_them(ebba):
    request = ordered(PHONE, person=ebba)
    order = request.orders.get()
    order.send(by=None, to="order@dustin.example")

    devices_of(request)[0].cancel(by=an_admin())

    assert Order.objects.get().status == "sent"


# Whole or not at all


class Killed(BaseException):
    """The process ends here."""


def test_a_process_that_ends_half_way_leaves_nothing(ebba, monkeypatch):
    [device] = devices_of(ordered(DEAR, person=ebba, overage="salary"))

    def die(place):
        if place == "CANCEL.mid":
            raise Killed

    monkeypatch.setattr(cancelling, "crash", die)
    with pytest.raises(Killed), transaction.atomic():
        device.cancel(by=an_admin())

    device = Device.objects.get(pk=device.pk)
    assert (device.status, device.version, device.holder) == (Status.ORDERED, 1, ebba)
    assert left(ebba) == 20000 - 9000
    assert not Letter.objects.filter(template="orders/cancelled").exists()

    monkeypatch.setattr(cancelling, "crash", lambda place: None)
    device.cancel(by=an_admin())
    assert left(ebba) == 20000
    assert Deduction.objects.filter(kind="reverse").count() == 1


@pytest.mark.parametrize("on_its_way", ["ship", "deliver"])
def test_what_has_left_the_distributor_is_not_cancelled(ebba, on_its_way):
    [device] = devices_of(ordered(DEAR, person=ebba, overage="salary"))
    getattr(device, on_its_way)(by=an_integrated_distributor())

    with pytest.raises(Refused):
        device.cancel(by=an_integrated_distributor())

    assert left(ebba) == 20000 - 9000
    assert Deduction.objects.count() == 1


def test_it_is_cancelled_once(ebba):
    [device] = devices_of(ordered(PHONE, person=ebba))
    device.cancel(by=an_integrated_distributor())

    with pytest.raises(Refused, match="the status is “Cancelled”"):
        Device.objects.get(pk=device.pk).cancel(by=an_admin())

    assert LedgerLine.objects.filter(kind="give_back").count() == 1


def test_of_two_distributors_one_cancels_and_the_other_delivers(ebba):
    dustin_s, atea_s = a_product(), a_product("Fairphone 5", distributor=an_integrated_distributor("Atea"))
    lines = [{"variant": product.variants.get(), "budget_part": Decimal(5000)} for product in (dustin_s, atea_s)]
    request = ordered(*lines, person=ebba)
    one, other = devices_of(request)

    one.cancel(by=an_integrated_distributor())

    assert left(ebba) == 20000 - 5000
    assert Device.objects.get(pk=other.pk).status == Status.ORDERED
