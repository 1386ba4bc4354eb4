"""From one month before on, also after the renewal date: the final choice is made once, on a page of its own, and never
taken from what was preferred."""

import re
from datetime import date

import pytest

from assets.gate import may_order
from assets.models import Device
from renewals.models import Policy, Renewal
from tests.conftest import Browser
from tests.making import a_device, a_person, a_space, an_admin, an_external_device
from tests.renewals.making import (
    a_bought_device,
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    sellers,
)
from tests.renewals.test_choosing_preliminarily import lifecycle, why_not
from velory.journal.reason import NotYours

FINAL = {"choose_return": "to_return", "start_buyout": "pending_buyout"}
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


# The step


def test_a_return_is_decided_once_and_stands_on_the_renewal(ebba, at):
    device = a_leased_device_at_its_final_stage(ebba)

    device.choose_return(by=ebba)

    renewal = Renewal.objects.get()
    assert device.status == "to_return"
    assert (renewal.final, renewal.final_at, renewal.preliminary) == ("return", at.moment, "")


def test_an_own_device_that_goes_back_waits_for_its_successor(ebba):
    device = a_one_off_device_in_its_window(ebba)

    device.choose_return(by=ebba)

    assert (device.status, Renewal.objects.get().final) == ("return_pending", "return")


def test_a_buyout_is_decided_when_it_is_paid_and_not_before(ebba, at_their_desk, stripe):
    sellers(stripe)
    device = a_bought_device(at_their_desk, stripe, ebba)

    assert (device.status, Renewal.objects.get().final) == ("bought_by_employee", "buy_out")


def test_a_buyout_that_was_begun_is_no_final_choice(ebba, stripe):
    sellers(stripe)
    device = a_leased_device_at_its_final_stage(ebba)
    device.start_buyout(by=ebba)
    assert not Renewal.objects.decided().exists()

    device.abandon_buyout(by=None)
    device.choose_return(by=ebba)

    assert Renewal.objects.get().final == "return"


@pytest.mark.parametrize("before", ["", "prefer_buyout", "prefer_return"])
@pytest.mark.parametrize("step", FINAL)
def test_it_is_free_whatever_was_preferred(before, step, ebba, stripe, at):
    sellers(stripe)
    device = a_leased_device_at_its_preliminary_stage(ebba)
    if before:
        getattr(device, before)(by=ebba)
    at("2026-12-15T08:00")

    getattr(device, step)(by=ebba)

    assert device.status == FINAL[step]


def test_nobody_buys_a_device_for_somebody_else(ebba, stripe):
    sellers(stripe)
    device = a_leased_device_at_its_final_stage(ebba)

    with pytest.raises(NotYours):
        device.start_buyout(by=an_admin())


def test_an_admin_returns_it_for_its_holder_and_the_journal_says_so(ebba):
    device = a_leased_device_at_its_final_stage(ebba)

    assert device.choose_return(by=an_admin()).sentence == "Nils Wikström for Ebba Bäckman decided to return it."


# The days


@pytest.mark.parametrize("step", FINAL)
@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-10-15T00:00", "window"), ("2026-12-14T23:59", "window"), ("2026-12-15T00:00", None),
        ("2027-01-15T12:00", None), ("2027-01-16T00:00", None), ("2029-01-01T12:00", None),
    ],
)  # fmt: skip
def test_it_is_open_from_a_month_before_without_an_end(step, moment, code, ebba, stripe, at):
    sellers(stripe)
    device = a_leased_device_at_its_preliminary_stage(ebba)
    at(moment)

    if code:
        assert why_not(device, step).code == code
    else:
        getattr(device, step)(by=ebba)


@pytest.mark.parametrize(("moment", "code"), [("2026-11-13T23:59", "window"), ("2026-11-14T00:00", None)])
def test_an_own_device_is_asked_about_from_thirty_days_before(moment, code, ebba, at):
    device = a_one_off_device_in_its_window(ebba)
    at(moment)

    if code:
        assert why_not(device, "choose_return").code == code
    else:
        device.choose_return(by=ebba)


def test_the_external_path_does_not_know_it(ebba, at_their_desk):
    device = an_external_device(ebba, renewal_on=date(2026, 12, 14))

    for step in (*FINAL, "keep"):
        assert why_not(device, step).hidden
        assert at_their_desk(ebba).get(f"/devices/{device.ref}/{step}/").status_code == 404


@pytest.mark.parametrize(
    ("make", "allows", "step"),
    [
        (a_leased_device_at_its_final_stage, "leased_return", "choose_return"),
        (a_leased_device_at_its_final_stage, "leased_buyout", "start_buyout"),
        (a_one_off_device_in_its_window, "one_off_return", "choose_return"),
        (a_one_off_device_in_its_window, "one_off_buyout", "start_buyout"),
        (a_one_off_device_in_its_window, "one_off_keep", "keep"),
    ],
)
def test_what_the_company_does_not_offer_is_refused(make, allows, step, ebba, stripe):
    sellers(stripe)
    Policy(pk=1, **{allows: False}).save()
    device = make(ebba)

    assert why_not(device, step).code == "not_allowed"


@pytest.mark.parametrize("where", ["needs_repair", "removed", "to_return", "return_pending"])
def test_elsewhere_in_its_life_nothing_is_chosen(where, ebba):
    nils = an_admin()
    device = (a_one_off_device_in_its_window if where == "return_pending" else a_leased_device_at_its_final_stage)(ebba)
    if where == "needs_repair":
        device.report_fault(by=ebba, fault="It is wet")
    elif where == "removed":
        device.remove(by=nils, why="Lost")
    else:
        device.choose_return(by=ebba)
    assert device.status == where

    assert why_not(device, "choose_return", by=nils).code == "status"


# It can't be changed


def test_a_final_choice_is_refused_to_change_in_words(ebba, at_their_desk, stripe):
    sellers(stripe)
    device = a_leased_device_at_its_final_stage(ebba)
    browser = at_their_desk(ebba)
    confirm(browser, device)
    device = Device.objects.get()

    for step in ("choose_return", "prefer_return", "prefer_buyout", "keep"):
        for answer in (
            browser.get(f"/devices/{device.ref}/{step}/"),
            browser.post(f"/devices/{device.ref}/{step}/", {"version": device.version, "understood": "on"}),
        ):
            assert answer.status_code in {404, 409}, step
    answer = browser.post(f"/devices/{device.ref}/choose_return/", {"version": device.version, "understood": "on"})
    assert "The final choice was made on 22 November 2026: return. It can&#x27;t be changed." in answer.text
    assert browser.get(f"/devices/{device.ref}/start_buyout/").status_code == 409
    assert browser.post(f"/devices/{device.ref}/start_buyout/", {"understood": "on"}).status_code == 409
    assert Device.objects.get().status == "to_return"
    assert Renewal.objects.get().final == "return"


def test_both_choices_from_two_tabs_are_one(ebba, at_their_desk, stripe):
    sellers(stripe)
    device = a_leased_device_at_its_final_stage(ebba)
    one, other = at_their_desk(ebba), at_their_desk(ebba)
    pages = [
        tab.get(f"/devices/{device.ref}/{step}/").text
        for tab, step in ((one, "choose_return"), (other, "start_buyout"))
    ]
    fields = [dict(re.findall(r'name="(version|seen)" value="([^"]*)"', page)) for page in pages]

    first = one.post(f"/devices/{device.ref}/choose_return/", fields[0] | {"understood": "on"})
    second = other.post(f"/devices/{device.ref}/start_buyout/", fields[1] | {"understood": "on"})

    assert (first.status_code, second.status_code) == (303, 409)
    assert Device.objects.get().status == "to_return"


def test_pressing_twice_decides_once(ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)
    browser = at_their_desk(ebba)
    fields = {"version": device.version, "understood": "on"}

    codes = [browser.post(f"/devices/{device.ref}/choose_return/", fields).status_code for _ in range(2)]

    assert codes == [303, 409]
    assert device.journal.filter(step="choose_return").count() == 1


# Whose it is


def test_nobody_else_finds_it(ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)
    fields = {"version": device.version, "understood": "on"}

    for who in (a_person(), a_person(role="manager")):
        assert at_their_desk(who).get(f"/renewals/{device.ref}/choice/?choice=return").status_code == 404
        assert at_their_desk(who).post(f"/devices/{device.ref}/choose_return/", fields).status_code == 404
    assert Device.objects.get().status == "active"


def test_a_form_that_was_filled_in_before_the_device_changed_hands_is_worth_nothing(ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)
    fields = {"version": device.version, "understood": "on"}
    browser = at_their_desk(ebba)
    device.assign(by=an_admin(), to=a_person("Sven", "Wikström"))

    assert browser.post(f"/devices/{device.ref}/choose_return/", fields).status_code == 404
    assert Device.objects.get().status == "active"


@pytest.mark.parametrize("body", ['{"understood": "on"}', "", "[]", "understood"])
def test_a_body_that_is_no_form_decides_nothing(body, ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)

    answer = at_their_desk(ebba).post(f"/devices/{device.ref}/choose_return/", body, content_type="application/json")

    assert answer.status_code == 422
    assert Device.objects.get().status == "active"


@pytest.mark.parametrize("method", ["get", "head"])
def test_reading_the_last_page_decides_nothing(method, ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)

    for _n in range(3):
        answer = getattr(at_their_desk(ebba), method)(f"/devices/{device.ref}/choose_return/?understood=on")
        assert answer.status_code == 200

    assert Device.objects.get().version == device.version


def test_a_device_in_a_space_is_decided_about_by_an_admin(at_their_desk):
    device = a_device(a_space(), leased=True, renewal_on=date(2026, 12, 14))
    desk = at_their_desk(an_admin())

    page = lifecycle(desk, device)
    assert "Nobody has the device, so an admin chooses." in page
    assert "Nobody has it, and only its holder can buy it out." in page

    assert confirm(desk, device).status_code == 303
    assert Device.objects.get().status == "to_return"


# On the page


def test_the_page_shows_both_with_price_and_consequences(ebba, at_their_desk, stripe):
    sellers(stripe)
    device = a_leased_device_at_its_final_stage(ebba)

    page = lifecycle(at_their_desk(ebba), device)

    assert "Make your final choice" in page
    assert f"1,423.50{NBSP}SEK" in page
    assert "How the buy-out price is worked out" in page
    assert "You pay 3 Step IT with your own card. The company doesn&#x27;t pay any part." in page
    assert "A return label comes by mail within 24 hours on weekdays." in page
    assert "without an answer the choice stays open, and the store shut" in page
    assert len(re.findall(r'type="radio"', page)) == 2
    assert " checked" not in "".join(re.findall(r"<input class=\"radio.*?>", page))


def test_what_was_preferred_is_marked_and_waits_for_the_answer(ebba, at_their_desk, stripe, at):
    sellers(stripe)
    device = a_leased_device_at_its_preliminary_stage(ebba)
    device.prefer_return(by=ebba)
    at("2026-12-15T08:00")

    page = lifecycle(at_their_desk(ebba), device)

    assert re.findall(r'value="(\w+)" required checked', page) == ["return"]
    assert "Your preliminary choice on 22 November 2026: it is marked here and waits for your answer." in page
    assert Device.objects.get().status == "preliminary_return"


def test_a_shut_option_says_why_and_cannot_be_marked(ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)

    page = lifecycle(at_their_desk(ebba), device)  # nobody takes money yet

    assert re.findall(r'type="radio" name="choice" value="(\w+)"', page) == ["return"]
    assert "Not now." in page


def test_continuing_leads_to_the_last_page_of_what_is_marked(ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)
    browser = at_their_desk(ebba)
    to = {"return": "choose_return", "buy_out": "start_buyout", "keep": "keep"}

    for choice, step in to.items():
        assert browser.get(f"/renewals/{device.ref}/choice/?choice={choice}").url == f"/devices/{device.ref}/{step}/"
    assert browser.get(f"/renewals/{device.ref}/choice/?choice=remove").url == f"/devices/{device.ref}/?tab=lifecycle"
    assert "Mark one of the choices first." in lifecycle(browser, device)


def test_the_last_page_says_what_happens_and_wants_a_tick(ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)
    browser = at_their_desk(ebba)

    page = browser.get(f"/devices/{device.ref}/choose_return/").text
    untouched = browser.post(f"/devices/{device.ref}/choose_return/", {"version": device.version})

    assert "Return your Apple iPhone 15 128 GB?" in page
    assert "Do not send it back yet." in page
    assert "I understand that this choice is final." in page
    assert untouched.status_code == 422
    assert "Tick the box to say that you understand." in untouched.text
    assert Device.objects.get().status == "active"


def test_after_it_the_page_says_what_was_decided_and_the_store_is_open(ebba, at_their_desk):
    device = a_leased_device_at_its_final_stage(ebba)
    browser = at_their_desk(ebba)
    assert may_order(ebba, device.category, today=date(2026, 11, 22)).code == "renewal"

    answer = confirm(browser, device)
    page = lifecycle(browser, device)

    assert answer.url == f"/devices/{device.ref}/?tab=lifecycle"
    assert "Final choice on 22 November 2026: Return." in page
    assert may_order(ebba, device.category, today=date(2026, 11, 22)) is None


def test_the_device_page_costs_the_same_for_one_stage_as_for_another(
    ebba, at_their_desk, django_assert_max_num_queries
):
    for make in (
        a_leased_device_at_its_preliminary_stage,
        a_leased_device_at_its_final_stage,
        a_one_off_device_in_its_window,
    ):
        device = make(ebba)
        browser = at_their_desk(ebba)
        lifecycle(browser, device)
        with django_assert_max_num_queries(40):
            lifecycle(browser, device)
