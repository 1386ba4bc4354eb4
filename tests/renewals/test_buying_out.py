"""A device is bought out on a page of its own: nothing is decided before the money is there, and then it is final."""

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from assets.models import Device
from renewals.buyouts.starting import KIND
from renewals.models import Policy, Quote
from tests.making import a_person, an_admin
from tests.renewals.making import (
    a_bought_device,
    a_leased_device_at_its_final_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
    go_to_payment,
    pay_for,
    sellers,
)
from tests.stripe_standin import DECLINED, Declined
from velory import clock
from velory.journal.invariants import findings
from velory.payments.apply import apply
from velory.payments.models import Attempt
from velory.post.models import Letter
from velory.post.wording import render
from velory.ui.money import money


@pytest.fixture(autouse=True)
def everybody_takes_money(stripe):
    sellers(stripe)


def now(device):
    return Device.objects.get(pk=device.pk)


def attempts(device):
    return list(Attempt.objects.about(KIND, device.ref).order_by("pk"))


def letters(template):
    return list(Letter.objects.filter(template=f"renewals/{template}").order_by("pk"))


def all_is_well():
    return [found for found in findings() if found[0].startswith("P")]


def policy(**terms):
    Policy.objects.update_or_create(pk=1, defaults=terms)


# The last page


def test_the_last_page_shows_the_sum_and_changes_nothing(at_their_desk):
    device = a_leased_device_at_its_final_stage(a_person(language="en"))

    page = at_their_desk(device.holder).get(f"/devices/{device.ref}/start_buyout/").content.decode()

    assert "Buy out device for 1,423.50\N{NO-BREAK SPACE}SEK" in page
    assert "You pay 3 Step IT with your own card" in page
    assert "Once paid, this can&#x27;t be changed." in page or "Once paid, this can't be changed." in page
    assert not Quote.objects.exists()
    assert not attempts(device)
    assert now(device).status == "active"


def test_nobody_buys_somebody_elses_device(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    address = f"/devices/{device.ref}/start_buyout/"
    for ask in ("get", "post"):
        assert getattr(at_their_desk(a_person()), ask)(address).status_code == 404
        assert getattr(at_their_desk(an_admin()), ask)(address).status_code == 403
    assert now(device).status == "active"


def test_an_external_device_has_no_such_page(at_their_desk):
    device = an_external_device_in_its_window()
    assert at_their_desk(device.holder).get(f"/devices/{device.ref}/start_buyout/").status_code == 404


def test_a_shut_page_says_why_and_when(at_their_desk):
    policy(window_from=1, window_to=5)
    device = a_leased_device_at_its_final_stage(a_person(language="en"))
    answer = at_their_desk(device.holder).get(f"/devices/{device.ref}/start_buyout/")
    assert answer.status_code == 409
    assert "The next dates: 1 December 2026 to 5 December 2026." in answer.content.decode()
    assert "Buy out device for" not in answer.content.decode()


def test_without_the_tick_nothing_is_started(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    answer = go_to_payment(at_their_desk(device.holder), device, understood="")
    assert answer.status_code == 422
    assert now(device).status == "active"


# To the payment


def test_the_button_leads_to_stripe_and_decides_nothing(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()

    answer = go_to_payment(at_their_desk(device.holder), device)

    [attempt] = attempts(device)
    assert answer.status_code == 303
    assert answer["Location"] == attempt.session_url
    assert now(device).status == "pending_buyout"
    assert (attempt.amount, attempt.currency, attempt.person) == (Decimal("1423.500"), "SEK", device.holder)
    assert attempt.payee.name == "3 Step IT"
    assert Quote.objects.get().ref == attempt.basis
    assert not letters("bought")


def test_a_script_is_told_where_to_go(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    browser = at_their_desk(device.holder)
    browser.defaults["HTTP_HX_REQUEST"] = "true"
    answer = go_to_payment(browser, device)
    assert answer.status_code == 204
    assert answer["HX-Redirect"] == attempts(device)[0].session_url


def test_price_and_currency_in_a_form_are_nobodys_business(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device, price="1", amount="1", currency="JPY", payee="acct_mine")
    [attempt] = attempts(device)
    assert (attempt.amount_minor, attempt.currency, attempt.payee.name) == (142350, "SEK", "3 Step IT")


def test_a_price_that_changed_meanwhile_is_shown_before_anything_starts(at_their_desk):
    device = a_leased_device_at_its_final_stage(a_person(language="en"))
    policy(service_fee=Decimal(100))

    answer = go_to_payment(at_their_desk(device.holder), device, seen="1423.5 SEK")

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "The price has changed while the page was open." in page
    assert "Buy out device for 1,548.50\N{NO-BREAK SPACE}SEK" in page
    assert now(device).status == "active"
    assert not attempts(device)
    assert not Quote.objects.exists()


def test_a_stale_page_starts_nothing(at_their_desk):
    device = a_leased_device_at_its_final_stage()
    answer = go_to_payment(at_their_desk(device.holder), device, version="999")
    assert answer.status_code == 409
    assert now(device).status == "active"


def test_a_second_press_leads_to_the_same_payment(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    browser = at_their_desk(device.holder)
    first = go_to_payment(browser, device)
    again = browser.post(f"/devices/{device.ref}/start_buyout/", {})
    assert again["Location"] == first["Location"]
    assert len(attempts(device)) == len(stripe.sessions()) == 1


def test_one_of_the_companys_own_is_paid_to_the_company(at_their_desk, stripe):
    device = a_one_off_device_in_its_window(buyout_price=Decimal(900))
    go_to_payment(at_their_desk(device.holder), device)
    [attempt] = attempts(device)
    assert (attempt.payee.name, attempt.amount_minor) == ("Nordvik Energi AB", 112500)


def test_stripe_does_not_answer_and_the_choice_is_not_lost(at_their_desk, stripe, settings):
    device = a_leased_device_at_its_final_stage(a_person(language="en"))
    browser = at_their_desk(device.holder)
    before, settings.STRIPE_API_BASE = settings.STRIPE_API_BASE, "http://127.0.0.1:9"

    answer = go_to_payment(browser, device)
    assert answer.status_code == 503
    assert "your choice is not lost" in answer.content.decode()
    assert now(device).status == "pending_buyout"

    settings.STRIPE_API_BASE = before
    again = browser.post(f"/devices/{device.ref}/start_buyout/", {})
    assert again.status_code == 303
    assert len(attempts(device)) == len(stripe.sessions()) == 1


def test_stripe_says_no_and_the_choice_is_open_again(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    stripe.stop_charges("acct_3StepIT")
    answer = go_to_payment(at_their_desk(device.holder), device)
    assert answer.status_code == 409
    assert now(device).status == "active"


# Paid


@pytest.mark.parametrize("chosen", ["active", "preliminary_buyout", "preliminary_return"])
def test_money_makes_it_bought_whatever_was_preferred_before(at_their_desk, stripe, at, chosen):
    at("2026-10-01T08:00")
    device = a_leased_device_at_its_final_stage()
    if chosen != "active":
        getattr(device, {"preliminary_buyout": "prefer_buyout"}.get(chosen, "prefer_return"))(by=device.holder)
    at("2026-11-22T08:00")

    pay_for(device, at_their_desk, stripe)

    assert now(device).status == "bought_by_employee"
    assert [letter.person for letter in letters("bought")] == [device.holder]
    assert all_is_well() == []


@pytest.mark.parametrize("currency", ["SEK", "EUR", "JPY", "ISK"])
def test_the_amount_is_the_same_everywhere(at_their_desk, stripe, currency):
    device = a_leased_device_at_its_final_stage(a_person(language="en"))
    device.contract.currency = currency
    device.contract.save()

    go_to_payment(at_their_desk(device.holder), device)
    [session] = stripe.sessions()
    stripes_page = stripe.page(session["url"])[1].replace("\N{NO-BREAK SPACE}", " ")
    stripe.pay(session["url"])
    attempt = apply(Attempt.objects.get(), at=clock.now())

    quote = Quote.objects.get()
    entry = now(device).journal.get(step="complete_buyout")
    amount = {"SEK": "1423.50", "EUR": "1423.50", "JPY": "1424", "ISK": "1424"}[currency]
    assert quote.total == attempt.amount == Decimal(amount)
    assert (quote.currency, attempt.currency, session["currency"].upper()) == (currency,) * 3
    assert {"SEK": "SEK 1,423.50", "EUR": "€1,423.50", "JPY": "¥1,424", "ISK": "ISK 1,424"}[currency] in stripes_page
    assert session["amount_total"] == attempt.amount_minor == {"JPY": 1424}.get(currency, int(Decimal(amount) * 100))
    assert (entry.details["amount"], entry.details["currency"]) == (amount, currency)
    with translation.override("en"):
        in_words = money(Decimal(amount), currency)
        assert entry.sentence == f"The buy-out was paid: {in_words}."
    _subject, text, html = as_read(letters("bought")[0])
    assert in_words in text
    assert in_words in html


def as_read(letter):
    words = render(letter)
    return words.subject, words.text, words.html


def test_whoever_bought_it_reads_what_comes_next(at_their_desk, stripe):
    device = a_bought_device(at_their_desk, stripe, a_person(language="en"))
    browser = at_their_desk(device.holder)
    for address in (device.get_absolute_url(), f"{device.get_absolute_url()}?tab=lifecycle"):
        page = browser.get(address).content.decode()
        assert "Keep using it for work until the new one has come." in page
        assert "That is final." in page
    assert browser.get(f"/devices/{device.ref}/start_buyout/").status_code == 409
    assert browser.post(f"/devices/{device.ref}/start_buyout/", {"understood": "on"}).status_code == 409
    assert browser.post(f"/devices/{device.ref}/turn_back/").status_code == 409
    assert now(device).status == "bought_by_employee"


def test_a_store_that_another_device_shuts_is_not_promised_to_be_open(at_their_desk, stripe):
    ebba = a_person("Ebba", "Bäckman", language="en")
    an_external_device_in_its_window(ebba, name="Fairphone 5")
    device = a_bought_device(at_their_desk, stripe, ebba)

    page = at_their_desk(ebba).get(f"{device.get_absolute_url()}?tab=lifecycle").text
    for read in (page, *as_read(letters("bought")[0])[1:]):
        assert "Phones: Shut until you start the process for your Fairphone 5." in read
        assert "it is open for you" not in read


def test_what_was_bought_waits_for_its_release_and_is_not_said_to_be_returned(at_their_desk, stripe):
    device = a_bought_device(at_their_desk, stripe)
    desk = at_their_desk(an_admin(language="en"))
    overview, listed = desk.get("/").text, desk.get("/renewals/awaiting-release/").text

    assert "Awaiting release" in overview
    assert "Returned, awaiting" not in overview
    assert device.serial in listed
    assert "waits until its buyer has the new one" in listed


def test_an_admin_releases_it_and_it_is_theirs(at_their_desk, stripe):
    device = a_bought_device(at_their_desk, stripe)
    holder, nils = device.holder, an_admin()

    answer = at_their_desk(nils).post(f"/devices/{device.ref}/release_bought/", {"version": device.version})

    device = now(device)
    assert answer.status_code == 303
    assert device.status == "bought_out"
    assert [letter.person for letter in letters("released_to_you")] == [holder]
    assert device.contract.closed_on == date(2026, 11, 22)
    assert device.name not in at_their_desk(holder).get("/devices/").content.decode()
    assert all_is_well() == []


def test_after_the_release_the_payment_leads_to_no_page_that_is_gone(at_their_desk, stripe):
    device = a_bought_device(at_their_desk, stripe)
    holder, [attempt] = device.holder, attempts(device)
    assert device.get_absolute_url() in at_their_desk(holder).get(attempt.get_absolute_url()).text

    device.release_bought(by=an_admin())

    page = at_their_desk(holder).get(attempt.get_absolute_url()).text
    assert device.get_absolute_url() not in page
    assert 'btn-block" href="/"' in page


# Not paid


def test_turning_back_opens_the_choice_again(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    browser = at_their_desk(device.holder)
    go_to_payment(browser, device)

    answer = browser.post(f"/devices/{device.ref}/turn_back/")

    assert answer.status_code == 303
    assert now(device).status == "active"
    assert [session["status"] for session in stripe.sessions()] == ["expired"]
    assert [attempt.state for attempt in attempts(device)] == ["expired"]
    go_to_payment(browser, device)
    assert now(device).status == "pending_buyout"
    assert len(stripe.sessions()) == 2


def test_turning_back_after_paying_is_too_late(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    browser = at_their_desk(device.holder)
    go_to_payment(browser, device)
    stripe.pay(attempts(device)[0].session_url)
    browser.post(f"/devices/{device.ref}/turn_back/")
    assert now(device).status == "bought_by_employee"
    assert all_is_well() == []


def test_a_page_that_expires_leaves_the_preliminary_choice_as_it_was(at_their_desk, stripe, at):
    at("2026-10-01T08:00")
    device = a_leased_device_at_its_final_stage()
    device.prefer_return(by=device.holder)
    at("2026-11-22T08:00")
    go_to_payment(at_their_desk(device.holder), device)
    [attempt] = attempts(device)
    stripe.expire(attempt.session_id)
    apply(attempt, at=clock.now())

    assert now(device).status == "preliminary_return"
    entry = now(device).journal.last()
    assert (entry.step, entry.details["why"]) == ("abandon_buyout", "expired")
    assert not letters("bought")


def test_a_card_that_is_refused_can_be_tried_again(at_their_desk, stripe):
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device)
    [attempt] = attempts(device)
    with pytest.raises(Declined):
        stripe.pay(attempt.session_url, card=DECLINED)
    apply(attempt, at=clock.now())
    assert now(device).status == "pending_buyout"
    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())
    assert now(device).status == "bought_by_employee"


def test_a_renewal_date_that_passes_meanwhile_returns_nothing(at_their_desk, stripe, at, run):
    at("2026-12-13T20:00")
    device = a_leased_device_at_its_final_stage()
    go_to_payment(at_their_desk(device.holder), device)
    at("2026-12-14T09:00")
    run("sweep")
    assert now(device).status == "pending_buyout"
    [attempt] = attempts(device)
    stripe.pay(attempt.session_url)
    apply(attempt, at=clock.now())
    assert now(device).status == "bought_by_employee"


def test_whoever_waits_for_a_payment_finds_it_on_the_first_page(at_their_desk):
    device = a_leased_device_at_its_final_stage(a_person(language="en"))
    browser = at_their_desk(device.holder)
    go_to_payment(browser, device)
    assert f"Pay for your {device}" in browser.get("/").content.decode()
    page = browser.get(f"{device.get_absolute_url()}?tab=lifecycle").content.decode()
    assert "Go on and pay 1,423.50\N{NO-BREAK SPACE}SEK" in page
    assert "Call off the payment" in page
    page = at_their_desk(an_admin()).get(f"{device.get_absolute_url()}?tab=lifecycle").content.decode()
    assert "was about to pay" in page
    assert "Call off the payment" not in page
