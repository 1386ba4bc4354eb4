"""What is owed follows from the facts: whatever changes, the ledger says who is told what, and why somebody is not."""

from datetime import date

import pytest

from assets.models import Contract, Partner
from renewals.audit import audit, out_of_line
from renewals.models import Reminder
from renewals.planner import plan, plan_afresh
from tests.making import a_device, a_person, a_space, an_admin, an_external_device, an_integrated_distributor
from tests.renewals.making import (
    DUE,
    a_leased_device_at_its_final_stage,
    a_leased_device_at_its_preliminary_stage,
    a_one_off_device_in_its_window,
    an_external_device_in_its_window,
    ledger,
    states,
)
from velory import clock
from velory.agenda.models import Due
from velory.journal.steps import follow


def next_letters():
    return Due.objects.get(company__slug="nordvik", kind="renewals.letters").due_at


def told(device):
    """As if a letter had told everything planned."""
    for row in Reminder.objects.of(device).planned():
        row.tell("some/letter", at=clock.now()).save()


# Known, planned


def test_a_registered_device_is_planned_at_once():
    ebba = a_person()

    device = an_external_device(ebba, renewal_on=date(2027, 6, 30))

    [row] = Reminder.objects.of(device)
    assert (row.stage, row.person, row.state, row.send_on) == ("external_30_days", ebba, "planned", date(2027, 5, 31))
    assert row.recipient_key == ebba.ref


def test_a_leased_device_is_owed_two_letters():
    device = a_device(a_person(), leased=True, renewal_on=date(2027, 5, 31))

    rows = Reminder.objects.of(device).order_by("send_on")
    assert [(row.stage, row.send_on) for row in rows] == [
        ("leased_3_months", date(2027, 2, 28)), ("leased_1_month", date(2027, 4, 30)),
    ]  # fmt: skip


def test_known_at_less_than_a_month_only_the_final_stage_goes_out():
    device = a_leased_device_at_its_final_stage()

    assert states(device) == [("leased_1_month", "planned"), ("leased_3_months", "superseded")]


def test_a_device_without_a_renewal_date_is_owed_nothing():
    assert ledger(a_device(a_person(), renewal_on=None)) == []


def test_a_device_that_is_long_overdue_is_told_once_all_the_same(at):
    at("2026-11-22T07:00")

    device = an_external_device_in_its_window(renewal_on=date(2024, 3, 1))

    assert Reminder.objects.of(device).get().send_on == date(2026, 11, 22)


def test_what_becomes_known_in_the_evening_goes_out_the_next_morning(at):
    at("2026-11-22T20:05")

    device = an_external_device_in_its_window()

    assert Reminder.objects.of(device).get().send_on == date(2026, 11, 23)
    assert next_letters() == at("2026-11-23T08:00")


def test_the_first_morning_stands_on_the_agenda(at):
    an_external_device(a_person(), renewal_on=date(2027, 6, 30))
    assert next_letters() == at("2027-05-31T08:00")

    at("2026-11-22T07:00")
    an_external_device(a_person(), renewal_on=date(2027, 3, 31))
    assert next_letters() == at("2027-03-01T08:00")


def test_what_is_open_already_goes_out_soon_and_never_at_night(at):
    now = at("2026-11-22T14:00")
    an_external_device_in_its_window()
    assert now < next_letters() <= at("2026-11-22T14:02")

    at("2026-11-22T05:00")
    an_external_device_in_its_window()
    assert next_letters() == at("2026-11-22T08:00")


# Who is told


def test_a_device_in_a_space_is_told_to_the_admins():
    device = an_external_device(a_space(), renewal_on=DUE)

    [row] = Reminder.objects.of(device)
    assert (row.recipient_key, row.person, row.why_admins) == ("admins", None, "The device stands in a space.")


def test_a_holder_without_an_address_is_told_through_the_admins():
    device = an_external_device(a_person(email=None), renewal_on=DUE)

    assert ledger(device) == [("external_30_days", "admins", "planned", "")]


def test_nobodys_device_is_told_to_the_admins():
    assert ledger(an_external_device(renewal_on=DUE)) == [("external_30_days", "admins", "planned", "")]


def test_somebody_who_has_left_is_not_told_and_the_admins_are():
    gone = a_person(last_day_on=date(2026, 11, 1))

    device = an_external_device(gone, renewal_on=DUE)

    assert ledger(device) == [
        ("external_30_days", gone, "skipped", "person_left"),
        ("external_30_days", "admins", "planned", ""),
    ]


# What changes


def test_moving_the_renewal_date_voids_what_was_not_sent_and_plans_anew(at):
    nils, ebba = an_admin(), a_person()
    device = an_external_device(ebba, renewal_on=date(2027, 6, 30))

    device.edit(by=nils, facts={"renewal_on": date(2027, 9, 30)})

    old, new = Reminder.objects.of(device).order_by("renewal_on")
    assert (old.state, old.reason) == ("voided", "date_moved")
    assert old.why == "The renewal date was moved to 30 September 2027."
    assert (new.state, new.send_on) == ("planned", date(2027, 8, 31))


def test_a_date_that_is_moved_back_is_planned_as_before():
    nils = an_admin()
    device = an_external_device(a_person(), renewal_on=date(2027, 6, 30))

    device.edit(by=nils, facts={"renewal_on": date(2027, 9, 30)})
    device.edit(by=nils, facts={"renewal_on": date(2027, 6, 30)})

    june, september = Reminder.objects.of(device).order_by("renewal_on")
    assert (june.state, june.reason, june.settled_at, june.send_on) == ("planned", "", None, date(2027, 5, 31))
    assert september.state == "voided"


def test_taking_the_renewal_date_away_voids_everything():
    device = a_leased_device_at_its_preliminary_stage()

    device.edit(by=an_admin(), facts={"renewal_on": None})

    assert {(state, why) for _stage, _who, state, why in ledger(device)} == {("voided", "date_removed")}


def test_what_was_sent_stays_sent_when_the_date_moves():
    device = an_external_device_in_its_window()
    told(device)

    device.edit(by=an_admin(), facts={"renewal_on": date(2026, 12, 15)})

    assert [row.state for row in Reminder.objects.of(device).order_by("renewal_on")] == ["sent", "planned"]


def test_a_new_holder_gets_the_stage_that_is_open_now():
    ebba, orjan = a_person("Ebba", "Bäckman"), a_person()
    device = a_leased_device_at_its_final_stage(ebba)
    told(device)

    device.assign(by=an_admin(), to=orjan)

    assert ledger(device) == [
        ("leased_1_month", ebba, "sent", ""),
        ("leased_1_month", orjan, "planned", ""),
        ("leased_3_months", ebba, "superseded", "superseded"),
        ("leased_3_months", orjan, "superseded", "superseded"),
    ]


def test_the_old_holder_is_not_told_any_more():
    ebba, orjan = a_person("Ebba", "Bäckman"), a_person()
    device = an_external_device_in_its_window(ebba)

    device.assign(by=an_admin(), to=orjan)

    assert ledger(device) == [
        ("external_30_days", ebba, "voided", "holder_changed"),
        ("external_30_days", orjan, "planned", ""),
    ]


def test_going_from_one_to_the_other_and_back_owes_each_of_them_one_letter():
    nils, ebba, orjan = an_admin(), a_person("Ebba", "Bäckman"), a_person()
    device = an_external_device_in_its_window(ebba)
    told(device)

    device.assign(by=nils, to=orjan)
    device.assign(by=nils, to=ebba)

    assert ledger(device) == [
        ("external_30_days", ebba, "sent", ""),
        ("external_30_days", orjan, "voided", "holder_changed"),
    ]


def test_a_device_that_nobody_has_any_more_is_the_admins_and_back():
    nils, ebba = an_admin(), a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)

    device.unassign(by=nils)
    assert ledger(device) == [
        ("external_30_days", ebba, "voided", "holder_changed"),
        ("external_30_days", "admins", "planned", ""),
    ]

    device.assign(by=nils, to=ebba)
    assert ledger(device) == [
        ("external_30_days", ebba, "planned", ""),
        ("external_30_days", "admins", "voided", "has_holder"),
    ]


def test_closing_the_contract_puts_the_device_on_another_path():
    device = a_leased_device_at_its_preliminary_stage()

    device.edit(by=an_admin(), contract={"closed_on": date(2026, 11, 20)})

    assert [(stage, state, why) for stage, _who, state, why in ledger(device)] == [
        ("leased_1_month", "voided", "path_changed"),
        ("leased_3_months", "voided", "path_changed"),
        ("one_off_30_days", "planned", ""),
    ]
    assert Contract.objects.get().closed_on


def test_another_distributor_puts_the_device_on_another_path():
    device = an_external_device_in_its_window()

    device.edit(by=an_admin(), facts={"distributor": an_integrated_distributor()})

    assert states(device) == [("external_30_days", "voided"), ("one_off_30_days", "planned")]


def test_a_distributor_that_joins_the_store_takes_its_devices_along(at):
    device = an_external_device_in_its_window()
    device.distributor.integrated = True
    device.distributor.save()

    follow(Partner, "edit", [device.distributor], at=at.moment)

    assert states(device) == [("external_30_days", "voided"), ("one_off_30_days", "planned")]


def test_removing_the_device_voids_everything():
    device = a_leased_device_at_its_preliminary_stage()

    device.remove(by=an_admin(), why="Lost")

    assert [(state, why) for _stage, _who, state, why in ledger(device)] == [("voided", "archived")] * 2


def test_a_restored_device_is_told_to_the_admins_until_somebody_has_it():
    nils, ebba = an_admin(), a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)

    device.remove(by=nils, why="Lost")
    device.restore(by=nils)

    assert ledger(device) == [
        ("external_30_days", ebba, "voided", "archived"),
        ("external_30_days", "admins", "planned", ""),
    ]


def test_a_started_process_needs_no_reminder():
    ebba = a_person()
    device = an_external_device_in_its_window(ebba)

    device.start_renewal(by=ebba)

    assert ledger(device) == [("external_30_days", ebba, "skipped", "choice_made")]


def test_a_cancelled_process_is_told_again_unless_it_was_told():
    nils, ebba = an_admin(), a_person()
    unsent, sent = an_external_device_in_its_window(ebba), an_external_device_in_its_window(ebba)
    told(sent)

    for device in (unsent, sent):
        device.start_renewal(by=ebba)
        device.withdraw_renewal(by=nils, why="Wrong device")

    assert states(unsent) == [("external_30_days", "planned")]
    assert states(sent) == [("external_30_days", "sent")]


def test_a_device_in_repair_waits_until_it_is_back():
    nils, ebba = an_admin(), a_person()
    device = an_external_device_in_its_window(ebba)

    device.report_fault(by=ebba, fault="Cracked screen")
    assert ledger(device) == [("external_30_days", ebba, "skipped", "in_repair")]

    device.remove(by=nils, why="Beyond repair")
    device.restore(by=nils)
    device.assign(by=nils, to=ebba)
    assert ledger(device)[0] == ("external_30_days", ebba, "planned", "")


def test_somebody_who_leaves_is_not_told_any_more(at):
    ebba = a_person()
    device = an_external_device_in_its_window(ebba)
    ebba.is_active = False
    ebba.save()

    follow(type(ebba), "leave", [ebba], at=at.moment)

    assert ledger(device) == [
        ("external_30_days", ebba, "skipped", "person_left"),
        ("external_30_days", "admins", "planned", ""),
    ]


def test_without_the_feature_the_leased_path_is_closed_and_open_again_with_it(nordvik, at):
    features = nordvik.features
    try:
        nordvik.features = ["store"]
        device = a_leased_device_at_its_final_stage()
        assert [(state, why) for _stage, _who, state, why in ledger(device)] == [("skipped", "feature_off")] * 2
    finally:
        nordvik.features = features

    audit(at.moment)

    assert states(device) == [("leased_1_month", "planned"), ("leased_3_months", "skipped")]


# Once, whoever plans and how often


def test_planning_twice_changes_nothing(at):
    devices = [
        a_leased_device_at_its_final_stage(),
        an_external_device_in_its_window(),
        a_one_off_device_in_its_window(),
    ]
    before = list(Reminder.objects.order_by("pk").values())

    assert plan(devices, at=at.moment) == []
    assert audit(at.moment) == []

    assert list(Reminder.objects.order_by("pk").values()) == before


def test_the_audit_finds_what_was_missed(at):
    device = an_external_device_in_its_window()
    Reminder.objects.all().delete()
    Due.objects.all().delete()
    assert out_of_line(type(device).objects.all(), at=at.moment) == [device.pk]

    [row] = audit(at.moment)

    assert (row.device, row.state) == (device, "planned")
    assert next_letters() == at("2026-11-22T08:00")


def test_a_planner_that_slept_plans_what_it_would_have_planned(at):
    device = a_device(a_person(), leased=True, renewal_on=date(2027, 5, 31))
    Reminder.objects.all().delete()
    at("2027-05-10T07:00")

    plan_afresh(type(device).objects.all(), at=at.moment)

    assert states(device) == [("leased_1_month", "planned"), ("leased_3_months", "superseded")]


@pytest.mark.parametrize("number", [1, 5])
def test_many_devices_cost_as_many_queries_as_one(number, at, django_assert_num_queries):
    devices = [an_external_device_in_its_window(renewal_on=date(2027, 6, 30)) for _ in range(number)]
    Reminder.objects.all().delete()
    fresh = list(type(devices[0]).objects.all())

    with django_assert_num_queries(6):
        assert len(plan(fresh, at=at.moment)) == number


# By the verbs that people use


def test_ending_somebodys_access_closes_what_they_were_to_get(at):
    nils, ebba = an_admin(), a_person("Ebba", "Bäckman")
    device = an_external_device_in_its_window(ebba)

    ebba.end_access(by=nils, at=at.moment)

    assert ledger(device) == [
        ("external_30_days", ebba, "skipped", "person_left"),
        ("external_30_days", "admins", "planned", ""),
    ]

    ebba.give_access(by=nils, at=at.moment)
    assert [state for _stage, _who, state, _why in ledger(device)] == ["planned", "voided"]


def test_a_partner_made_integrated_on_its_page_takes_its_devices_along(at_their_desk):
    device = an_external_device_in_its_window()
    partner = device.distributor
    form = {"name": partner.name, "distributes": "on", "integrated": "on", "language": "en", "email": partner.email}

    answer = at_their_desk(an_admin()).post(f"/partners/{partner.ref}/", form)

    assert answer.status_code == 302
    assert states(device) == [("external_30_days", "voided"), ("one_off_30_days", "planned")]


def test_a_device_that_gets_a_contract_is_leased_from_then_on():
    device = a_one_off_device_in_its_window()

    device.edit(by=an_admin(), contract={"number": "L-1", "months": 24, "currency": "SEK"})

    assert states(device) == [
        ("leased_1_month", "planned"), ("leased_3_months", "superseded"), ("one_off_30_days", "voided"),
    ]  # fmt: skip
