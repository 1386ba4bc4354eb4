"""The leasing provider's own page: no account, one return, and whatever merely reads it changes nothing."""

import re
from datetime import timedelta

import pytest
from django.core import mail

from assets.models import Contract, Device, Partner
from renewals.returns.notices import LIFE_OF_A_LINK, link_of
from renewals.returns.opening import remind_provider
from tests.conftest import Browser
from tests.kernel.posting import post_is_sent
from tests.making import a_lessor, an_admin
from tests.renewals.returning import PDF, Provider, a_file, a_holder, a_return, labelled, now, path_of
from tests.renewals.test_the_link import everything
from velory.post.models import Letter, Link
from velory.tenancy.context import inside


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path


# What stands there


def test_the_letter_leads_to_it(at):
    a_return()
    post_is_sent(at)

    [message] = mail.outbox
    assert message.to == ["3 Step IT <lease@3stepit.example>"]
    assert message.subject.startswith("Nordvik Energi AB: return of Apple iPhone 15 128 GB SER")
    [path] = set(re.findall(r"http://nordvik.localhost(/partner/[\w-]+/)", message.body))
    page = Browser(HTTP_HOST="nordvik.localhost").get(path)
    assert page.status_code == 200
    for words in ("Ebba Bäckman", "Lilla Bommen 4", "411 04 Göteborg", Contract.objects.get().number):
        assert words in page.text
        assert words in message.body


def test_it_says_who_leases_until_when_and_by_when_the_label_is_due(at):
    provider = Provider(a_return())
    text = provider.open().text

    assert "3 Step IT" in text
    assert "signed link, valid until 21 May 2027" in re.sub(r"\s+", " ", text)
    assert "by 23 Nov 2026, 23:59" in text  # chosen on a Sunday


def test_it_speaks_the_partner_s_language_until_somebody_chooses(at):
    a_lessor(language="sv")
    provider = Provider(a_return())
    assert '<html lang="sv"' in provider.open(HTTP_ACCEPT_LANGUAGE="en").text

    form = dict(re.findall(r'name="(csrfmiddlewaretoken|next)" value="([^"]+)"', provider.page.text))
    answer = provider.browser.post(form_address(provider.page.text), form | {"language": "en"})
    assert (answer.status_code, answer.url) == (303, provider.path)
    assert '<html lang="en"' in provider.open().text


def form_address(text):
    return re.search(r'action="([^"]*language[^"]*)"', text).group(1)


def test_where_the_street_is_not_known_it_says_whom_to_ask(at):
    returning = a_return(a_holder(location=None))
    text = Provider(returning).open().text

    assert "The street is not known here: ask the contact." in text
    assert "Nils Wikström" in text


def test_the_admins_read_the_letter_without_the_link(at, at_their_desk):
    returning = a_return()
    post_is_sent(at)
    path, letter = path_of(returning), Letter.objects.get(template="renewals/return_chosen")
    desk = at_their_desk(an_admin())

    assert path in letter.html
    for page in (desk.get(letter.get_absolute_url()), desk.get(f"{letter.get_absolute_url()}html/")):
        assert path not in page.text
        assert "/partner/preview/" in page.text


# What is done there


def test_label_receipt_release(at):
    returning, lessor = a_return(), a_lessor()
    provider = Provider(returning)

    provider.open()
    answer = provider.press("label", label=a_file())
    assert (answer.status_code, answer.url) == (303, provider.path)
    assert b"".join(provider.browser.get(f"{provider.path}label/").streaming_content) == PDF

    provider.open()
    assert provider.press("confirm_return").status_code == 303
    assert Device.objects.get().status == "returned"

    assert "Ebba" not in provider.open().text
    answer = provider.press("release", sure="on")
    assert answer.status_code == 200
    assert "is de-registered" in answer.text
    assert (Device.objects.get().status, str(Contract.objects.get().closed_on)) == ("removed", "2026-11-22")

    said = [(e.step, e.role, e.by_name, e.by_ref) for e in Device.objects.get().journal][-4:]
    assert said == [
        ("put_label", "partner", "3 Step IT", lessor.ref),
        ("confirm_return", "partner", "3 Step IT", lessor.ref),
        ("release", "partner", "3 Step IT", lessor.ref),
        ("close_contract", "system", "", ""),
    ]
    assert Device.objects.get().return_outcome == "returned"


def test_a_wrong_file_is_told_at_the_form(at):
    provider = Provider(a_return())
    provider.open()
    answer = provider.press("label", label=a_file(b"<html>", "label.pdf"))

    assert answer.status_code == 422
    assert "The file is not a PDF." in answer.text
    assert provider.press("label").status_code == 422


def test_a_release_is_said_twice(at):
    returning = a_return()
    returning.device.confirm_return(by=an_admin())
    provider = Provider(returning)
    provider.open()

    answer = provider.press("release")

    assert answer.status_code == 422
    assert "Tick the box when it is done." in answer.text
    assert Device.objects.get().status == "returned"


def test_a_page_that_was_overtaken_says_what_is_true_now(at):
    returning = a_return()
    provider = Provider(returning)
    provider.open()
    returning.device.confirm_return(by=an_admin())

    answer = provider.press("confirm_return")

    assert answer.status_code == 409
    assert "Returned - awaiting release" in answer.text
    assert provider.press("release", sure="on", version="1").status_code == 409
    assert Device.objects.get().status == "returned"


def test_released_by_an_admin_in_the_same_moment_it_says_that_it_is_over(at, monkeypatch):
    returning, nils = a_return(), an_admin()
    returning.device.confirm_return(by=nils)
    provider = Provider(returning)
    provider.open()
    release = Device.release

    def overtaken(device, **said):
        monkeypatch.setattr(Device, "release", release)
        Device.objects.get().release(by=nils)
        return release(device, **said)

    monkeypatch.setattr(Device, "release", overtaken)
    answer = provider.press("release", sure="on")

    assert answer.status_code == 409
    assert "The return is finished or was called off" in answer.text
    assert [e.step for e in Device.objects.get().journal].count("release") == 1


def test_other_steps_have_no_address_there(at):
    returning = a_return()
    provider = Provider(returning)
    provider.open()
    before = everything()

    for deed in ("remove", "choose_return", "begin_return", "edit", "assign", "restore", "LABEL", "x" * 60):
        assert provider.press(deed).status_code == 404, deed
    assert provider.browser.get(f"{provider.path}release/").status_code == 404
    assert provider.browser.get(f"{provider.path}label/").status_code == 404
    assert everything() == before


def test_release_before_receipt_is_refused(at):
    returning = a_return()
    provider = Provider(returning)
    provider.open()

    assert provider.press("release", sure="on").status_code == 409
    assert Device.objects.get().status == "to_return"


# Who merely reads


def test_reading_it_five_times_changes_nothing(at):
    returning = labelled(a_return(), at)
    path = path_of(returning)
    before = everything()

    scanner = Browser(HTTP_HOST="nordvik.localhost")
    for ask in (scanner.get, scanner.head, scanner.get, scanner.options, scanner.get):
        assert ask(path).status_code in {200, 405}
        assert ask(f"{path}label/").status_code in {200, 405}
        assert ask(f"{path}confirm_return/").status_code in {404, 405}

    assert everything() == before


def test_who_has_not_opened_the_page_presses_nothing(at, at_their_desk):
    returning = a_return()
    path, desk = path_of(returning), at_their_desk(returning.device.holder)
    before = everything()

    for browser in (Browser(HTTP_HOST="nordvik.localhost"), desk):
        for deed in ("label", "confirm_return", "release"):
            answer = browser.post(f"{path}{deed}/", {"sure": "on", "label": a_file()})
            assert answer.status_code == 403
            assert "Open the page once more" in answer.text
    assert everything() == before


def test_it_signs_nobody_in(at):
    provider = Provider(a_return())
    provider.open()
    assert not [name for name in provider.browser.cookies if "session" in name]
    assert provider.browser.get("/").status_code == 302


# Whose it is


def test_one_return_s_link_opens_no_other(at):
    first, second = a_return(), a_return(a_holder())
    one, other = Provider(first), Provider(second)
    one.open()
    other.open()

    assert first.device.serial not in other.page.text
    assert one.path != other.path
    one.browser.post(f"{other.path}confirm_return/", {})
    fields = dict(re.findall(r'name="(csrfmiddlewaretoken|version)" value="([^"]+)"', one.page.text))
    assert one.browser.post(f"{other.path}confirm_return/", fields).status_code == 403
    assert {device.status for device in Device.objects.all()} == {"to_return"}


def test_at_another_company_it_is_unknown(at, saimaa):
    path = path_of(a_return())
    with inside(saimaa):
        a_return()
    assert Browser(HTTP_HOST="saimaa.localhost").get(path).status_code == 404
    assert Browser(HTTP_HOST="saimaa.localhost").post(f"{path}confirm_return/").status_code == 404


def test_it_is_a_person_s_link_nowhere(at):
    token = path_of(a_return()).split("/")[2]
    assert Browser(HTTP_HOST="nordvik.localhost").get(f"/l/{token}/").status_code == 404


@pytest.mark.parametrize("end", ["released", "removed", "expired", "moved", "address"])
def test_when_it_is_over_it_explains_itself_without_a_name(end, at):
    returning, nils = a_return(), an_admin()
    provider = Provider(returning)
    provider.open()
    device = Device.objects.get()
    if end == "released":
        device.confirm_return(by=nils)
        device.release(by=nils)
    elif end == "removed":
        device.remove(by=nils, why="Lost")
    elif end == "expired":
        at(at.moment + LIFE_OF_A_LINK)
    elif end == "moved":
        dll = Partner.objects.create(name="DLL", email="returns@dll.example", distributes=False, leases=True)
        device.edit(by=nils, contract={"provider": dll})
    else:
        Partner.objects.filter(leases=True).update(email="somebody.else@3stepit.example")

    for answer in (provider.open(), provider.browser.post(f"{provider.path}confirm_return/")):
        assert answer.status_code in {403, 410}
        for personal in ("Ebba", "Bäckman", device.serial, device.name, "3 Step IT", "Göteborg"):
            assert personal not in answer.text
    assert provider.page.status_code == 410
    assert "Sign in" not in provider.page.text


def test_a_provider_that_is_another_s_competitor_reads_nothing_of_it(at):
    returning = a_return()
    old = Provider(returning)
    dll = Partner.objects.create(name="DLL", email="returns@dll.example", distributes=False, leases=True)
    Device.objects.get().edit(by=an_admin(), contract={"provider": dll})

    assert old.open().status_code == 410
    assert Provider(now(returning)).open().status_code == 200


# Reminders


def test_a_reminder_goes_once_a_day_with_the_same_link(at, at_their_desk):
    returning, nils = a_return(), an_admin()
    path = path_of(returning)
    at("2026-11-24T08:00")
    desk = at_their_desk(nils)

    first = desk.post(f"/returns/{returning.ref}/remind/")
    second = desk.post(f"/returns/{returning.ref}/remind/")
    post_is_sent(at)

    assert (first.status_code, second.status_code) == (303, 409)
    assert "3 Step IT was reminded today." in second.text
    [message] = [m for m in mail.outbox if "waits for the return label" in m.subject]
    assert path in message.body
    assert Device.objects.get().journal.last().sentence == "Nils Wikström reminded 3 Step IT of the return label."
    at("2026-11-25T08:00")
    assert desk.post(f"/returns/{returning.ref}/remind/").status_code == 303
    assert Letter.objects.filter(template="renewals/return_reminder").count() == 2


def test_a_reminder_keeps_the_link_open_for_longer(at):
    returning = a_return()
    path_of(returning)
    before = Link.objects.get().expires_at
    at("2026-11-24T08:00")
    remind_provider(returning, by=an_admin(), at=at.moment)
    assert link_of(now(returning)).endswith(path_of(returning))
    assert Link.objects.get().expires_at - before >= timedelta(days=2)


def test_nobody_is_reminded_of_a_label_that_has_come(at, at_their_desk):
    returning = labelled(a_return(), at)
    at("2026-11-24T08:00")
    assert at_their_desk(an_admin()).post(f"/returns/{returning.ref}/remind/").status_code == 409
    assert not Letter.objects.filter(template="renewals/return_reminder").exists()
