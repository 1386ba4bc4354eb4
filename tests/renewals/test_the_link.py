"""The link in a letter opens the device's decision page without sign-in; reading it changes nothing, ever."""

import re
from datetime import date

import pytest
from django.core import mail
from django.db import connection

from assets.models import Device
from renewals.sweep import sweep
from tests.conftest import Browser
from tests.making import a_person, an_admin
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
)
from velory.agenda import book
from velory.people.models import Person
from velory.post.models import Letter

LINK = re.compile(r"https?://[^/\s]+(/l/[\w-]+/)")


def the_link(at, moment="2026-11-22T08:00"):
    sweep(at(moment))
    book.dispatch(at=at.moment)
    [found] = LINK.findall(mail.outbox[-1].body)
    return found


@pytest.fixture
def browser():
    return Browser(HTTP_HOST="nordvik.localhost", enforce_csrf_checks=True)


def everything():
    """Every row of the company, but sessions."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()")
        tables = sorted(name for (name,) in cursor.fetchall() if name != "django_session")
        found = {}
        for table in tables:
            cursor.execute(f'SELECT md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM "{table}" t')
            found[table] = cursor.fetchone()
    return found


def press(browser, link, version):
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', browser.page.text).group(1)
    return browser.post(f"{link}start_renewal/", {"csrfmiddlewaretoken": token, "version": version})


def opened(browser, link):
    browser.page = browser.get(link)
    return browser.page


@pytest.mark.parametrize(
    "make",
    [
        an_external_device_in_its_window, a_leased_device_at_its_final_stage,
        a_leased_device_at_its_preliminary_stage, a_one_off_device_in_its_window,
    ],
)  # fmt: skip
def test_reading_it_five_times_changes_nothing(make, browser, at):
    make(a_person())
    link = the_link(at)
    before = everything()

    for ask in (browser.get, browser.head, browser.get, browser.options, browser.get):
        assert ask(link).status_code in {200, 405}

    assert everything() == before


def test_the_page_starts_the_process_without_sign_in(browser, at):
    device = an_external_device_in_its_window(a_person("Ebba", "Bäckman", language="en"))
    link = the_link(at)
    page = opened(browser, link)
    assert "The only step here is Start the process." in page.text

    answer = press(browser, link, device.version)

    assert (answer.status_code, answer.url) == (303, link)
    assert Device.objects.get().status == "return_pending"
    assert "nothing done there comes back here by itself" in opened(browser, link).text
    assert Device.objects.get().journal.last().by_name == "Ebba Bäckman"


def test_who_has_not_opened_the_page_cannot_press_its_button(at):
    device = an_external_device_in_its_window()
    link = the_link(at)
    stranger = Browser(HTTP_HOST="nordvik.localhost")

    assert stranger.post(f"{link}start_renewal/", {"version": device.version}).status_code == 403

    assert Device.objects.get().status == "active"


def test_pressing_twice_starts_it_once(browser, at):
    device = an_external_device_in_its_window()
    link = the_link(at)
    opened(browser, link)

    assert press(browser, link, device.version).status_code == 303
    assert press(browser, link, device.version).status_code == 409

    assert Letter.objects.filter(template="renewals/started_to_distributor").count() == 1


def test_it_takes_no_other_step(browser, at):
    device = a_leased_device_at_its_final_stage()
    link = the_link(at)
    page = browser.get(link)

    assert "start_renewal" not in page.text
    for deed in ("confirm_return", "choose_return", "remove"):
        assert browser.post(f"{link}{deed}/", {"version": device.version}).status_code in {403, 404}
    assert Device.objects.get().status == "active"


def test_after_somebody_else_got_the_device_it_says_so_without_a_name(browser, at):
    nils, ebba, sven = an_admin(), a_person("Ebba", "Bäckman"), a_person("Sven", "Wikström")
    device = an_external_device_in_its_window(ebba)
    link = the_link(at)

    device.assign(by=nils, to=sven)
    page = browser.get(link)

    assert page.status_code == 410
    for personal in ("Ebba", "Bäckman", "Sven", "Wikström", device.serial, device.name):
        assert personal not in page.text


def test_of_a_device_that_has_left_it_says_that_this_is_finished_and_not_that_it_was_taken_away(browser, at):
    device = an_external_device_in_its_window()
    link = the_link(at)

    device.remove(by=an_admin(), why="stolen")
    page = browser.get(link)

    assert page.status_code == 410
    assert "This is finished" in page.text
    assert "no longer yours" not in page.text
    assert device.name not in page.text


def test_it_is_void_for_who_has_left(browser, at):
    device = an_external_device_in_its_window()
    link = the_link(at)

    Person.objects.filter(pk=device.holder.pk).update(is_active=False)

    assert browser.get(link).status_code == 410


def test_it_ends_one_day(browser, at):
    an_external_device_in_its_window(renewal_on=date(2026, 12, 14))
    link = the_link(at)

    at("2027-06-01T12:00")

    assert browser.get(link).status_code == 410


def test_at_another_company_it_opens_nothing(at):
    an_external_device_in_its_window()
    link = the_link(at)

    assert Browser(HTTP_HOST="saimaa.localhost").get(link).status_code == 404


def test_the_page_speaks_the_holders_language_until_the_reader_chooses(browser, at):
    an_external_device_in_its_window(a_person("Ebba", "Bäckman", language="en"))
    link = the_link(at)

    assert '<html lang="en"' in browser.get(link, HTTP_ACCEPT_LANGUAGE="sv").text


def test_a_leased_device_says_what_is_asked_and_when(browser, at):
    a_leased_device_at_its_preliminary_stage(a_person("Ebba", "Bäckman", language="en"))

    page = browser.get(the_link(at))

    assert "Asked since 15 October 2026." in page.text
    assert "Final choice, 15 December 2026" in page.text
