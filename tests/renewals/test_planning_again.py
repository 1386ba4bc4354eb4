"""Whatever changes, at whichever stage, what is owed is planned again: one test for each arrow."""

from datetime import date

import pytest

from assets.models import Device
from renewals.decision import decision_about
from renewals.models import Policy, Reminder, Renewal
from renewals.sweep import sweep
from renewals.terms import change_policy, terms_of
from tests.making import a_device, a_lessor, a_person, an_admin, an_external_distributor
from tests.renewals.making import ledger, states
from velory import clock

R = date(2027, 5, 31)  # 28 February and 30 April open its stages
BEFORE, PRELIMINARY, FINAL = "2026-12-01T12:00", "2027-03-10T12:00", "2027-05-10T12:00"
MOMENTS = {
    "before": BEFORE,
    "preliminary": PRELIMINARY,
    "chosen": PRELIMINARY,
    "final": FINAL,
    "chosen and final": FINAL,
}


def at_the_stage(stage, at):
    """A leased phone as it is at a stage: told of each that opened, its preliminary choice made or not."""
    at("2026-12-01T08:00")
    ebba = a_person("Ebba", "Bäckman")
    device = a_device(ebba, leased=True, renewal_on=R)
    if stage != "before":
        sweep(at("2027-02-28T08:00"))
    if stage.startswith("chosen"):
        device.prefer_buyout(by=ebba, at=at("2027-03-05T08:00"))
    if stage.endswith("final"):
        sweep(at("2027-04-30T08:00"))
    at(MOMENTS[stage])
    return Device.objects.get()


def waiting():
    return sorted(Reminder.objects.planned().values_list("stage", "send_on", "recipient_key"))


def kind(device):
    return decision_about(Device.objects.get(pk=device.pk), by=device.holder, at=clock.now()).kind


# The renewal date


@pytest.mark.parametrize("stage", MOMENTS)
def test_moving_the_date_far_ahead_closes_the_stage_and_plans_both_anew(stage, at):
    device = at_the_stage(stage, at)

    device.edit(by=an_admin(), facts={"renewal_on": date(2028, 5, 31)})

    assert waiting() == [
        ("leased_1_month", date(2028, 4, 30), device.holder.ref),
        ("leased_3_months", date(2028, 2, 29), device.holder.ref),
    ]
    assert kind(device) == "later"
    for row in Reminder.objects.filter(renewal_on=R):
        assert (row.state, row.reason) in {("sent", ""), ("voided", "date_moved"), ("superseded", "superseded"),
                                           ("skipped", "choice_made")}  # fmt: skip


@pytest.mark.parametrize("stage", MOMENTS)
def test_moving_the_date_near_leaves_the_final_stage_alone(stage, at):
    device = at_the_stage(stage, at)
    near = {"before": date(2026, 12, 15)}.get(stage, date(2027, 3, 20) if at.moment.month == 3 else date(2027, 5, 20))

    device.edit(by=an_admin(), facts={"renewal_on": near})

    assert [row[0] for row in waiting()] == ["leased_1_month"]
    assert waiting()[0][1] == clock.today()
    assert kind(device) == "final"


@pytest.mark.parametrize("stage", ["preliminary", "chosen"])
def test_moving_the_date_within_the_stage_keeps_the_preliminary_choice(stage, at):
    device = at_the_stage(stage, at)

    device.edit(by=an_admin(), facts={"renewal_on": date(2027, 6, 7)})

    renewal = Renewal.objects.filter(renewal_on=date(2027, 6, 7)).first()
    if stage == "chosen":
        assert (renewal.preliminary, clock.local_date(renewal.preliminary_at)) == ("buy_out", date(2027, 3, 5))
        assert [row[0] for row in waiting()] == ["leased_1_month"]
    else:
        assert [row[0] for row in waiting()] == ["leased_1_month", "leased_3_months"]
    assert kind(device) == "preliminary"


def test_a_preliminary_choice_for_a_date_that_went_far_away_is_asked_for_anew(at):
    device = at_the_stage("chosen", at)
    device.edit(by=an_admin(), facts={"renewal_on": date(2028, 5, 31)})

    told = sweep(at("2028-02-29T08:00")).sent

    assert [row.stage for row in told] == ["leased_3_months"]
    assert Device.objects.get().status == "preliminary_buyout"


@pytest.mark.parametrize("stage", MOMENTS)
def test_taking_the_date_away_ends_it_all(stage, at):
    device = at_the_stage(stage, at)

    device.edit(by=an_admin(), facts={"renewal_on": None})

    assert waiting() == []
    assert kind(device) == "nothing"


# The holder


@pytest.mark.parametrize(
    ("stage", "told"),
    [("before", []), ("preliminary", ["leased_3_months"]), ("chosen", ["leased_3_months"]),
     ("final", ["leased_1_month"]), ("chosen and final", ["leased_1_month"])],
)  # fmt: skip
def test_a_new_holder_gets_the_stage_that_is_open_now(stage, told, at):
    device = at_the_stage(stage, at)
    sven = a_person("Sven", "Wikström")

    device.assign(by=an_admin(), to=sven)
    run = sweep(at.moment)

    assert [(row.stage, row.person) for row in run.sent] == [(each, sven) for each in told]
    assert not Reminder.objects.planned().filter(person__first_name="Ebba").exists()


@pytest.mark.parametrize("stage", MOMENTS)
def test_a_holder_who_leaves_is_owed_nothing_and_the_admins_are_told(stage, at):
    device = at_the_stage(stage, at)
    an_admin()
    ebba = device.holder
    ebba.last_day_on = date(2026, 11, 1)
    ebba.save()

    from renewals.planner import plan_afresh

    plan_afresh(Device.objects.all(), at=at.moment)

    assert {row[2] for row in waiting()} <= {"admins"}
    open_now = {"before": 2}.get(stage, 2 if stage == "preliminary" else 1)
    assert len(waiting()) == open_now


@pytest.mark.parametrize("stage", MOMENTS)
def test_taken_back_from_its_holder_the_admins_are_told(stage, at):
    device = at_the_stage(stage, at)

    device.unassign(by=an_admin())

    assert {row[2] for row in waiting()} == {"admins"}


# The contract, and with it the path


@pytest.mark.parametrize("stage", MOMENTS)
def test_a_lease_that_is_closed_makes_it_the_companys_own(stage, at):
    device = at_the_stage(stage, at)

    device.edit(by=an_admin(), contract={"closed_on": clock.today()})

    assert [row[:2] for row in waiting()] == [("one_off_30_days", max(date(2027, 5, 1), clock.today()))]
    assert {row.reason for row in Reminder.objects.filter(state="voided")} <= {"path_changed"}
    assert kind(device) == ("final" if at.moment.month == 5 else "later")


@pytest.mark.parametrize("stage", MOMENTS)
def test_a_device_that_becomes_leased_is_asked_as_leased_devices_are(stage, at):
    at("2026-12-01T08:00")
    device = a_device(a_person(), renewal_on=R)
    at(MOMENTS[stage])

    device.edit(by=an_admin(), contract={"provider": a_lessor(), "currency": "SEK"})

    wanted = {"before": ["leased_1_month", "leased_3_months"]}.get(stage)
    wanted = wanted or (["leased_1_month", "leased_3_months"] if at.moment.month == 3 else ["leased_1_month"])
    assert [row[0] for row in waiting()] == wanted
    assert ("one_off_30_days", "voided") in states(device)


@pytest.mark.parametrize("stage", MOMENTS)
def test_a_distributor_that_leaves_the_store_makes_it_external(stage, at):
    device = at_the_stage(stage, at)

    device.edit(by=an_admin(), facts={"distributor": an_external_distributor()})

    assert [row[0] for row in waiting()] == (["external_30_days"] if device.status == "active" else [])


@pytest.mark.parametrize("stage", MOMENTS)
def test_another_leasing_provider_changes_nothing_that_is_owed(stage, at):
    device = at_the_stage(stage, at)
    before = ledger(device)

    device.edit(by=an_admin(), contract={"provider": a_lessor("Grenke")})

    assert ledger(device) == before


# The policy


@pytest.mark.parametrize("stage", MOMENTS)
def test_a_policy_that_changes_counts_for_those_whose_stage_is_still_to_open(stage, at):
    device = at_the_stage(stage, at)

    change_policy(lambda: Policy.objects.filter(pk=1).update(leased_buyout=False), at=at.moment)

    assert terms_of(device).leased_buyout is (stage != "before")
    sweep(at("2027-06-01T08:00"))
    assert terms_of(Device.objects.get()).leased_buyout is (stage != "before")


def test_a_policy_changed_between_the_date_and_its_new_date_counts_for_the_new_one(at):
    device = at_the_stage("chosen", at)
    change_policy(lambda: Policy.objects.filter(pk=1).update(leased_return=False), at=at.moment)

    device.edit(by=an_admin(), facts={"renewal_on": date(2028, 5, 31)})
    assert terms_of(Device.objects.get()).leased_return is False

    Device.objects.get().edit(by=an_admin(), facts={"renewal_on": R})
    assert terms_of(Device.objects.get()).leased_return is True


# The choice itself


@pytest.mark.parametrize("stage", ["preliminary", "chosen"])
def test_a_preliminary_choice_leaves_the_final_letter_planned(stage, at):
    device = at_the_stage(stage, at)
    device.prefer_return(by=device.holder)

    assert waiting() == [("leased_1_month", date(2027, 4, 30), device.holder.ref)]


@pytest.mark.parametrize("stage", ["final", "chosen and final"])
def test_a_final_choice_ends_the_letters(stage, at):
    device = at_the_stage(stage, at)
    device.choose_return(by=device.holder)

    assert waiting() == []
    assert sweep(at("2027-06-30T08:00")).sent == []
