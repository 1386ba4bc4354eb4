"""What a return shows: to its holder what to do and what not to do yet, to the admins what waits for them."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from assets.consequences import consequences
from assets.models import Contract, Device
from assets.panels import milestones_of
from renewals.models import Return
from tests.conftest import Browser
from tests.kernel.posting import post_is_sent
from tests.making import a_lessor, a_location, a_person, an_admin
from tests.renewals.making import a_leased_device_at_its_final_stage, a_one_off_device_in_its_window
from tests.renewals.making import an_external_device_in_its_window as an_external_device
from tests.renewals.returning import a_holder, a_return, a_return_of_its_own, labelled, now, the_new_device
from velory import clock
from velory.post.models import Letter, RefusedAddress


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


def page_of(desk, returning, tab="lifecycle"):
    return " ".join(desk.get(f"/devices/{returning.device.ref}/?tab={tab}").text.split())


# For the holder


def test_first_it_says_not_to_send_it_yet(at, at_their_desk):
    returning = a_return()
    for tab in ("overview", "lifecycle"):
        text = page_of(at_their_desk(returning.device.holder), returning, tab)
        assert "Do not send it back yet." in text
        assert "Order the new device, wait for it, set it up and move your data." in text
        assert "3 Step IT makes it. It comes by mail within 24 hours on weekdays, and stands here." in text
        assert "The store is open for you: Phones." in text
        assert "Download the return label" not in text


def test_the_label_stands_there_when_it_has_come(at, at_their_desk):
    returning = labelled(a_return(), at)
    text = page_of(at_their_desk(returning.device.holder), returning)
    assert f"/returns/{returning.ref}/label/" in text
    assert "The return label has come" in text


def test_a_label_that_does_not_come_is_said_to_be_missing(at, at_their_desk):
    returning = a_return()
    at("2026-11-24T00:01")
    assert "3 Step IT has not sent it yet" in page_of(at_their_desk(returning.device.holder), returning)


def test_then_it_says_that_it_is_time_and_how(at, at_their_desk):
    holder = a_holder()
    returning = labelled(a_return(holder), at)
    desk = at_their_desk(holder)
    assert "Time to return" not in desk.get("/").text

    the_new_device(holder, at=at.moment)

    assert "Time to return your Apple iPhone 15 128 GB" in desk.get("/").text
    text = page_of(desk, returning)
    assert "Your new device has come: Apple iPhone 17 256 GB." in text
    for words in (
        "The new device is set up and your data is on it.",
        "You are signed out of your accounts",
        "Charger and other",
        "Print the return label, put it on a suitable parcel, and send it to 3 Step IT",
    ):
        assert words in text
    assert "Do not send it back yet." not in text


def test_a_device_of_the_company_s_own_is_handed_in(at, at_their_desk):
    holder = a_holder()
    returning = a_return_of_its_own(holder)
    desk = at_their_desk(holder)
    text = page_of(desk, returning)
    assert "Do not send it back yet." in text
    assert "Return label" not in text

    the_new_device(holder, at=at.moment)
    assert "Hand it in to your IT department as soon as you can." in page_of(desk, returning)


def test_when_it_is_back_nothing_more_is_asked(at, at_their_desk):
    returning = a_return()
    returning.device.confirm_return(by=an_admin())
    text = page_of(at_their_desk(returning.device.holder), returning)
    assert "Nothing more is asked of you" in text
    assert "Time to return" not in at_their_desk(returning.device.holder).get("/").text


def test_the_letter_says_how(at):
    holder = a_holder()
    labelled(a_return(holder), at)
    the_new_device(holder, at=at.moment)
    post_is_sent(at)

    [message] = [m for m in mail.outbox if m.subject.startswith("Time to return")]
    body = " ".join(message.body.split())
    assert message.subject == "Time to return your Apple iPhone 15 128 GB"
    assert len(message.attachments) == 1
    for words in (
        "Your new device has come: Apple iPhone 17 256 GB.",
        "The new device is set up and your data is on it.",
        "activation lock",
        "send it to 3 Step IT as soon as",
    ):
        assert words in body
    assert "/l/" in body


def test_behind_the_letter_s_link_the_same_stands_without_the_file(at):
    returning = labelled(a_return(), at)
    post_is_sent(at)
    [message] = [m for m in mail.outbox if m.subject.startswith("The return label")]
    path = re.search(r"/l/[\w-]+/", message.body).group()

    page = " ".join(Browser(HTTP_HOST="nordvik.localhost").get(path).text.split())

    assert "Do not send it back yet." in page
    assert "It is in that mail; sign in to download it here." in page
    assert f"/returns/{returning.ref}/label/" not in page


def test_a_colleague_reads_nothing_of_it(at, at_their_desk):
    from assets.models import AssetSettings

    AssetSettings.objects.update_or_create(pk=1, defaults={"hide_company_assets": False})
    returning = labelled(a_return(), at)
    text = at_their_desk(a_person()).get(f"/devices/{returning.device.ref}/").text
    assert returning.device.name in text
    assert "Do not send it back yet." not in text


def test_its_timeline_has_every_step_in_its_order(at, at_their_desk):
    holder, nils = a_holder(), an_admin()
    returning = labelled(a_return(holder), at)
    the_new_device(holder, at=at.moment)
    device = now(returning).device
    device.confirm_return(by=nils)
    device.release(by=nils)

    days = milestones_of(Device.objects.get(pk=device.pk), today=clock.today())
    assert [day["title"] for day in days if day["state"] == "past"][-6:] == [
        "Return decided", "Return label came", "Time to return", "Return confirmed", "Released", "Lease closed",
    ]  # fmt: skip


def test_a_lease_that_is_closed_stays_in_the_timeline_and_nothing_is_to_come(at):
    holder, nils = a_holder(), an_admin()
    device = now(labelled(a_return(holder), at)).device
    before = {day["title"] for day in milestones_of(device, today=clock.today())}
    device.confirm_return(by=nils)
    device.release(by=nils)

    device = Device.objects.get(pk=device.pk)
    days = milestones_of(device, today=clock.today())
    titles = {day["title"] for day in days}
    assert "Final choice" in before & titles
    assert "Buy out, return or keep" not in titles
    assert {day["state"] for day in days} == {"past"}


# Before the button


@pytest.mark.parametrize(
    ("make", "there", "not_there"),
    [(a_leased_device_at_its_final_stage, "3 Step IT is told at once", "nobody"),
     (a_one_off_device_in_its_window, "The store opens", "return label")],
)  # fmt: skip
def test_what_follows_from_the_choice_is_said_before_it(make, there, not_there):
    device = make()
    lines = " ".join(line["text"] for line in consequences("choose_return", device, device.holder, today=clock.today()))
    assert "Do not send it back yet." in lines
    assert there in lines
    assert not_there not in lines


def test_what_follows_from_a_release_names_the_lease(at):
    returning = a_return()
    lines = [line["text"] for line in consequences("release", returning.device, an_admin(), today=clock.today())]
    number = Contract.objects.get().number
    assert f"The leasing contract {number} is closed on 22 November 2026." in lines


@pytest.mark.parametrize(("make", "offered"), [(a_return, False), (a_return_of_its_own, False)])
def test_only_what_can_have_become_of_it_is_offered(make, offered, at_their_desk):
    returning = make()
    page = at_their_desk(an_admin()).get(f"/devices/{returning.device.ref}/confirm_return/")
    assert ("Bought from the distributor" in page.text) is offered
    assert "bought from the distributor" not in page.text


def test_an_external_one_may_have_been_bought(at_their_desk):
    device = an_external_device(a_person())
    device.start_renewal(by=device.holder)
    page = at_their_desk(an_admin()).get(f"/devices/{device.ref}/confirm_return/")
    assert "Bought from the distributor" in page.text


# For the admins


def todos(desk):
    return [(found.code, found.count, found.late) for found in desk.get("/").context["todos"]]


def test_the_to_dos_say_what_is_missing(at, at_their_desk):
    returning, desk = a_return(), at_their_desk(an_admin())
    assert ("label_missing", 1, 1) not in todos(desk)
    assert ("returns_waiting", 1, 0) in todos(desk)

    at("2026-11-24T00:01")
    assert ("label_missing", 1, 1) in todos(desk)

    labelled(returning, at)
    assert "label_missing" not in [code for code, *_rest in todos(desk)]


@pytest.mark.parametrize("lack", ["provider", "address", "refused"])
def test_a_provider_that_cannot_be_told_is_a_to_do_that_says_whom_to_ask(lack, at, at_their_desk):
    lessor = a_lessor(support_email="help@3stepit.example", **({"email": ""} if lack == "address" else {}))
    if lack == "refused":
        RefusedAddress.objects.create(address=lessor.email, kind="bounced", since=at.moment)
    device = a_leased_device_at_its_final_stage(a_holder())
    if lack == "provider":
        Contract.objects.update(provider=None)
    Device.objects.get(pk=device.pk).choose_return(by=device.holder)
    desk = at_their_desk(an_admin())

    assert ("provider_address", 1, 1) in todos(desk)
    text = " ".join(desk.get("/renewals/returns/?label=untold").text.split())
    words = {
        "provider": "The contract names no leasing provider, so nobody was told.",
        "address": "3 Step IT has no e-mail for notices, so it was not told. Its support: help@3stepit.example.",
        "refused": "lease@3stepit.example refuses mail, so 3 Step IT may not have been told.",
    }
    assert words[lack] in text
    assert words[lack] in page_of(desk, Return.objects.get())


def test_an_admin_sees_where_it_is_picked_up_and_what_is_missing(at, at_their_desk):
    desk = at_their_desk(an_admin())
    assert "Lilla Bommen 4" in page_of(desk, a_return())
    karin = a_person("Karin", "Ström", location=a_location("Luleå"))
    text = page_of(desk, a_return(karin))
    assert f"/locations/{karin.location.ref}/" in text
    assert "The provider sees no street." in text
    assert "The holder has no location" in page_of(desk, a_return(a_person("Sven", "Wikström")))


def test_the_list_says_where_each_return_stands(at, at_their_desk):
    holder, desk = a_holder(), at_their_desk(an_admin())
    first, second = a_return(holder), labelled(a_return(a_person("Karin", "Ström")), at)
    at("2026-11-24T08:00")
    text = " ".join(desk.get("/renewals/returns/").text.split())
    for words in ("Ebba Bäckman", "Karin Ström", "Missing", "Promised by 23 Nov 2026, 23:59", "Remind the provider"):
        assert words in text
    narrowed = desk.get("/renewals/returns/?label=missing").context["rows"]
    assert [row.returning for row in narrowed] == [first]
    assert [row.returning for row in desk.get("/renewals/returns/?label=came").context["rows"]] == [second]
    assert desk.get("/renewals/returns/?q=karin").context["table"].count == 1


def test_both_kinds_of_return_await_confirmation_once_they_are_asked_for(at_their_desk):
    desk = at_their_desk(an_admin())
    both = a_return(), a_return_of_its_own(a_person("Karin", "Ström"))
    assert desk.get("/renewals/awaiting-confirmation/").context["rows"] == []
    for returning in both:
        the_new_device(returning.device.holder)
    rows = desk.get("/renewals/awaiting-confirmation/").context["rows"]
    assert {row.device.pk for row in rows} == {returning.device_id for returning in both}


@pytest.mark.parametrize("make", [a_return, a_return_of_its_own])
def test_an_admin_tells_the_holder_without_waiting(make, at, at_their_desk):
    returning, nils = make(), an_admin()
    desk = at_their_desk(nils)
    assert "Tell the holder to return it now" in page_of(desk, returning)

    assert desk.post(f"/returns/{returning.ref}/ask-back/").status_code == 303
    assert desk.post(f"/returns/{returning.ref}/ask-back/").status_code == 409

    assert now(returning).device.status == "to_return"
    assert (now(returning).time_to_return_at, now(returning).replacement) == (at.moment, None)
    assert Letter.objects.filter(template="renewals/time_to_return").count() == 1
    assert "Nils Wikström told Ebba Bäckman that it is time to return it." in [
        entry.sentence for entry in returning.device.journal
    ]
    assert "Your IT department asks for it back." in page_of(at_their_desk(returning.device.holder), returning)


def test_after_the_new_device_has_come_it_is_not_told_twice(at, at_their_desk):
    holder = a_holder()
    returning = a_return(holder)
    the_new_device(holder, at=at.moment)
    assert at_their_desk(an_admin()).post(f"/returns/{returning.ref}/ask-back/").status_code == 409
    assert Letter.objects.filter(template="renewals/time_to_return").count() == 1


def test_the_list_costs_the_same_with_one_and_with_three(at, at_their_desk, django_assert_num_queries):
    desk = at_their_desk(an_admin())
    a_return()
    count = queries_of(desk)
    a_return(a_person("Karin", "Ström"))
    a_return_of_its_own(a_person("Sven", "Wikström"))
    assert queries_of(desk) == count


def queries_of(desk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    desk.get("/renewals/returns/")
    with CaptureQueriesContext(connection) as queries:
        desk.get("/renewals/returns/")
    return len(queries)


def test_a_removal_says_that_the_provider_hears_of_it(at):
    returning = a_return()
    lines = " ".join(line["text"] for line in consequences("remove", returning.device, an_admin(), today=clock.today()))
    assert "3 Step IT is told that it does not come back." in lines
    assert at.moment - returning.chosen_at < timedelta(seconds=1)
