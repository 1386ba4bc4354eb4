"""A cancelled device gives back what was taken for it, as one unit: to the budget, the salary, the card; its contract
is void and whoever waited for it hears why (spec 3, R15)."""

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.db import transaction

from assets.lifecycle import Status
from assets.models import Device
from orders.budgets.ledger import reserve
from orders.budgets.standing import grant_of, standings_of
from orders.cancelling import following as cancelling
from orders.cancelling.showing import waiting_in_vain
from orders.models import Deduction, LedgerLine, Order
from orders.overage import salary
from orders.prices import Mode
from renewals.models import Return
from renewals.returns.replacement import tell_to_return_now
from tests.making import a_person, an_admin, an_integrated_distributor
from tests.orders.making import a_budget, a_product, given
from tests.orders.wishing import LEASED, a_request
from tests.renewals.making import a_leased_device_at_its_final_stage
from velory import clock
from velory.journal.reason import Refused
from velory.post.models import Letter
from velory.post.wording import render
from velory.ui.todos import todos

PHONE = {"budget_part": Decimal(9490)}
DEAR = {"budget_part": Decimal(9000), "overage": Decimal(490), "overage_vat": Decimal("122.50")}


@pytest.fixture
def ebba():
    return given(a_person("Ebba", "Sjöberg", language="en"), a_budget(phones=(20000, 5, 24, Mode.ONE_OFF)))


def ordered(*lines, **facts):
    """A request that was approved, with what was taken for its devices."""
    request = a_request(*lines, **facts)
    with transaction.atomic():
        for line in request.lines_in_order:
            if line.budget_part is not None:
                reserve(
                    request.person, line.category, line.price, cause=line.cause, at=clock.now(), part=line.budget_part
                )
    request.approve(by=None, at=clock.now())
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
    lasting = LedgerLine.objects.filter(kind__in=["spend", "give_back"]).order_by("pk")
    assert list(lasting.values_list("kind", "amount", "why")) == [
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


# Whoever waits for it


def in_one_line(words):
    """The words without the line breaks of the text part."""
    return replace(words, text=re.sub(r"[ \n]+", " ", words.text))


def letters_about(request):
    """Who is written to, and the letter's words."""
    return {
        letter.person: in_one_line(render(letter, at=letter.written_at))
        for letter in Letter.objects.filter(template="orders/cancelled").select_related("person")
    }


def test_the_holder_hears_why_and_what_was_given_back(ebba):
    request = ordered(DEAR, person=ebba, overage="salary")
    [device] = devices_of(request)

    device.cancel(by=an_integrated_distributor(), why="No longer made")

    words = letters_about(request)
    assert list(words) == [ebba]
    assert words[ebba].subject == f"Your {device} was cancelled"
    assert "Dustin cancelled it on 22 November 2026. It is not delivered. The reason given: No longer made" in (
        words[ebba].text
    )
    assert "9,000.00\xa0SEK went back to the budget and can be used again at once." in words[ebba].text
    assert "The salary deduction of 612.50\xa0SEK (VAT included) is reversed." in words[ebba].text
    assert f"/requests/{request.ref}/" in words[ebba].text


def test_whoever_asked_for_another_hears_too_and_whoever_cancelled_does_not(ebba):
    nils, manager = an_admin(), a_person("Karin", "Lindqvist", language="en")
    of_nils = ordered(PHONE, person=ebba, requester=nils)
    devices_of(of_nils)[0].cancel(by=nils)
    assert list(letters_about(of_nils)) == [ebba]

    of_karin = ordered(PHONE, person=ebba, requester=manager)
    [device] = devices_of(of_karin)
    device.cancel(by=nils)
    assert letters_about(of_karin)[manager].subject == f"{device} for Ebba Sjöberg was cancelled"


def test_nobody_but_the_two_reads_the_sums(ebba):
    request = ordered(DEAR, person=ebba, overage="salary")
    [device] = devices_of(request)
    colleague = a_person("Karin", "Lindqvist", language="en")
    device.assign(by=an_admin(), to=colleague)

    device.cancel(by=an_admin())

    words = letters_about(request)
    assert set(words) == {ebba, colleague}
    assert "9,000.00" in words[ebba].text
    assert "9,000.00" not in words[colleague].text
    assert request.ref not in words[colleague].text
    assert "Nothing was taken" not in words[colleague].text
    assert "Whatever was taken for it goes back to whoever it was taken from." in words[colleague].text
    assert words[colleague].subject == f"Your {device} was cancelled"
    assert words[ebba].subject == f"{device} for Karin Lindqvist was cancelled"


def test_what_is_cancelled_in_one_moment_stands_in_one_letter(ebba, at):
    request = ordered(PHONE, PHONE, {"budget_part": None}, person=ebba)
    one, other, third = devices_of(request)
    for device in (one, other):
        device.cancel(by=an_integrated_distributor(), at=clock.now())
    later = at("2026-11-22T09:00")
    third.cancel(by=an_integrated_distributor(), at=later)

    first, second = Letter.objects.filter(template="orders/cancelled").order_by("written_at")
    words = in_one_line(render(first, at=later))
    assert words.subject == f"2 devices of order {request.orders.get().ref} were cancelled"
    assert words.text.count("9,490.00\xa0SEK went back to the budget") == 2
    assert "there is nothing to give back" in in_one_line(render(second, at=later)).text


def test_it_reads_in_swedish_too(ebba):
    karin = given(a_person("Karin", "Lindqvist", language="sv"), a_budget("Andra"))
    request = ordered({"budget_part": Decimal(9490)}, person=karin)
    devices_of(request)[0].cancel(by=an_integrated_distributor(), why="Utgången modell")
    assert "Utgången modell" in letters_about(request)[karin].text


# What the pages say


def test_what_follows_is_said_before_it_is_cancelled(ebba, at_their_desk):
    nils = an_admin()
    [device] = devices_of(ordered(DEAR, person=ebba, overage="salary"))
    Order.objects.get().send(by=None, to="order@dustin.example")

    page = at_their_desk(nils).get(f"/devices/{device.ref}/cancel/").content.decode()

    assert "Dustin is not told by this: agree on it with them first, then record it here." in page
    assert "9,000.00\xa0SEK goes back to the budget of Ebba Sjöberg." in page
    assert "The salary deduction of 612.50\xa0SEK is reversed." in page
    assert "Ebba Sjöberg is told by mail, with the reason." in page


def test_a_device_that_has_left_is_not_cancelled_and_the_page_says_whom_to_ask(ebba, at_their_desk):
    dustin = an_integrated_distributor()
    dustin.support_email = "support@dustin.example"
    dustin.save()
    [device] = devices_of(ordered(PHONE, person=ebba))
    nils = an_admin()
    browser = at_their_desk(nils)
    device.ship(by=dustin)

    answer = browser.post(f"/devices/{device.ref}/cancel/", {"why": "By mistake"})

    assert answer.status_code == 409
    assert "It has left the distributor, so it can’t be cancelled any more." in answer.content.decode()
    assert "Dustin (support@dustin.example)" in answer.content.decode()
    assert Device.objects.get(pk=device.pk).status == Status.SHIPPED


def test_the_page_of_a_cancelled_device_says_what_was_given_back(ebba, at_their_desk):
    [device] = devices_of(ordered(DEAR, person=ebba, overage="salary"))
    nils, colleague = an_admin(), a_person("Karin", "Lindqvist", language="en")
    device.cancel(by=nils)

    for reader, is_told in ((nils, True), (ebba, False), (colleague, False)):  # to Ebba her request says it
        page = at_their_desk(reader).get(f"/devices/{device.ref}/").content.decode()
        assert ("9,000.00\xa0SEK went back to the budget" in page) is is_told


# The device that waits for the new one


def a_leased_device_that_goes_back(person):
    old = a_leased_device_at_its_final_stage(person)
    old.choose_return(by=person)
    return old


def test_an_admin_is_told_of_a_device_that_waits_for_one_that_does_not_come(ebba):
    old = a_leased_device_that_goes_back(ebba)
    [new] = devices_of(ordered(LEASED | {"replaces": old}, person=ebba))
    assert waiting_in_vain() == []

    new.cancel(by=an_integrated_distributor(), why="No longer made")

    assert waiting_in_vain() == [old]
    [letter] = Letter.objects.filter(template="orders/cancelled")
    assert f"Your {old} goes back when a new device has come." in in_one_line(render(letter, at=letter.written_at)).text


def test_it_waits_no_longer_once_another_is_on_its_way_or_it_is_asked_back(ebba):
    old = a_leased_device_that_goes_back(ebba)
    for _again in range(2):
        [new] = devices_of(ordered(LEASED | {"replaces": old}, person=ebba))
        assert waiting_in_vain() == []
        new.cancel(by=an_integrated_distributor())
        assert waiting_in_vain() == [old]
    asked = a_request(LEASED | {"replaces": old}, person=ebba)
    assert waiting_in_vain() == []
    asked.withdraw(by=ebba)
    assert waiting_in_vain() == [old]

    tell_to_return_now(Return.objects.get(device=old), by=an_admin(), at=clock.now())

    assert waiting_in_vain() == []


def test_the_to_do_leads_to_the_device_or_to_the_returns(ebba, at_their_desk):
    old = a_leased_device_that_goes_back(ebba)
    [new] = devices_of(ordered(LEASED | {"replaces": old}, person=ebba))
    new.cancel(by=an_integrated_distributor())
    [found] = [todo for todo in todos(today=clock.today()) if todo.code == "replacement_cancelled"]
    assert (found.count, found.url) == (1, f"/devices/{old.ref}/?tab=lifecycle")
    assert at_their_desk(an_admin()).get(found.url).status_code == 200
