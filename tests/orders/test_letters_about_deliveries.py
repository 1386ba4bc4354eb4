"""Whoever waits for a device hears that it is shipped and that it was delivered, at once and once."""

from datetime import date

import pytest

from assets.models import AssetSettings, Category, Device
from orders.deliveries.notices import still_on_its_way
from orders.models import OrderLine, StoreSettings
from tests.making import a_person, a_space, an_admin
from tests.orders.wishing import an_order
from velory.journal.reason import Refused
from velory.post.models import Letter
from velory.post.sending import send
from velory.post.wording import render

LINK = "https://www.postnord.se/track?id=00573132204184615722"
IMEI = "354402685995284"


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en")


@pytest.fixture
def dock():
    return {"name": "Dell dock WD22TB4", "category": Category.objects.get(code="accessories")}


def devices_of(order):
    return list(Device.objects.filter(order_line__order=order).order_by("order_line__number"))


def letters(name):
    return list(Letter.objects.filter(template=f"orders/{name}").order_by("pk"))


def ship(device, at=None, **facts):
    device.ship(
        by=device.distributor, at=at, **{"tracking_number": "00573132204184615722", "tracking_url": LINK} | facts
    )


def text_of(letter):
    return " ".join(render(letter).text.split())


# Shipped


def test_whoever_gets_it_hears_that_it_is_shipped_with_where_to_track_it(ebba):
    order = an_order(person=ebba)
    OrderLine.objects.update(expected_on=date(2026, 11, 24))
    ship(*devices_of(order))
    (letter,) = letters("shipped")
    assert (letter.person, letter.language) == (ebba, "en")
    words = render(letter)
    assert words.subject == "Your Apple iPhone 16 128 GB, Black, 128 GB is on its way"
    assert "It is expected on 24 November 2026." in text_of(letter)
    assert f"Track order:\n{LINK}" in words.text
    assert f'href="{LINK}"' in words.html
    assert "http://nordvik.localhost/you/orders/" in words.text or "https://nordvik.localhost/you/orders/" in words.text


@pytest.mark.parametrize("link", ["", "javascript:alert(1)"])
def test_without_a_page_to_track_it_leads_to_the_orders(ebba, link):
    ship(*devices_of(an_order(person=ebba)), tracking_url=link)
    words = render(letters("shipped")[0])
    assert "Track order" not in words.text + words.html
    assert "javascript" not in words.text + words.html
    assert "Tracking number: 00573132204184615722" in words.text
    assert "See your orders" in words.html


def test_a_report_that_repeats_itself_writes_nothing_more(ebba):
    (device,) = devices_of(an_order(person=ebba))
    ship(device)
    with pytest.raises(Refused):
        ship(device)
    assert len(letters("shipped")) == 1


def test_what_is_shipped_in_one_moment_goes_in_one_letter_and_the_rest_in_another(ebba, at):
    order = an_order({"name": "Dell dock"}, {"name": "Logitech MX Keys S"}, {"name": "Jabra Evolve2 65"}, person=ebba)
    first, second, third = devices_of(order)
    moment = at("2026-11-23T10:00")
    ship(first, at=moment)
    ship(second, at=moment)
    later = at("2026-11-24T10:00")
    ship(third, at=later)
    together, apart = letters("shipped")
    assert together.context["devices"] == [first.ref, second.ref]
    words = render(together)
    assert words.subject == "2 devices are on their way"
    assert words.text.count(f"Track order: {LINK}") == 2
    assert apart.context["devices"] == [third.ref]


def test_one_that_joins_when_the_letter_has_gone_gets_its_own(ebba, at):
    first, second = devices_of(an_order({"name": "Dell dock"}, {"name": "Logitech MX Keys S"}, person=ebba))
    moment = at("2026-11-23T10:00")
    ship(first, at=moment)
    Letter.objects.filter(template="orders/shipped").update(state=Letter.State.SENDING)
    ship(second, at=moment)
    assert [letter.context["devices"] for letter in letters("shipped")] == [[first.ref], [second.ref]]


def test_a_letter_that_was_overtaken_is_not_sent(ebba, at):
    (device,) = devices_of(an_order(person=ebba))
    ship(device)
    (letter,) = letters("shipped")
    assert still_on_its_way(letter, at.moment) is None
    device.deliver(by=device.distributor)
    send(str(letter.pk), at.moment)
    assert letters("shipped")[0].state == Letter.State.VOIDED
    (delivered,) = letters("delivered")
    assert still_on_its_way(delivered, at.moment) is None
    device.receive(by=ebba, serial="SN1", imei=IMEI)
    assert still_on_its_way(delivered, at.moment).code == "over"


def test_a_letter_to_somebody_who_no_longer_gets_it_is_not_sent(ebba, at):
    (device,) = devices_of(an_order(person=ebba, requester=a_person("Mia", "Berg")))
    ship(device)
    device.assign(by=an_admin(), to=a_person())
    assert still_on_its_way(letters("shipped")[0], at.moment).code == "over"


def test_shipped_it_says_who_will_mark_it_as_received(ebba, dock, at):
    def says(order):
        ship(*devices_of(order))
        at(f"2026-11-22T{9 + len(letters('shipped')):02}:00")
        return text_of(letters("shipped")[-1])

    assert "When it has come, mark it as received on its page." in says(an_order(person=ebba))
    for_a_space = says(an_order(space=a_space("Reception"), requester=ebba))
    assert "It is marked as received by whoever has it, or by an admin." in for_a_space
    AssetSettings.objects.update_or_create(pk=1, defaults={"holder_may_receive": False})
    assert "When it has come, your IT department marks it as received." in says(an_order(person=ebba))
    StoreSettings.objects.update_or_create(pk=1, defaults={"auto_receive": True})
    assert "your IT department marks it" in says(an_order(person=ebba))  # its numbers are not known yet
    by_itself = an_order(dock, person=ebba)
    Device.objects.filter(order_line__order=by_itself).update(serial="DOCK7")
    assert "When it is delivered it is marked as received of its own accord." in says(by_itself)


# Delivered


def test_delivered_it_asks_to_be_marked_as_received(ebba):
    (device,) = devices_of(an_order(person=ebba))
    ship(device)
    device.deliver(by=device.distributor)
    words = render(letters("delivered")[0])
    assert words.subject == "Your Apple iPhone 16 128 GB, Black, 128 GB was delivered"
    assert "You are asked for its serial number, and for a phone's IMEI" in " ".join(words.text.split())
    assert f"nordvik.localhost/devices/{device.ref}/receive/" in words.text
    assert "Mark as received" in words.html


def test_delivered_straight_away_is_told_once(ebba):
    (device,) = devices_of(an_order(person=ebba))
    device.deliver(by=device.distributor)
    assert (len(letters("shipped")), len(letters("delivered"))) == (0, 1)


def test_what_was_received_of_its_own_accord_asks_for_nothing(ebba, dock, at):
    StoreSettings.objects.update_or_create(pk=1, defaults={"auto_receive": True})
    (device,) = devices_of(an_order(dock, person=ebba))
    Device.objects.filter(pk=device.pk).update(serial="DOCK1")
    device = Device.objects.get(pk=device.pk)
    device.deliver(by=device.distributor)
    (letter,) = letters("delivered")
    assert still_on_its_way(letter, at.moment) is None
    assert "There is nothing that you need to do." in text_of(letter)
    assert "/receive/" not in render(letter).text


def test_what_a_space_received_of_its_own_accord_is_nobodys_hardware(ebba, dock):
    StoreSettings.objects.update_or_create(pk=1, defaults={"auto_receive": True})
    order = an_order(dock, space=a_space("Reception"), requester=ebba)
    Device.objects.filter(order_line__order=order).update(serial="DOCK2")
    (device,) = devices_of(order)
    device.deliver(by=device.distributor)
    text = text_of(letters("delivered")[0])
    assert "It is marked as received of its own accord. There is nothing that you need to do." in text
    assert "your hardware" not in text


def test_where_a_number_is_missing_the_letter_says_so(ebba):
    StoreSettings.objects.update_or_create(pk=1, defaults={"auto_receive": True})
    (device,) = devices_of(an_order(person=ebba))
    device.deliver(by=device.distributor)
    assert "You are asked for its serial number" in text_of(letters("delivered")[0])


def test_where_the_company_leaves_it_to_admins_the_letter_says_so(ebba):
    AssetSettings.objects.update_or_create(pk=1, defaults={"holder_may_receive": False})
    (device,) = devices_of(an_order(person=ebba))
    device.deliver(by=device.distributor)
    assert "Your IT department marks it as received." in text_of(letters("delivered")[0])
    assert "/receive/" not in render(letters("delivered")[0]).text


# To whom


def test_what_goes_to_a_space_or_to_the_company_is_told_to_whoever_asked_for_it(at):
    nils = an_admin()
    for order in (an_order(space=a_space("Reception"), requester=nils), an_order(requester=nils, for_company=True)):
        ship(*devices_of(order))
        at("2026-11-22T08:00")
    assert [letter.person for letter in letters("shipped")] == [nils, nils]
    assert "For whom: Reception" in render(letters("shipped")[0]).text
    assert "You get this because you ordered it at Nordvik Energi AB" in text_of(letters("shipped")[0])


def test_who_can_t_be_written_to_is_stood_in_for_by_whoever_asked_or_by_the_admins(ebba):
    nils = an_admin()
    mia, nobody = a_person("Mia", "Berg"), a_person(email=None)
    ship(*devices_of(an_order(person=nobody, requester=mia)))
    ship(*devices_of(an_order(person=nobody)))  # in the same moment, and yet another letter
    assert [letter.person for letter in letters("shipped")] == [mia, nils]


def test_without_a_store_nobody_is_told(ebba, nordvik):
    (device,) = devices_of(an_order(person=ebba))
    before, nordvik.features = nordvik.features, []
    nordvik.save()
    try:
        ship(device)
    finally:
        nordvik.features = before
        nordvik.save()
    assert letters("shipped") == []


@pytest.mark.parametrize("language", ["sv", "en"])
def test_both_read_in_both_languages(language):
    person = a_person("Ebba", "Sjöberg", language=language)
    (device,) = devices_of(an_order(person=person))
    ship(device)
    device.deliver(by=device.distributor)
    for name in ("shipped", "delivered"):
        words = render(letters(name)[0])
        assert device.name in words.subject
        assert "{{" not in words.html
