"""An own device can be kept for six more months, by hand or of its own accord; months count from the original date."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from django.core.management import call_command

from assets.models import Device
from renewals.audit import audit
from renewals.choices.keeping import KEEPING, keep_by_default, put_next_keeping
from renewals.models import Policy, Renewal
from renewals.sweep import sweep
from tests.making import a_device, a_person, a_space, an_admin, an_external_device
from tests.renewals.making import DUE, a_leased_device_at_its_final_stage, a_one_off_device_in_its_window, ledger
from tests.renewals.test_choosing_preliminarily import lifecycle, why_not
from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.invariants import findings


@pytest.fixture
def ebba():
    return a_person("Ebba", "Bäckman", language="en")


@pytest.fixture
def kept_by_default():
    Policy(pk=1, keep_by_default=True).save()
    put_next_keeping(clock.now())  # as on the day on which the company was opened


def kept(device, moment, by=None):
    device.keep(by=by or device.holder, at=clock.local(moment, time(12)))
    return device.renewal_on


# By hand


def test_six_months_are_counted_from_the_renewal_date_and_not_from_today(ebba, at):
    device = a_one_off_device_in_its_window(ebba)
    at("2027-02-20T12:00")

    entry = device.keep(by=ebba)

    assert (device.status, device.renewal_on) == ("active", date(2027, 6, 14))
    assert entry.sentence == "Ebba Bäckman kept it until 14 June 2027."
    assert (Renewal.objects.get().renewal_on, Renewal.objects.get().final) == (DUE, "keep")


def test_kept_twice_it_is_a_year_from_the_original_date(ebba):
    device = a_one_off_device_in_its_window(ebba, renewal_on=date(2027, 8, 31))

    assert kept(device, date(2027, 8, 20)) == date(2028, 2, 29)
    assert kept(device, date(2028, 2, 20)) == date(2028, 8, 31)
    assert kept(device, date(2028, 8, 20)) == date(2029, 2, 28)
    assert kept(device, date(2029, 2, 20)) == date(2029, 8, 31)
    assert Renewal.objects.decided().count() == 4


def test_a_date_that_an_admin_sets_is_an_original_date(ebba):
    device = a_one_off_device_in_its_window(ebba, renewal_on=date(2027, 8, 31))
    kept(device, date(2027, 8, 20))
    device.edit(by=an_admin(), facts={"renewal_on": date(2028, 2, 28)})

    assert kept(device, date(2028, 2, 20)) == date(2028, 8, 28)


def test_what_was_kept_is_asked_about_again_at_its_stage(ebba, at):
    device = a_one_off_device_in_its_window(ebba)

    device.keep(by=ebba)

    assert ledger(device) == [
        ("one_off_30_days", ebba, "voided", "date_moved"), ("one_off_30_days", ebba, "planned", ""),
    ]  # fmt: skip
    assert sweep(at("2026-11-22T08:00")).sent == []
    assert [row.renewal_on for row in sweep(at("2027-05-15T08:00")).sent] == [date(2027, 6, 14)]


def test_leased_and_external_devices_are_not_kept(ebba):
    for device in (a_leased_device_at_its_final_stage(ebba), an_external_device(ebba, renewal_on=DUE)):
        assert why_not(device, "keep").hidden


def test_before_its_stage_it_says_from_when(ebba):
    device = a_device(ebba, renewal_on=date(2027, 6, 30))

    assert why_not(device, "keep").until == date(2027, 5, 31)


def test_the_page_asks_and_says_until_when(ebba, at_their_desk):
    device = a_one_off_device_in_its_window(ebba)
    browser = at_their_desk(ebba)

    choices = lifecycle(browser, device)
    page = browser.get(f"/devices/{device.ref}/keep/").text
    answer = browser.post(f"/devices/{device.ref}/keep/", {"version": device.version})

    assert "Keep device" in choices
    assert "You keep using it until 14 June 2027, then you are asked again." in choices
    assert "Without an answer the choice stays open, also after 14 December 2026." in choices
    assert "Keep your Apple iPhone 15 128 GB until 14 June 2027?" in page
    assert (answer.status_code, Device.objects.get().renewal_on) == (303, date(2027, 6, 14))


def test_keeping_twice_from_one_page_keeps_once(ebba, at_their_desk):
    device = a_one_off_device_in_its_window(ebba)
    browser = at_their_desk(ebba)

    codes = [browser.post(f"/devices/{device.ref}/keep/", {"version": device.version}).status_code for _ in range(2)]

    assert codes == [303, 409]
    assert Device.objects.get().renewal_on == date(2027, 6, 14)


# Of its own accord


def nights(first, last, at):
    """Every night's work, as the agenda would have it done."""
    day = first
    while day <= last:
        book.dispatch(at=at(datetime.combine(day, time(0), ZoneInfo("Europe/Stockholm"))), apart_too=True)
        day += timedelta(days=1)


def test_on_the_renewal_date_it_is_kept_where_the_company_has_set_that(ebba, kept_by_default, at):
    device = a_one_off_device_in_its_window(ebba)

    nights(date(2026, 12, 12), date(2026, 12, 13), at)
    assert Device.objects.get().renewal_on == DUE
    nights(DUE, DUE, at)

    device = Device.objects.get()
    assert device.renewal_on == date(2027, 6, 14)
    assert device.journal.last().role == "system"
    assert device.journal.last().sentence == "Velory kept it until 14 June 2027."


def test_doing_it_twice_keeps_once(ebba, kept_by_default, at):
    a_one_off_device_in_its_window(ebba)

    assert len(keep_by_default(at("2026-12-14T00:00"))) == 1
    assert keep_by_default(at.moment) == []
    assert Device.objects.get().renewal_on == date(2027, 6, 14)


def test_what_was_slept_through_is_kept_from_the_original_date(ebba, kept_by_default, at):
    a_one_off_device_in_its_window(ebba, renewal_on=date(2025, 8, 31))

    keep_by_default(at("2026-12-14T00:00"))

    assert Device.objects.get().renewal_on == date(2027, 2, 28)
    assert Device.objects.get().journal.filter(step="keep").count() == 3


def test_where_it_is_not_set_the_device_waits(ebba, at):
    a_one_off_device_in_its_window(ebba)

    assert keep_by_default(at("2027-03-01T00:00")) == []


def test_what_its_holder_decided_before_stands(ebba, kept_by_default, at):
    device = a_one_off_device_in_its_window(ebba)
    device.choose_return(by=ebba)

    assert keep_by_default(at("2026-12-14T00:00")) == []
    assert Device.objects.get().status == "return_pending"


def test_a_promise_to_ask_is_kept_when_the_company_changes_its_mind(ebba, at, at_their_desk):
    device = a_one_off_device_in_its_window(ebba)
    sweep(at("2026-11-22T08:00"))
    later = a_one_off_device_in_its_window(ebba, renewal_on=date(2027, 3, 1), category="computers")
    from tests.renewals.test_the_policy import settings_form

    at_their_desk(an_admin()).post("/settings/", settings_form(keep_by_default="on"))

    keep_by_default(at("2027-03-01T00:00"))
    assert Device.objects.get(pk=device.pk).renewal_on == DUE
    assert Device.objects.get(pk=later.pk).renewal_on == date(2027, 9, 1)


def test_a_device_in_a_space_or_with_nobody_is_kept_too(kept_by_default, at):
    a_device(a_space(), renewal_on=DUE)
    a_device(renewal_on=DUE)

    assert len(keep_by_default(at("2026-12-14T00:00"))) == 2


def test_leased_and_external_devices_stay_as_they_are(ebba, kept_by_default, at):
    a_leased_device_at_its_final_stage(ebba)
    an_external_device(ebba, renewal_on=DUE)

    assert keep_by_default(at("2027-03-01T00:00")) == []


def test_each_night_puts_the_next_on_the_agenda(kept_by_default, at):
    for _n in range(2):
        night = Due.objects.get(company__slug="nordvik", kind=KEEPING).due_at
        assert night.astimezone(ZoneInfo("Europe/Stockholm")).time() == time(0)
        book.dispatch(at=at(night), apart_too=True)
        assert Due.objects.get(company__slug="nordvik", kind=KEEPING).due_at > night


def test_the_nightly_look_puts_it_on_the_agenda_where_it_is_missing(at):
    book.drop(KEEPING, "daily")

    audit(at("2026-11-23T03:00"))

    assert Due.objects.get(company__slug="nordvik", kind=KEEPING).due_at == at("2026-11-24T00:00")


def test_who_is_told_reads_what_becomes_of_it_without_an_answer(ebba, kept_by_default, at, at_their_desk):
    from django.core import mail

    device = a_one_off_device_in_its_window(ebba)
    sweep(at("2026-11-22T08:00"))
    book.dispatch(at=at.moment)
    words = "Without an answer before 14 December 2026 it is kept until 14 June 2027."

    assert words in " ".join(mail.outbox[-1].body.split())
    assert words in lifecycle(at_their_desk(ebba), device)


def test_what_was_leased_when_its_holder_chose_preliminarily_is_not_said_to_be_kept(
    ebba, kept_by_default, at, at_their_desk
):
    device = a_leased_device_at_its_final_stage(ebba)
    device.prefer_return(by=ebba, at=at("2026-10-01T12:00"))
    at("2026-11-22T08:00")
    device.edit(by=an_admin(), contract={"closed_on": date(2026, 11, 22)})

    assert "Without an answer the choice stays open, also after 14 December 2026." in lifecycle(
        at_their_desk(ebba), device
    )
    assert keep_by_default(at("2026-12-14T00:00")) == []


def test_the_cost_of_a_night_follows_what_is_kept(ebba, kept_by_default, at, django_assert_num_queries):
    for number in range(6):
        a_one_off_device_in_its_window(ebba, renewal_on=DUE + relativedelta(months=number + 1))

    with django_assert_num_queries(3):
        assert keep_by_default(at("2026-12-14T00:00")) == []


def test_every_invariant_holds_afterwards(ebba, kept_by_default, at):
    a_one_off_device_in_its_window(ebba)
    keep_by_default(at("2026-12-14T00:00"))

    assert findings() == []
    call_command("verify_journal")
