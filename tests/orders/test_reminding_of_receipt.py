"""What was delivered and is not marked as received is reminded of once, three days after or when the company says."""

from datetime import timedelta

import pytest

from assets.models import AssetSettings, Device
from orders.deliveries.reminding import REMIND, letter_to_come, reminders_to_come, still_to_receive
from orders.models import StoreSettings
from tests.making import a_person, an_admin
from tests.orders.wishing import an_order
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.post.holding import pause, send_now
from velory.post.models import Letter
from velory.post.planned import Soonest
from velory.post.wording import render

TEMPLATE = "orders/receipt_reminder"
IMEI = "354402685995284"


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en")


@pytest.fixture(autouse=True)
def nothing_else_is_due(at_nordvik):
    Due.objects.all().delete()


def delivered(*lines, person, at):
    """Devices of one order, all delivered at a moment."""
    devices = list(Device.objects.filter(order_line__order=an_order(*lines, person=person)).order_by("pk"))
    for device in devices:
        device.deliver(by=device.distributor, at=at)
    return devices


def run(at, moment):
    """The agenda at a moment, and the reminders that there are."""
    book.dispatch(at=at(moment))
    return list(Letter.objects.of_template(TEMPLATE).order_by("pk"))


def settings(**facts):
    StoreSettings.objects.update_or_create(pk=1, defaults=facts)


def test_three_days_later_at_eight_its_holder_is_asked_once(ebba, at):
    (device,) = delivered(person=ebba, at=at("2026-11-23T10:00"))
    assert run(at, "2026-11-25T08:05") == []
    (letter,) = run(at, "2026-11-26T08:00")
    assert (letter.person, letter.key) == (ebba, f"{TEMPLATE}/2026-11-23/{ebba.ref}")
    words = render(letter)
    assert words.subject == "Have you got your Apple iPhone 16 128 GB, Black, 128 GB?"
    assert "on 23 November 2026. It is not marked as received yet." in " ".join(words.text.split())
    assert f"/devices/{device.ref}/receive/" in words.text
    assert len(run(at, "2026-11-27T08:00")) == len(run(at, "2026-12-05T08:00")) == 1


def test_what_was_received_meanwhile_is_not_asked_about(ebba, at):
    (device,) = delivered(person=ebba, at=at("2026-11-23T10:00"))
    device.receive(by=ebba, serial="SN1", imei=IMEI)
    assert run(at, "2026-11-26T08:00") == []
    assert not Due.objects.filter(kind=REMIND).exists()


def test_a_letter_that_was_overtaken_is_not_sent(ebba, at):
    (device,) = delivered(person=ebba, at=at("2026-11-23T10:00"))
    (letter,) = run(at, "2026-11-26T08:00")
    assert still_to_receive(letter, at.moment) is None
    device.receive(by=ebba, serial="SN1", imei=IMEI)
    assert still_to_receive(letter, at.moment).code == "over"


def test_what_came_on_one_day_goes_in_one_letter(ebba, at):
    devices = delivered({"name": "Dell dock"}, {"name": "Jabra Evolve2 65"}, person=ebba, at=at("2026-11-23T10:00"))
    (letter,) = run(at, "2026-11-26T08:00")
    words = render(letter)
    assert words.subject == "Have you got these 2 devices?"
    assert all(device.name in words.text for device in devices)


def test_whoever_may_not_receive_it_is_not_asked(ebba, at):
    AssetSettings.objects.update_or_create(pk=1, defaults={"holder_may_receive": False})
    nils = an_admin()
    delivered(person=ebba, at=at("2026-11-23T10:00"))
    (device,) = delivered(person=nils, at=at("2026-11-23T10:00"))
    (letter,) = run(at, "2026-11-26T08:00")
    assert (letter.person, letter.context["devices"]) == (nils, [device.ref])


def test_whoever_gets_it_later_or_may_receive_it_later_is_asked_then(ebba, at):
    AssetSettings.objects.update_or_create(pk=1, defaults={"holder_may_receive": False})
    delivered(person=ebba, at=at("2026-11-23T10:00"))
    assert run(at, "2026-11-26T08:00") == []
    AssetSettings.objects.update(holder_may_receive=True)
    (letter,) = run(at, "2026-11-27T08:00")
    assert letter.person == ebba


def test_the_company_moves_the_morning_or_asks_nobody(ebba, at):
    delivered(person=ebba, at=at("2026-11-23T10:00"))
    settings(receipt_reminder_days=1)
    assert len(run(at, "2026-11-24T08:00")) == 1
    settings(receipt_reminder_days=5)
    assert len(run(at, "2026-11-28T08:00")) == 1
    delivered(person=ebba, at=at("2026-11-29T10:00"))
    settings(receipt_reminder_days=0)
    assert len(run(at, "2026-12-10T08:00")) == 1


def test_what_lies_about_for_more_than_a_month_is_left_to_the_admins(ebba, at):
    delivered(person=ebba, at=at("2026-11-23T10:00"))
    settings(receipt_reminder_days=0)
    run(at, "2026-12-20T08:00")
    settings(receipt_reminder_days=3)
    assert run(at, "2026-12-30T08:00") == []


def test_planned_mail_knows_it_until_it_is_written(ebba, at):
    (device,) = delivered(person=ebba, at=at("2026-11-23T10:00"))
    until = clock.today() + timedelta(days=90)
    [planned] = reminders_to_come(until, "")
    assert f"{planned.at.astimezone(clock.zone()):%Y-%m-%d %H:%M}" == "2026-11-26 08:00"
    assert (planned.name, planned.about, planned.url) == ("Ebba Sjöberg", device.name, device.get_absolute_url())
    assert render(letter_to_come(planned.ref)).subject.startswith("Have you got your")
    assert reminders_to_come(until, "astrid") == []
    run(at, "2026-11-26T08:00")
    assert reminders_to_come(until, "") == []


def test_it_can_be_held_back_or_sent_ahead_and_is_not_written_twice(ebba, at):
    nils = an_admin()
    delivered(person=ebba, at=at("2026-11-23T10:00"))
    [planned] = Soonest(clock.today() + timedelta(days=90), "", ["receipts"])[0:25]
    pause("receipts", planned.ref, by=nils, at=at("2026-11-24T09:00"))
    send_now("receipts", planned.ref, by=nils, at=at("2026-11-24T10:00"))
    assert len(run(at, "2026-11-26T08:00")) == 1
