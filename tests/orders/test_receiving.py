"""Mark as received: by whoever has it, from the day it is shipped, once; with the numbers on the box."""

from datetime import date

import pytest

from assets.models import AssetSettings, Category, Device
from orders.models import StoreSettings
from renewals.models import Return
from tests.assets.making import an_ordered_device, words
from tests.making import a_device, a_person, a_space, an_admin
from tests.orders.reporting import a_sent_order, devices, hears, said
from tests.orders.wishing import an_order
from velory.journal.reason import Refused
from velory.post.models import Letter

IMEI = "354402685995284"


@pytest.fixture
def ebba():
    return a_person("Ebba", "Sjöberg", language="en")


@pytest.fixture
def dock():
    """A line for something that has no IMEI."""
    return {"name": "Dell dock WD22TB4", "category": Category.objects.get(code="accessories")}


def an_ordered(ebba, **line):
    return Device.objects.get(order_line__order=an_order(line, person=ebba))


def brought_to(device, *steps):
    for step in steps:
        getattr(device, step)(by=device.distributor)
    return device


def receive(desk, device, **said):
    return desk.post(f"/devices/{device.ref}/receive/", said)


def now(device):
    return Device.objects.get(pk=device.pk)


# By whoever has it


def test_whoever_has_it_marks_it_as_received_and_it_is_in_use(at_their_desk, ebba, at):
    phone = brought_to(an_ordered(ebba), "ship")
    before = now(phone)
    at("2026-11-25T09:30")
    answer = receive(at_their_desk(ebba), phone, serial=" FP5  77 ", imei="35-440268-599528-4")
    assert answer.status_code == 303
    kept = now(phone)
    assert (kept.status, kept.serial, kept.imei) == ("active", "FP5 77", IMEI)
    assert kept.received_at == at.moment
    assert (kept.purchased_on, kept.renewal_on) == (before.purchased_on, before.renewal_on)
    assert [entry.step for entry in kept.journal][-2:] == ["receive", "put_in_use"]


def test_it_is_asked_what_stands_on_the_box_only_where_it_is_unknown(at_their_desk, ebba, dock):
    desk = at_their_desk(ebba)
    phone, unnumbered = brought_to(an_ordered(ebba), "ship"), brought_to(an_ordered(ebba, **dock), "ship")
    text = words(desk.get(f"/devices/{phone.ref}/receive/"))
    assert "Serial number" in text
    assert "15 digits" in text
    assert "IMEI" not in words(desk.get(f"/devices/{unnumbered.ref}/receive/"))
    Device.objects.filter(pk=phone.pk).update(serial="KNOWN1", imei=IMEI)
    text = words(desk.get(f"/devices/{phone.ref}/receive/"))
    assert "on the box" not in text
    assert receive(desk, phone).status_code == 303


@pytest.mark.parametrize(
    "said", [{}, {"serial": "SN1"}, {"imei": IMEI}, {"serial": "SN1", "imei": "354402685995285"}, {"serial": "S" * 61}]
)
def test_a_missing_or_wrong_number_is_told_at_the_form(at_their_desk, ebba, said):
    phone = brought_to(an_ordered(ebba), "ship")
    assert receive(at_their_desk(ebba), phone, **said).status_code == 422
    assert (now(phone).status, now(phone).serial) == ("shipped", "")


def test_a_serial_number_that_another_device_has_is_refused_without_telling_which(at_their_desk, ebba):
    other = a_device(a_person(), serial="TWIN77", imei=IMEI)
    phone = brought_to(an_ordered(ebba), "ship")
    answer = receive(at_their_desk(ebba), phone, serial="twin77", imei=IMEI)
    assert answer.status_code == 422
    assert "Another device has the same serial number. Compare it with the box, or ask an admin." in words(answer)
    assert "Another device has the same IMEI." in words(answer)
    assert other.ref not in words(answer)
    assert now(phone).status == "shipped"
    assert other.ref in words(receive(at_their_desk(an_admin()), phone, serial="twin77", imei=IMEI))


@pytest.mark.parametrize("steps", [[], ["report_not_started"], ["hold"], ["prepare"], ["backorder"]])
def test_before_it_is_shipped_it_can_t_have_come(at_their_desk, ebba, steps):
    phone = brought_to(an_ordered(ebba), *steps)
    desk = at_their_desk(ebba)
    for answer in (desk.get(f"/devices/{phone.ref}/receive/"), receive(desk, phone, serial="SN1", imei=IMEI)):
        assert answer.status_code == 409
        assert "It has not been shipped yet." in words(answer)
    assert "Mark as received" not in words(desk.get("/you/orders/"))
    assert now(phone).received_at is None


def test_twice_is_once(at_their_desk, ebba):
    phone = brought_to(an_ordered(ebba), "ship", "deliver")
    desk = at_their_desk(ebba)
    receive(desk, phone, serial="SN1", imei=IMEI)
    answer = receive(desk, phone, serial="SN2", imei=IMEI)
    assert answer.status_code == 409
    assert "It was marked as received already, on 22 November 2026." in words(answer)
    assert now(phone).serial == "SN1"
    assert now(phone).journal.filter(step="receive").count() == 1


def test_what_was_cancelled_won_t_come(at_their_desk, ebba):
    phone = an_ordered(ebba)
    phone.cancel(by=phone.distributor)
    assert receive(at_their_desk(ebba), phone, serial="SN1", imei=IMEI).status_code == 404  # it is nobody's now
    answer = receive(at_their_desk(an_admin()), phone, serial="SN1", imei=IMEI)
    assert answer.status_code == 409
    assert "It was cancelled and won't come." in words(answer)


@pytest.mark.parametrize("hidden", [True, False])
def test_a_colleague_has_no_such_page(at_their_desk, ebba, hidden):
    AssetSettings.objects.update_or_create(pk=1, defaults={"hide_company_assets": hidden})
    phone = brought_to(an_ordered(ebba), "ship")
    mia = at_their_desk(a_person("Mia", "Berg"))
    assert mia.get(f"/devices/{phone.ref}/receive/").status_code == 404
    assert receive(mia, phone, serial="SN1", imei=IMEI).status_code == 404
    assert now(phone).status == "shipped"


def test_whoever_ordered_it_for_a_space_leaves_it_to_an_admin(at_their_desk):
    nils = an_admin()
    order = an_order(space=a_space(), requester=nils)
    phone = brought_to(Device.objects.get(order_line__order=order), "ship")
    assert receive(at_their_desk(nils), phone, serial="SN1", imei=IMEI).status_code == 303
    assert now(phone).status == "active"


# Where the company leaves it to the admins


@pytest.fixture
def left_to_admins():
    AssetSettings.objects.update_or_create(pk=1, defaults={"holder_may_receive": False})


def test_where_the_policy_forbids_it_the_button_is_greyed_with_who_can(at_their_desk, ebba, left_to_admins):
    phone = brought_to(an_ordered(ebba), "ship", "deliver")
    desk = at_their_desk(ebba)
    for address in ("/", "/you/orders/", phone.get_absolute_url()):
        page = desk.get(address)
        assert 'aria-disabled="true"' in page.content.decode()
        assert "In your company IT marks devices as received. an admin" in words(page)
    assert "Has your" not in words(desk.get("/"))  # nothing waits for her


def test_to_try_all_the_same_is_refused(at_their_desk, ebba, left_to_admins):
    phone = brought_to(an_ordered(ebba), "ship", "deliver")
    answer = receive(at_their_desk(ebba), phone, serial="SN1", imei=IMEI)
    assert answer.status_code == 409
    assert "In your company IT marks devices as received." in words(answer)
    assert now(phone).status == "delivered"
    assert receive(at_their_desk(an_admin()), phone, serial="SN1", imei=IMEI).status_code == 303


# What has come asks for it


def test_what_was_delivered_asks_on_home_until_it_is_received(at_their_desk, ebba, at):
    phone = brought_to(an_ordered(ebba), "ship")
    desk = at_their_desk(ebba)
    assert "Has your" not in words(desk.get("/"))
    at("2026-11-24T15:00")
    phone.deliver(by=phone.distributor)
    asked = f"Has your {phone} come? It was delivered on 24 November 2026."
    assert asked in words(desk.get("/"))
    page = desk.get(phone.get_absolute_url())
    assert asked in words(page)
    assert page.content.decode().count(f"/devices/{phone.ref}/receive/") == 2  # the title and the button of one ask
    receive(desk, phone, serial="SN1", imei=IMEI)
    assert "Has your" not in words(desk.get("/"))


# Of its own accord


@pytest.fixture
def by_itself():
    StoreSettings.objects.update_or_create(pk=1, defaults={"auto_receive": True})


def test_what_is_delivered_and_owned_is_received_of_its_own_accord(ebba, dock, by_itself):
    device = an_ordered(ebba, **dock)
    Device.objects.filter(pk=device.pk).update(serial="DOCK1")
    brought_to(now(device), "ship", "deliver")
    kept = now(device)
    assert kept.status == "active"
    assert [(e.step, e.by_name) for e in kept.journal][-3:] == [
        ("deliver", "Dustin"),
        ("receive", ""),
        ("put_in_use", ""),
    ]


def test_without_the_setting_it_waits(ebba, dock):
    device = an_ordered(ebba, **dock)
    Device.objects.filter(pk=device.pk).update(serial="DOCK1")
    assert brought_to(now(device), "ship", "deliver").status == "delivered"


def test_without_its_numbers_it_waits_for_whoever_has_it_and_comes_when_they_are_known(ebba, by_itself):
    phone = brought_to(an_ordered(ebba), "ship", "deliver")
    assert now(phone).status == "delivered"
    phone.edit(by=an_admin(), facts={"serial": "SN1"})
    assert now(phone).status == "delivered"
    phone.edit(by=an_admin(), facts={"imei": IMEI})
    assert now(phone).status == "active"


def test_a_distributor_who_names_the_numbers_later_lets_it_come(ebba, by_itself):
    order = a_sent_order(person=ebba)
    hears(order, said(order, 1, lines=[{"line": 1, "status": "delivered"}]))
    assert devices(order)[1].status == "delivered"
    hears(order, said(order, 2, lines=[{"line": 1, "serial": "R5CX309KTWA", "imei": IMEI}]))
    kept = devices(order)[1]
    assert (kept.status, kept.serial) == ("active", "R5CX309KTWA")
    assert Letter.objects.filter(template="orders/delivered").count() == 1


def test_a_distributor_who_says_all_at_once_lets_all_of_it_come_with_one_letter(ebba, by_itself):
    order = a_sent_order(2, person=ebba)
    numbers = [{"serial": "R5CX309KTWA", "imei": IMEI}, {"serial": "R5CX309KTWB", "imei": "356877800639438"}]
    lines = [{"line": n, "status": "delivered"} | facts for n, facts in enumerate(numbers, start=1)]
    hears(order, said(order, 1, lines=lines))
    assert {device.status for device in devices(order).values()} == {"active"}
    letter = Letter.objects.get(template="orders/delivered")
    assert sorted(letter.context["received"]) == sorted(device.ref for device in devices(order).values())


def test_what_is_leased_waits_for_whoever_has_it(ebba, by_itself):
    device = an_ordered(ebba, mode="monthly")
    Device.objects.filter(pk=device.pk).update(serial="SN1", imei=IMEI)
    brought_to(now(device), "ship", "deliver")
    assert now(device).status == "delivered"


def test_the_policy_about_holders_doesn_t_hinder_it(ebba, dock, by_itself, left_to_admins):
    device = an_ordered(ebba, **dock)
    Device.objects.filter(pk=device.pk).update(serial="DOCK1")
    brought_to(now(device), "ship", "deliver")
    assert now(device).status == "active"


def test_what_comes_for_the_company_itself_is_received_and_stands_among_the_unassigned(by_itself, dock):
    order = an_order(dock, requester=an_admin(), for_company=True)
    device = Device.objects.get(order_line__order=order)
    Device.objects.filter(pk=device.pk).update(serial="DOCK1")
    brought_to(now(device), "ship", "deliver")
    assert now(device).status == "received"
    assert list(Device.objects.unassigned()) == [device]


# What follows


def test_with_the_new_one_comes_the_time_to_return_the_leased_one(at_their_desk, ebba, at):
    old = a_device(ebba, leased=True, renewal_on=date(2026, 12, 14), at=at("2024-12-14T09:00"))
    at("2026-11-22T09:00")
    old.choose_return(by=ebba)
    at("2026-11-23T09:00")
    new = an_ordered(ebba, mode="monthly", replaces=old)
    brought_to(new, "ship", "deliver")
    assert not Letter.objects.filter(template="renewals/time_to_return").exists()
    receive(at_their_desk(ebba), new, serial="SN1", imei=IMEI)
    letter = Letter.objects.get(template="renewals/time_to_return")
    assert letter.person == ebba
    assert Return.objects.get(device=old).replacement == new


def test_a_device_that_no_order_brought_is_received_as_ever(at_their_desk, ebba):
    device = an_ordered_device(ebba, serial="DOCK1")
    assert receive(at_their_desk(ebba), device).status_code == 303
    with pytest.raises(Refused):
        now(device).receive(by=ebba)
