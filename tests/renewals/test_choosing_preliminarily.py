"""From three months before to one month before, the holder of a leased device says what they would rather do: at will,
without being bound."""

from datetime import date

import pytest

from assets.models import Device
from renewals.models import Policy, Renewal
from renewals.sweep import sweep
from tests.making import a_device, a_person, an_admin, an_external_device
from tests.renewals.making import (
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
)
from tests.renewals.test_the_link import LINK, opened, the_link
from velory.clock import local_date
from velory.journal.reason import NotYours, Refused

STEPS = ["prefer_buyout", "prefer_return"]


def why_not(device, step, by=None, **details):
    """The code of the reason why a step is refused; nothing of it was saved."""
    before = Device.objects.get(pk=device.pk)
    with pytest.raises(Refused) as refused:
        getattr(device, step)(by=by or device.holder, **details)
    after = Device.objects.get(pk=device.pk)
    assert (after.version, after.status, after.renewal_on) == (before.version, before.status, before.renewal_on)
    return refused.value.reason


def allow(**terms):
    Policy(pk=1, **terms).save()


@pytest.fixture
def ebba():
    return a_person("Ebba", "Bäckman", language="en")


# The step


def test_it_sets_the_status_and_stands_on_the_renewal(ebba, at):
    device = a_leased_device_at_its_preliminary_stage(ebba)

    device.prefer_buyout(by=ebba)

    renewal = Renewal.objects.get()
    assert device.status == "preliminary_buyout"
    assert (renewal.preliminary, renewal.preliminary_at, renewal.final) == ("buy_out", at.moment, "")


def test_it_is_changed_at_will(ebba):
    device = a_leased_device_at_its_preliminary_stage(ebba)

    for step in ("prefer_buyout", "prefer_return", "prefer_buyout", "prefer_return"):
        getattr(device, step)(by=ebba)

    assert device.status == "preliminary_return"
    assert Renewal.objects.get().preliminary == "return"


def test_an_admin_chooses_for_its_holder_and_the_journal_says_so(ebba):
    device = a_leased_device_at_its_preliminary_stage(ebba)

    entry = device.prefer_return(by=an_admin())

    assert entry.sentence == "Nils Wikström for Ebba Bäckman would rather return it (preliminary)."


@pytest.mark.parametrize("step", STEPS)
def test_a_colleague_has_no_say(step, ebba):
    device = a_leased_device_at_its_preliminary_stage(ebba)

    with pytest.raises(NotYours):
        getattr(device, step)(by=a_person())


# The days: each local date from R − 3 months on, up to R − 1 month


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize(
    ("moment", "code"),
    [
        ("2026-10-14T23:59", "window"), ("2026-10-15T00:00", None), ("2026-12-14T23:59", None),
        ("2026-12-15T00:00", "final_stage"), ("2027-01-15T12:00", "final_stage"), ("2027-06-01T12:00", "final_stage"),
    ],
)  # fmt: skip
def test_it_is_open_between_the_two_stages_by_local_date(step, moment, code, ebba, at):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    at(moment)

    if code:
        assert why_not(device, step).code == code
    else:
        getattr(device, step)(by=ebba)


@pytest.mark.parametrize("moment", ["2027-03-28T02:30", "2027-10-31T02:30", "2027-10-31T00:30", "2027-03-28T03:00"])
def test_the_hours_that_a_change_of_clocks_skips_or_repeats_belong_to_their_day(moment, ebba, at):
    day = date.fromisoformat(moment[:10])
    device = a_leased_device_at_its_preliminary_stage(ebba, renewal_on=date(day.year, day.month, day.day))
    device.edit(by=an_admin(), facts={"renewal_on": date(day.year + (day.month > 9), (day.month + 2) % 12 + 1, 28)})
    at(moment)
    assert local_date(at.moment) == day

    device.prefer_return(by=ebba)


def test_before_the_stage_it_says_from_when(ebba):
    device = a_device(ebba, leased=True, renewal_on=date(2027, 5, 31))

    reason = why_not(device, "prefer_return")

    assert (reason.text, reason.until) == ("This can be chosen from 28 February 2027.", date(2027, 2, 28))


# The path, and what the company allows


@pytest.mark.parametrize("make", [an_external_device, a_one_off_device_in_its_window])
@pytest.mark.parametrize("step", STEPS)
def test_other_paths_do_not_know_it(make, step, ebba, at_their_desk):
    device = make(ebba)

    assert why_not(device, step).hidden
    assert at_their_desk(ebba).get(f"/devices/{device.ref}/{step}/").status_code == 404


@pytest.mark.parametrize(("plan", "features"), [("starter", ["leased_end_of_life"]), ("pro", [])])
def test_without_the_plan_or_the_flag_it_leaves_no_trace(plan, features, ebba, nordvik, at_their_desk, monkeypatch):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    monkeypatch.setattr(nordvik, "plan", plan)
    monkeypatch.setattr(nordvik, "features", features)

    assert why_not(device, "prefer_return").hidden
    assert why_not(device, "choose_return").hidden
    type(nordvik).objects.filter(pk=nordvik.pk).update(plan=plan, features=features)
    from velory.tenancy.routing import forget_hosts

    forget_hosts()
    browser = at_their_desk(ebba)
    assert browser.get(f"/devices/{device.ref}/prefer_return/").status_code == 404
    page = browser.get(f"/devices/{device.ref}/?tab=lifecycle").text
    assert "prefer_return" not in page
    assert "preliminary choice" not in page


@pytest.mark.parametrize(("step", "allows"), [("prefer_buyout", "leased_buyout"), ("prefer_return", "leased_return")])
def test_what_the_company_does_not_offer_is_refused_in_words(step, allows, ebba):
    allow(**{allows: False})
    device = a_leased_device_at_its_preliminary_stage(ebba)

    assert why_not(device, step).code == "not_allowed"


def test_a_lease_without_a_known_price_is_not_asked_to_be_bought_out(ebba):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    device.edit(by=an_admin(), contract={"residual_percent": None})

    reason = why_not(device, "prefer_buyout")

    assert reason.code == "price_missing"
    assert str(reason.who) == "an admin"


@pytest.mark.parametrize("step", STEPS)
def test_a_device_under_repair_waits(step, ebba):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    device.report_fault(by=ebba, fault="It is wet")

    assert why_not(device, step).code == "status"


# Who has it, and until when


def test_a_new_holder_is_asked_for_their_own(ebba, at):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    device.prefer_buyout(by=ebba)
    sven = a_person("Sven", "Wikström", language="en")

    device.assign(by=an_admin(), to=sven)

    assert [(row.stage, row.person) for row in sweep(at("2026-11-22T08:00")).sent] == [("leased_3_months", sven)]
    assert Renewal.objects.get().preliminary == ""
    with pytest.raises(NotYours):
        device.prefer_return(by=ebba)
    device.prefer_return(by=sven)
    assert Renewal.objects.get().preliminary == "return"


def test_what_came_back_from_repair_has_said_nothing(ebba):
    nils = an_admin()
    device = a_leased_device_at_its_preliminary_stage(ebba)
    device.prefer_buyout(by=ebba)
    device.remove(by=nils, why="Lost")

    device.restore(by=nils)

    assert (device.status, Renewal.objects.get().preliminary) == ("active", "")


# On the device's page


def lifecycle(browser, device):
    return browser.get(f"/devices/{device.ref}/?tab=lifecycle").text


def test_the_page_shows_both_with_the_estimated_value_and_says_that_it_binds_nothing(ebba, at_their_desk):
    device = a_leased_device_at_its_preliminary_stage(ebba)

    page = lifecycle(at_their_desk(ebba), device)

    assert "Make a preliminary choice" in page
    assert "Estimated value 1,423.50\N{NO-BREAK SPACE}SEK" in page
    assert "It binds you to nothing" in page
    assert "until the final choice is asked for, on 15 December 2026" in page
    for step in STEPS:
        assert f'action="/devices/{device.ref}/{step}/"' in page


def test_choosing_on_the_page_stays_there_and_marks_it(ebba, at_their_desk):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    browser = at_their_desk(ebba)

    answer = browser.post(f"/devices/{device.ref}/prefer_buyout/", {"version": device.version})
    page = lifecycle(browser, device)

    assert (answer.status_code, answer.url) == (303, f"/devices/{device.ref}/?tab=lifecycle")
    assert "Your preliminary choice since 22 November 2026" in page
    assert "prefer_buyout/" not in page
    assert "prefer_return/" in page
    assert "The lease of your" not in browser.get("/").text


def test_what_is_not_offered_has_no_button_and_one_sentence(ebba, at_their_desk):
    allow(leased_buyout=False)
    device = a_leased_device_at_its_preliminary_stage(ebba)

    page = lifecycle(at_their_desk(ebba), device)

    assert "prefer_buyout" not in page
    assert "Estimated value" not in page
    assert "Your company does not offer to buy it out." in page


def test_what_is_missing_stands_where_the_button_would(ebba, at_their_desk):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    device.edit(by=an_admin(), contract={"residual_percent": None})

    page = lifecycle(at_their_desk(ebba), device)

    assert "prefer_buyout/" not in page
    assert "The residual percent is missing." in page


def test_a_stale_page_takes_nothing_back(ebba, at_their_desk):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    browser = at_their_desk(ebba)
    browser.post(f"/devices/{device.ref}/prefer_buyout/", {"version": device.version})

    late = browser.post(f"/devices/{device.ref}/prefer_return/", {"version": device.version})

    assert late.status_code == 409
    assert Device.objects.get().status == "preliminary_buyout"


def test_the_preliminary_form_after_the_final_stage_has_opened_is_refused(ebba, at_their_desk, at):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    at("2026-12-15T00:00")

    answer = at_their_desk(ebba).post(f"/devices/{device.ref}/prefer_return/", {"version": device.version})

    assert answer.status_code == 409
    assert "Since 15 December 2026 the final choice is asked for" in answer.text
    assert Device.objects.get().status == "active"


@pytest.mark.parametrize("step", STEPS)
def test_nobody_else_finds_it(step, ebba, at_their_desk):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    gone = a_person("Sven", "Wikström")
    Device.objects.filter(pk=device.pk).update(last_holder=gone)

    for who in (a_person(), gone, a_person(role="manager")):
        assert at_their_desk(who).post(f"/devices/{device.ref}/{step}/", {}).status_code == 404
    assert Device.objects.get().status == "active"


# Behind the link


@pytest.mark.parametrize(
    ("step", "status"), [("prefer_buyout", "preliminary_buyout"), ("prefer_return", "preliminary_return")]
)
def test_the_link_takes_a_preliminary_choice_without_signing_in(step, status, ebba, at, browser):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    link = the_link(at)

    answer = press(browser, link, step, device.version)

    assert (answer.status_code, answer.url) == (303, link)
    assert Device.objects.get().status == status
    assert Device.objects.get().journal.last().by_name == "Ebba Bäckman"
    assert "Your preliminary choice since 22 November 2026" in opened(browser, link).text


def test_behind_the_link_it_can_be_changed_at_will(ebba, at, browser):
    a_leased_device_at_its_preliminary_stage(ebba)
    link = the_link(at)

    for step in ("prefer_buyout", "prefer_return", "prefer_buyout"):
        assert press(browser, link, step, Device.objects.get().version).status_code == 303

    assert Device.objects.get().status == "preliminary_buyout"


def test_a_scanner_that_did_not_open_the_page_chooses_nothing(ebba, at, client):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    link = the_link(at)

    assert client.post(f"{link}prefer_buyout/", {"version": device.version}).status_code == 403
    assert client.get(f"{link}prefer_buyout/").status_code in {200, 404, 405}

    assert Device.objects.get().status == "active"


def test_behind_the_link_too_late_is_said_on_the_page_itself(ebba, at, browser):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    link = the_link(at)
    opened(browser, link)
    at("2026-12-15T08:00")

    answer = press(browser, link, "prefer_buyout", device.version)

    assert answer.status_code == 409
    assert "Make your final choice" in answer.text
    assert Device.objects.get().status == "active"


@pytest.fixture
def browser():
    from tests.conftest import Browser

    return Browser(HTTP_HOST="nordvik.localhost", enforce_csrf_checks=True)


def press(browser, link, step, version):
    import re

    page = opened(browser, link)
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text).group(1)
    return browser.post(f"{link}{step}/", {"csrfmiddlewaretoken": token, "version": version})


# The letter


def test_the_letter_names_both_with_price_and_consequence(ebba, at):
    from django.core import mail

    a_leased_device_at_its_preliminary_stage(ebba)

    the_link(at)

    letter = mail.outbox[-1]
    assert letter.subject == "The lease of your Apple iPhone 15 128 GB is coming to its end"
    text = " ".join(letter.body.split())
    assert (
        "BUY-OUT: ESTIMATED VALUE 1,423.50\N{NO-BREAK SPACE}SEK INCLUDING VAT".replace("\N{NO-BREAK SPACE}", " ")
        in text
    )
    assert "RETURN: COSTS YOU NOTHING" in text
    assert "on 15 December 2026" in text
    assert "can't be made here yet" not in text
    assert LINK.search(letter.body)


def test_at_a_terminated_persons_hands_nothing_is_chosen(ebba, at_their_desk):
    device = a_leased_device_at_its_preliminary_stage(ebba)
    browser = at_their_desk(ebba)
    type(ebba).objects.filter(pk=ebba.pk).update(is_active=False)

    answer = browser.post(f"/devices/{device.ref}/prefer_return/", {"version": device.version})

    assert answer.status_code in {302, 403, 404}
    assert Device.objects.get().status == "active"
