"""What is due goes out in the morning, one letter a person, each reminder once: whoever sweeps, and however often."""

from datetime import date

import pytest
from django.core import mail

from renewals.audit import audit
from renewals.models import Policy, Reminder
from renewals.sweep import sweep
from tests.making import a_device, a_person, a_space, an_admin, an_external_device
from tests.renewals.making import (
    DUE,
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
    ledger,
    states,
)
from velory.agenda import book
from velory.agenda.models import Due
from velory.people.models import Person
from velory.post.models import Letter, MailSettings


def due_at():
    return Due.objects.get(company__slug="nordvik", kind="renewals.letters").due_at


def templates():
    return list(
        Letter.objects.filter(template__startswith="renewals/").order_by("pk").values_list("template", flat=True)
    )


# The morning's letter


@pytest.mark.parametrize(
    ("make", "template"),
    [
        (an_external_device_in_its_window, "renewals/external_30_days"),
        (a_leased_device_at_its_preliminary_stage, "renewals/leased_3_months"),
        (a_leased_device_at_its_final_stage, "renewals/leased_1_month"),
        (a_one_off_device_in_its_window, "renewals/one_off_30_days"),
    ],
)
def test_a_single_device_gets_its_stages_letter(make, template, at):
    device = make(a_person())

    run = sweep(at("2026-11-22T08:00"))

    [letter] = Letter.objects.filter(template=template)
    [row] = run.sent
    assert (row.device, row.state, row.letter_key) == (device, "sent", letter.key)
    assert letter.key == f"renewals/2026-11-22/{device.holder.ref}"
    assert templates() == [template]


def test_several_devices_of_one_person_stand_in_one_letter(at):
    ebba = a_person("Ebba", "Bäckman")
    an_external_device_in_its_window(ebba)
    a_leased_device_at_its_final_stage(ebba)
    a_one_off_device_in_its_window(ebba)

    sweep(at("2026-11-22T08:00"))

    assert templates() == ["renewals/several"]
    assert len(set(Reminder.objects.sent().values_list("letter_key", flat=True))) == 1
    assert Reminder.objects.sent().count() == 3


def test_running_it_again_sends_nothing(at):
    an_external_device_in_its_window()
    sweep(at("2026-11-22T08:00"))

    for moment in ("2026-11-22T08:00", "2026-11-22T12:00", "2026-11-23T08:00", "2026-12-24T08:00"):
        assert sweep(at(moment)).sent == []

    assert len(templates()) == 1


def test_what_becomes_due_after_the_morning_letter_waits_for_the_next(at):
    ebba = a_person("Ebba", "Bäckman")
    an_external_device_in_its_window(ebba)
    sweep(at("2026-11-22T08:00"))
    at("2026-11-22T10:00")
    second = a_one_off_device_in_its_window(ebba)

    assert sweep(at("2026-11-22T10:05")).sent == []
    assert due_at() == at("2026-11-23T08:00")

    assert [row.device for row in sweep(at("2026-11-23T08:00")).sent] == [second]
    assert templates() == ["renewals/external_30_days", "renewals/one_off_30_days"]


@pytest.mark.parametrize("moment", ["2026-11-22T07:59", "2026-11-22T20:00", "2026-11-22T03:00"])
def test_nothing_goes_out_at_night(moment, at):
    an_external_device_in_its_window()

    assert sweep(at(moment)).sent == []

    assert templates() == []
    assert due_at() == at("2026-11-22T08:00" if moment < "2026-11-22T08" else "2026-11-23T08:00")


def test_a_sunday_is_a_morning_like_any_other(at):
    an_external_device_in_its_window(renewal_on=date(2026, 12, 22))

    assert at("2026-11-22T08:00").strftime("%A") == "Sunday"
    assert len(sweep(at.moment).sent) == 1


@pytest.mark.parametrize(("renewal_on", "morning", "utc"), [
    (date(2027, 4, 27), "2027-03-28T08:00", 6),  # the night in which 02:30 does not exist
    (date(2026, 11, 24), "2026-10-25T08:00", 7),  # the night in which 02:30 comes twice
])  # fmt: skip
def test_eight_o_clock_is_eight_o_clock_when_the_clocks_change(renewal_on, morning, utc, at):
    at("2026-09-01T12:00")
    an_external_device(a_person(), renewal_on=renewal_on)
    assert due_at() == at(morning)
    assert at.moment.hour == utc

    assert book.dispatch(at=at.moment) >= 1
    assert book.dispatch(at=at.moment) >= 0

    assert [row.state for row in Reminder.objects.all()] == ["sent"]


def test_the_agenda_leads_from_one_morning_to_the_next(at):
    an_external_device(a_person(), renewal_on=date(2026, 12, 22))
    an_external_device(a_person(), renewal_on=date(2027, 6, 30))

    sweep(at("2026-11-22T08:00"))
    assert due_at() == at("2027-05-31T08:00")

    sweep(at("2027-05-31T08:00"))
    assert not Due.objects.filter(company__slug="nordvik", kind="renewals.letters").exists()


def test_more_people_than_fit_one_run_follow_at_once(at):
    for _ in range(5):
        an_external_device_in_its_window()

    run = sweep(at("2026-11-22T08:00"), most=2)

    assert (len(run.sent), run.goes_on) == (2, True)
    assert due_at() == at.moment
    assert len(sweep(at.moment).sent) == 3


def test_what_goes_wrong_with_one_delays_nobody(at, monkeypatch):
    from renewals import sweep as module

    poison, *others = [an_external_device_in_its_window() for _ in range(6)]
    write = module.write_letter

    def write_or_fail(template, *, person, **facts):
        if person == poison.holder:
            raise ValueError("poison")
        return write(template, person=person, **facts)

    monkeypatch.setattr(module, "write_letter", write_or_fail)
    run = sweep(at("2026-11-22T08:00"))

    assert {row.device for row in run.sent} == set(others)
    assert ledger(poison) == [("external_30_days", poison.holder, "failed", "fault")]


# After a pause


@pytest.mark.parametrize(
    ("back", "told"),
    [("2027-02-28T09:00", "leased_3_months"), ("2027-03-01T20:30", None), ("2027-04-14T08:00", "leased_3_months")],
)
def test_a_sweep_that_slept_sends_what_it_would_have_sent(back, told, at):
    device = a_device(a_person(), leased=True, renewal_on=date(2027, 5, 31))

    run = sweep(at(back))

    assert [row.stage for row in run.sent] == ([told] if told else [])
    assert ("leased_1_month", "planned") in states(device)


def test_after_six_weeks_only_the_newest_stage_of_a_device_goes_out(at):
    device = a_device(a_person(), leased=True, renewal_on=date(2027, 5, 31))

    run = sweep(at("2027-05-02T08:00"))

    assert [row.stage for row in run.sent] == ["leased_1_month"]
    assert states(device) == [("leased_1_month", "sent"), ("leased_3_months", "superseded")]
    assert len(templates()) == 1


# Asked once more, right before


def change(device, **facts):
    """A fact that changed without anybody noticing."""
    type(device).objects.filter(pk=device.pk).update(**facts)


def test_somebody_who_left_over_night_is_not_written_to(at):
    an_admin()
    device = an_external_device_in_its_window()
    Person.objects.filter(pk=device.holder.pk).update(last_day_on=date(2026, 11, 21))

    run = sweep(at("2026-11-22T08:00"))

    assert [row.reason for row in run.settled] == ["person_left"]
    assert [row.recipient_key for row in run.sent] == ["admins"]


@pytest.mark.parametrize(
    ("facts", "outcome"),
    [
        ({"renewal_on": date(2027, 12, 14)}, ("voided", "date_moved")),
        ({"renewal_on": None}, ("voided", "date_removed")),
        ({"holder": None}, ("voided", "holder_changed")),
        ({"distributor": None}, ("voided", "path_changed")),
    ],
)
def test_what_no_longer_holds_is_not_sent(facts, outcome, at):
    device = an_external_device_in_its_window()
    holder = device.holder
    change(device, **facts)

    run = sweep(at("2026-11-22T08:00"))

    assert (holder not in [row.person for row in run.sent]) is True
    assert ("external_30_days", holder, *outcome) in ledger(device)


def test_a_choice_that_was_made_meanwhile_needs_no_letter(at):
    device = a_leased_device_at_its_preliminary_stage()
    device.prefer_return(by=device.holder)

    assert sweep(at("2026-11-22T08:00")).sent == []

    assert ("leased_3_months", device.holder, "skipped", "choice_made") in ledger(device)
    assert ("leased_1_month", "planned") in states(device)


def test_the_final_choice_is_asked_for_after_a_preliminary_one(at):
    device = a_leased_device_at_its_final_stage()
    raw_status(device, "preliminary_return")

    assert [row.stage for row in sweep(at("2026-11-22T08:00")).sent] == ["leased_1_month"]


def raw_status(device, status):
    """The status as a step would leave it."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("UPDATE assets_device SET status = %s, version = version + 1 WHERE id = %s", [status, device.pk])


def test_the_company_may_switch_the_reminder_for_own_devices_off(at):
    Policy(pk=1, one_off_reminder=False).save()
    own, external = a_one_off_device_in_its_window(), an_external_device_in_its_window()

    sweep(at("2026-11-22T08:00"))

    assert ledger(own) == [("one_off_30_days", own.holder, "skipped", "reminder_off")]
    assert states(external) == [("external_30_days", "sent")]


def test_what_was_held_back_by_a_switch_stays_back(at):
    MailSettings(pk=1, mail_to_employees=False).save()
    device = an_external_device_in_its_window()
    sweep(at("2026-11-22T08:00"))
    assert ledger(device) == [("external_30_days", device.holder, "skipped", "mail_off")]

    MailSettings.objects.update(mail_to_employees=True)
    audit(at("2026-11-23T03:00"))
    sweep(at("2026-11-23T08:00"))

    assert ledger(device) == [("external_30_days", device.holder, "skipped", "mail_off")]


# The admins


def test_every_admin_hears_of_a_device_that_nobody_else_can_be_told_about(at):
    nils, orjan = an_admin(), an_admin(first_name="Örjan", last_name="Jensen")
    in_a_space = an_external_device(a_space(), by=nils, renewal_on=DUE)
    own = an_external_device_in_its_window(orjan, by=nils)

    run = sweep(at("2026-11-22T08:00"))

    assert {row.device for row in run.sent} == {in_a_space, own}
    assert templates() == ["renewals/several", "renewals/several"]
    assert set(Letter.objects.values_list("person", flat=True)) == {nils.pk, orjan.pk}
    assert Reminder.objects.get(recipient_key="admins").letter_key == f"renewals/2026-11-22/{nils.ref}"


def test_without_an_admin_who_can_be_written_to_the_ledger_says_so(at):
    device = an_external_device(a_space(), by=an_admin(email=None), renewal_on=DUE)

    assert sweep(at("2026-11-22T08:00")).sent == []

    assert ledger(device) == [("external_30_days", "admins", "skipped", "no_admin")]


# The letters themselves


def sent_at(moment, at):
    sweep(at(moment))
    book.dispatch(at=at.moment)
    return mail.outbox


def test_a_letter_speaks_the_recipients_language(at):
    swede, other = a_person(language="sv"), a_person(language="en")
    an_external_device_in_its_window(other)
    an_external_device_in_its_window(swede)

    letters = {letter.to[0]: letter for letter in sent_at("2026-11-22T08:00", at)}

    assert len(letters) == 2
    english = next(text for to, text in letters.items() if other.email in to)
    assert english.subject == "Your Apple iPhone 15 128 GB is up for renewal"
    assert "The renewal date is 14 December 2026." in english.body
    assert "You need to act. The only step here is Start the process." in english.body.replace("\n", " ")
    assert english.body.count("http://nordvik.localhost/l/") + english.body.count("https://nordvik.localhost/l/") == 1


def test_a_letter_about_several_devices_has_a_link_for_each(at):
    ebba = a_person("Ebba", "Bäckman", language="en")
    an_external_device_in_its_window(ebba)
    a_leased_device_at_its_final_stage(ebba)

    [letter] = sent_at("2026-11-22T08:00", at)

    assert letter.subject == "2 of your devices are due for renewal"
    assert letter.body.count("/l/") == 2
    assert "It can't be changed afterwards" in letter.body.replace("\n", " ")


def test_a_letter_is_not_sent_when_everything_changed_on_its_way(at):
    nils, ebba, orjan = an_admin(), a_person("Ebba", "Bäckman"), a_person()
    device = an_external_device_in_its_window(ebba)
    sweep(at("2026-11-22T08:00"))

    device.assign(by=nils, to=orjan)
    book.dispatch(at=at.moment)

    assert [letter.to for letter in mail.outbox] == []
    assert Letter.objects.get(person=ebba).state == "voided"
    audit(at("2026-11-23T03:00"))
    assert ledger(device)[0] == ("external_30_days", ebba, "skipped", "letter_voided")


def test_a_letter_that_cannot_be_delivered_is_noted_in_the_ledger(at):
    device = an_external_device_in_its_window()
    sweep(at("2026-11-22T08:00"))
    Letter.objects.filter(person=device.holder).update(state="failed")

    audit(at("2026-11-23T03:00"))

    assert ledger(device) == [("external_30_days", device.holder, "failed", "letter_failed")]
