"""What holders and admins see of renewals."""

from datetime import date

import pytest
from django.core.management import call_command

from renewals.audit import audit
from renewals.models import Policy, Reminder
from renewals.sweep import sweep
from tests.making import a_device, a_person, a_space, an_admin, an_external_device
from tests.renewals.making import (
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
    ledger,
)
from velory.post.models import Letter

LISTS = ["", "awaiting-confirmation/", "awaiting-release/", "overdue/", "date-missing/"]


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


def test_home_asks_for_the_one_thing_that_waits(at_their_desk):
    ebba = a_person("Ebba", "Bäckman", language="en")
    device = an_external_device_in_its_window(ebba)

    page = at_their_desk(ebba).get("/").text

    assert "Your Apple iPhone 15 128 GB is up for renewal" in page
    assert f'href="/devices/{device.ref}/?tab=lifecycle"' in page
    assert "Shut until you start the process" in page


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (an_external_device_in_its_window, "The only step here is Start the process."),
        (a_leased_device_at_its_final_stage, "it can’t be changed once you have confirmed it on the next page"),
        (a_leased_device_at_its_preliminary_stage, "It binds you to nothing"),
        (a_one_off_device_in_its_window, "You keep using it until 14 June 2027, then you are asked again."),
    ],
)
def test_the_device_page_says_what_is_asked_and_when(make, words, at_their_desk):
    ebba = a_person("Ebba", "Bäckman", language="en")
    device = make(ebba)

    page = at_their_desk(ebba).get(f"/devices/{device.ref}/?tab=lifecycle").text

    assert words in page
    assert ("start_renewal/" in page) == (make is an_external_device_in_its_window)


def test_the_holder_starts_the_process_on_the_device_page(at_their_desk):
    ebba = a_person("Ebba", "Bäckman", language="en")
    device = an_external_device_in_its_window(ebba)
    browser = at_their_desk(ebba)

    answer = browser.post(f"/devices/{device.ref}/start_renewal/", {"version": device.version})
    page = browser.get(f"/devices/{device.ref}/?tab=lifecycle").text

    assert answer.status_code == 303
    assert "The process was started on 22 November 2026." in page
    assert "Process started" in page


def test_the_page_on_which_the_holder_lands_says_that_return_pending_is_expected(at_their_desk):
    ebba = a_person("Ebba", "Bäckman", language="en")
    device = an_external_device_in_its_window(ebba)
    browser = at_their_desk(ebba)
    expected = "The status “Return pending” is expected, also if you mean to buy the device out."

    before = browser.get(f"/devices/{device.ref}/").text
    browser.post(f"/devices/{device.ref}/start_renewal/", {"version": device.version})
    after = browser.get(f"/devices/{device.ref}/").text

    assert expected not in before
    assert expected in after
    assert "When your new device has come, transfer or delete your personal data on this one." in after


def test_the_page_after_the_start_does_not_promise_an_open_store_that_another_device_shuts(at_their_desk):
    ebba = a_person("Ebba", "Bäckman", language="en")
    started = an_external_device_in_its_window(ebba)
    an_external_device_in_its_window(ebba, name="Fairphone 5")
    started.start_renewal(by=ebba)

    page = at_their_desk(ebba).get(f"/devices/{started.ref}/?tab=lifecycle").text

    assert "Phones: Shut until you start the process for your Fairphone 5." in page
    assert "The store is open for you" not in page


def test_an_admin_sees_what_was_told_and_what_was_not(desk, at):
    device = a_leased_device_at_its_final_stage()
    sweep(at("2026-11-22T08:00"))

    page = desk.get(f"/devices/{device.ref}/?tab=lifecycle").text

    assert "A later stage was open already; only the newest goes out." in page
    assert "22 Nov 2026, 08:00" in page


@pytest.mark.parametrize("address", LISTS)
def test_the_lists_are_for_admins(address, at_their_desk):
    assert at_their_desk(a_person()).get(f"/renewals/{address}").status_code == 403


@pytest.mark.parametrize("address", LISTS)
def test_an_empty_list_says_that_all_is_done(address, desk):
    assert desk.get(f"/renewals/{address}").status_code == 200


def listed(desk, address):
    page = desk.get(f"/renewals/{address}")
    return {row.device for row in page.context["rows"]}


def test_each_device_stands_on_the_lists_it_belongs_to(desk):
    ebba, nils = a_person("Ebba", "Bäckman"), an_admin()
    external = an_external_device_in_its_window(ebba)
    leased = a_leased_device_at_its_preliminary_stage(ebba)
    own = a_one_off_device_in_its_window(ebba)
    late = an_external_device_in_its_window(ebba, renewal_on=date(2026, 6, 1))
    later = an_external_device(ebba, renewal_on=date(2027, 6, 30))
    undated = a_device(ebba, renewal_on=None)
    started = an_external_device_in_its_window(ebba)
    started.start_renewal(by=ebba)
    returned = an_external_device_in_its_window(ebba)
    returned.start_renewal(by=ebba)
    returned.confirm_return(by=nils)

    assert listed(desk, "") == {external, leased, own, late}
    assert listed(desk, "?path=leased") == {leased}
    assert listed(desk, "?q=" + external.serial) == {external}
    assert listed(desk, "awaiting-confirmation/") == {started}
    assert listed(desk, "awaiting-release/") == {returned}
    assert listed(desk, "overdue/") == {late}
    assert listed(desk, "date-missing/") == {undated}
    assert later.pk


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_whatever_its_length(number, desk, django_assert_max_num_queries):
    for _ in range(number):
        an_external_device_in_its_window()
        a_leased_device_at_its_final_stage()
    desk.get("/renewals/")

    with django_assert_max_num_queries(12):
        desk.get("/renewals/")


def test_the_overview_counts_what_waits(desk):
    ebba = a_person("Ebba", "Bäckman")
    an_external_device_in_its_window(ebba).start_renewal(by=ebba)
    an_external_device_in_its_window(ebba, renewal_on=date(2026, 6, 1))

    page = desk.get("/").text

    assert "Returns to confirm" in page
    assert "Renewal date passed, nothing decided" in page
    assert "released" not in page.lower().split("waiting for you")[1].split("fleet by status")[0]


def test_planned_mail_shows_each_reminder_with_its_day_and_a_preview(desk, at):
    ebba = a_person("Ebba", "Bäckman", language="sv")
    an_external_device(ebba, renewal_on=date(2027, 1, 14))
    an_external_device(a_space(), renewal_on=date(2027, 1, 20))
    an_external_device(ebba, renewal_on=date(2027, 9, 30))

    page = desk.get("/mail/planned/")

    assert page.text.count("/preview/") + page.text.count("/mail/planned/reminders/") == 2
    assert "15 Dec 2026, 08:00" in page.text
    row = Reminder.objects.in_order().first()
    preview = desk.get(f"/mail/planned/reminders/{row.ref}/")
    assert preview.status_code == 200
    assert "Apple iPhone 15 128 GB" in preview.text


def test_a_planned_letter_is_held_back_and_let_go(desk, at):
    device = an_external_device_in_its_window()
    row = Reminder.objects.of(device).get()

    desk.post(f"/renewals/reminders/{row.ref}/pause/")
    assert sweep(at("2026-11-22T08:00")).sent == []
    assert ledger(device)[0][2] == "paused"

    desk.post(f"/renewals/reminders/{row.ref}/resume/")
    assert len(sweep(at("2026-11-22T08:05")).sent) == 1


def test_a_planned_letter_is_sent_now(desk, at):
    at("2026-11-22T10:00")
    device = an_external_device(a_person(), renewal_on=date(2027, 6, 30))
    row = Reminder.objects.of(device).get()

    desk.post(f"/renewals/reminders/{row.ref}/send-now/")
    desk.post(f"/renewals/reminders/{row.ref}/send-now/")

    assert ledger(device)[0][2] == "sent"
    assert Letter.objects.filter(template="renewals/external_30_days").count() == 1
    assert sweep(at("2027-05-31T08:00")).sent == []


def test_a_letter_that_failed_is_sent_again_from_the_device(desk, at):
    at("2026-11-22T10:00")
    device = an_external_device_in_its_window()
    sweep(at.moment)
    Letter.objects.filter(person=device.holder).update(state="failed")
    audit(at("2026-11-23T03:00"))
    at("2026-11-23T10:00")
    assert "The letter could not be delivered." in desk.get(f"/devices/{device.ref}/?tab=lifecycle").text

    answer = desk.post(f"/renewals/reminders/{Reminder.objects.get().ref}/send-now/", {"back": "device"})

    assert answer.url == f"/devices/{device.ref}/?tab=lifecycle"
    assert ledger(device)[0][2] == "sent"
    assert Letter.objects.filter(template="renewals/external_30_days").count() == 2


def test_at_night_a_letter_sent_now_waits_for_eight(desk, at):
    at("2026-11-22T22:00")
    row = Reminder.objects.of(an_external_device(a_person(), renewal_on=date(2027, 6, 30))).get()

    desk.post(f"/renewals/reminders/{row.ref}/send-now/")

    assert Reminder.objects.get().send_on == date(2026, 11, 23)
    assert len(sweep(at("2026-11-23T08:00")).sent) == 1


def test_only_admins_change_planned_mail(at_their_desk):
    row = Reminder.objects.of(an_external_device_in_its_window()).get()

    assert at_their_desk(a_person()).post(f"/renewals/reminders/{row.ref}/pause/").status_code == 403


def test_the_reminder_for_own_devices_is_switched_off_in_the_settings(desk):
    assert "Device lifecycle" in desk.get("/settings/").text

    desk.post(
        "/settings/",
        {"section": "renewal_policy", "leased_return": "on", "one_off_return": "on", "quote_valid_days": "14"},
    )

    assert Policy.here().one_off_reminder is False


def test_what_is_switched_off_is_promised_nowhere(desk, at_their_desk):
    ebba = a_person("Ebba", "Bäckman", language="en")
    later = a_device(ebba, renewal_on=date(2027, 1, 20))
    page = f"{later.get_absolute_url()}?tab=lifecycle"
    assert "The first question comes on 21 December 2026, by mail and here." in at_their_desk(ebba).get(page).text
    assert "The company has switched this reminder off." not in desk.get("/mail/planned/").text

    Policy.objects.update_or_create(pk=1, defaults={"one_off_reminder": False})

    assert "comes on 21 December 2026, here and on the first page." in at_their_desk(ebba).get(page).text
    assert "The company has switched this reminder off." in desk.get("/mail/planned/").text


def test_every_invariant_holds_after_a_morning(at):
    an_admin()
    for make in (an_external_device_in_its_window, a_leased_device_at_its_final_stage, a_one_off_device_in_its_window):
        make(a_person())
    an_external_device(a_space(), renewal_on=date(2026, 12, 1))
    sweep(at("2026-11-22T08:00"))

    from velory.journal.invariants import findings

    assert [found for found in findings() if found[0].startswith("N")] == []
    call_command("reminders", company="nordvik")
