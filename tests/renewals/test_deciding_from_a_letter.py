"""Behind a letter's link both choices can be read; whoever decides for good signs in on the way."""

import re
from datetime import date

import pytest
from django.core import mail

from assets.models import Device
from renewals.models import Policy
from tests.conftest import Browser
from tests.making import a_person, an_admin
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    sellers,
)
from tests.renewals.test_the_link import opened, the_link

NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def ebba():
    return a_person("Ebba", "Bäckman", language="en", password="!")


@pytest.fixture
def browser():
    return Browser(HTTP_HOST="nordvik.localhost", enforce_csrf_checks=True)


def confirm(browser, device, step="choose_return", **more):
    """Read the last page, tick the box and press the button."""
    page = browser.get(f"/devices/{device.ref}/{step}/").text
    fields = dict(re.findall(r'name="(version|seen)" value="([^"]*)"', page))
    return browser.post(f"/devices/{device.ref}/{step}/", fields | {"understood": "on"} | more)


# Behind the link


def test_behind_the_link_both_can_be_read_and_confirming_asks_to_sign_in(ebba, at, browser, stripe):
    sellers(stripe)
    device = a_leased_device_at_its_final_stage(ebba)
    link = the_link(at)

    page = opened(browser, link).text
    onward = browser.get(f"/renewals/{device.ref}/choice/?choice=return")

    assert f"1,423.50{NBSP}SEK" in page
    assert "You are asked to sign in first." in page
    assert f'action="/renewals/{device.ref}/choice/"' in page
    assert onward.status_code == 302
    assert onward.url == f"/account/login/?next=/renewals/{device.ref}/choice/%3Fchoice%3Dreturn"


def test_signing_in_on_the_way_leads_to_the_page_that_was_asked_for(ebba, at, client, stripe):
    ebba.set_password("correct horse battery")
    ebba.save()
    device = a_leased_device_at_its_final_stage(ebba)
    onward = client.get(f"/renewals/{device.ref}/choice/?choice=return").url

    answer = client.post(onward, {"login": ebba.email, "password": "correct horse battery"}, follow=True)

    assert answer.redirect_chain[-1][0] == f"/devices/{device.ref}/choose_return/"
    assert "Return your Apple iPhone 15 128 GB?" in answer.text
    assert Device.objects.get().status == "active"


def test_a_link_alone_decides_nothing_for_good(ebba, at, browser):
    device = a_leased_device_at_its_final_stage(ebba)
    link = the_link(at)
    page = opened(browser, link).text
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)

    for step in ("choose_return", "start_buyout", "keep"):
        fields = {"version": device.version, "understood": "on"}
        fields |= {"csrfmiddlewaretoken": token.group(1)} if token else {}
        answer = browser.post(f"{link}{step}/", fields)
        assert answer.status_code in {302, 403}
        if answer.status_code == 302:
            assert browser.get(answer.url).url.startswith("/account/login/?next=/devices/")
    assert Device.objects.get().version == device.version


def test_who_is_signed_in_as_somebody_else_is_told_so(ebba, at, at_their_desk):
    a_leased_device_at_its_final_stage(ebba)
    link = the_link(at)

    page = at_their_desk(a_person("Sven", "Wikström", language="en")).get(link).text

    assert "You are signed in as Sven Wikström." in page
    assert 'type="radio"' not in page


# The letter


def test_the_letter_names_price_consequence_and_what_was_preferred(ebba, at, stripe):
    sellers(stripe)
    device = a_leased_device_at_its_preliminary_stage(ebba)
    device.prefer_buyout(by=ebba)

    the_link(at, "2026-12-15T08:00")

    letter = mail.outbox[-1]
    text = " ".join(letter.body.replace(NBSP, " ").split())
    assert letter.subject == "Make your final choice about your Apple iPhone 15 128 GB"
    assert "Your preliminary choice: Buy-out, 22 November 2026" in text
    assert "The preliminary choice does not count as your answer." in text
    assert "BUY-OUT: 1,423.50 SEK INCLUDING VAT" in text
    assert "You pay 3 Step IT with your own card." in text
    assert "RETURN: COSTS YOU NOTHING" in text
    assert "Don't send it back yet." in text
    assert "Only when you confirm do we ask you to sign in." in text
    html = letter.alternatives[0][0]
    assert "Buy-out: 1,423.50" in html.replace("&nbsp;", " ").replace(NBSP, " ")


def test_the_letter_leaves_out_what_is_not_offered(ebba, at):
    Policy(pk=1, leased_buyout=False).save()
    a_leased_device_at_its_final_stage(ebba)

    the_link(at)

    assert "BUY-OUT" not in mail.outbox[-1].body
    assert "Your company does not offer to buy it out." in mail.outbox[-1].body


def test_a_letter_about_several_names_the_choices_of_each(ebba, at, stripe):
    sellers(stripe)
    a_leased_device_at_its_final_stage(ebba)
    a_one_off_device_in_its_window(ebba, name="Dell Latitude 7450", category="computers")

    from renewals.sweep import sweep
    from velory.agenda import book

    sweep(at("2026-11-22T08:00"))
    book.dispatch(at=at.moment)

    body = mail.outbox[-1].body
    assert body.count("RETURN: COSTS YOU NOTHING") == 2
    assert body.count("KEEP: COSTS YOU NOTHING") == 1


def test_after_the_decision_the_link_says_what_was_decided(ebba, at, browser):
    device = a_leased_device_at_its_final_stage(ebba)
    link = the_link(at)
    device.choose_return(by=ebba)

    page = opened(browser, link).text

    assert "Final choice on 22 November 2026: Return." in page
    assert 'type="radio"' not in page


def test_after_the_date_was_moved_away_the_link_asks_nothing(ebba, at, browser):
    device = a_leased_device_at_its_final_stage(ebba)
    link = the_link(at)
    device.edit(by=an_admin(), facts={"renewal_on": date(2028, 12, 14)})

    page = opened(browser, link).text

    assert "Nothing is asked yet." in page
    assert 'type="radio"' not in page
