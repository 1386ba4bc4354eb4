"""A bulk change is planned, looked at, and applied exactly so; whatever has moved meanwhile is refused and named."""

from datetime import date

import pytest

from assets.bulk.applying import CHUNK, apply_all, apply_chunk
from assets.bulk.models import BulkChange
from assets.lifecycle import Status
from assets.models import Device, Holding
from tests.assets.bulk.making import a_bulk_change, a_fleet_of, an_undo, applied, reasons, verdicts
from tests.making import a_device, a_location, a_person, a_space, an_admin, an_external_distributor
from velory.journal.checking import verified
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.tenancy.context import inside


@pytest.fixture
def admin():
    return an_admin()


def latest(device):
    return Device.objects.get(pk=device.pk)


def entries_of(change):
    return Entry.objects.filter(about_type="assets.device", details__bulk=change.ref)


# Facts


def test_a_payor_is_set_and_who_has_it_already_stays(admin):
    one, two = a_device(payor="employee"), a_device(payor="company")
    change = a_bulk_change("payor", by=admin, payor="company")
    assert verdicts(change) == {one.ref: "changed", two.ref: "unchanged"}
    assert change.rows.get(ref=one.ref).changes == [["payor", "employee", "company"]]
    assert latest(one).payor == "employee"

    done = applied(change)
    assert done.state == "applied"
    assert done.outcome == {"changed": 1, "unchanged": 1, "refused": 0}
    assert latest(one).payor == "company"
    assert latest(two).version == two.version
    assert list(verified()) == []


def test_each_change_is_in_the_journal_once_with_the_reference(admin):
    devices = [a_device(payor="") for _ in range(3)]
    change = applied(a_bulk_change("payor", by=admin, payor="company", cost_centre="4200"))
    written = entries_of(change)
    assert sorted(entry.about_ref for entry in written) == sorted(device.ref for device in devices)
    assert {entry.step for entry in written} == {"set_payor"}
    assert {entry.by_ref for entry in written} == {admin.ref}


def test_left_empty_the_cost_centre_is_each_holder_s_own(admin):
    karin = a_person("Karin", "Ström", cost_centre="4100")
    device = a_device(karin, payor="")
    applied(a_bulk_change("payor", by=admin, payor="company"))
    assert latest(device).payor_cost_centre == "4100"


def test_a_renewal_date_is_set_and_moved_and_the_ledger_follows(admin, at):
    from renewals.models import Reminder

    device = a_device(a_person(), leased=True, renewal_on=date(2027, 1, 31))
    applied(a_bulk_change("move_renewal", by=admin, months="1"))
    assert latest(device).renewal_on == date(2027, 2, 28)
    assert set(Reminder.objects.filter(state="planned").values_list("renewal_on", flat=True)) == {date(2027, 2, 28)}


def test_a_date_before_the_purchase_is_refused_with_its_reason(admin):
    device = a_device(purchased_on=date(2026, 1, 10))
    none = a_device(renewal_on=None)
    change = a_bulk_change("renewal", by=admin, renewal_on="2025-12-31")
    assert reasons(change) == {device.ref: "That is before the purchase date, 10 January 2026."}
    change = a_bulk_change("move_renewal", by=admin, months="-3")
    assert reasons(change) == {none.ref: "It has no renewal date that could be moved."}


def test_a_distributor_is_set_and_taken_back(admin):
    atea = an_external_distributor()
    device = a_device()
    dustin = device.distributor
    change = applied(a_bulk_change("distributor", by=admin, distributor=atea.ref))
    assert latest(device).distributor == atea
    applied(an_undo(change))
    assert latest(device).distributor == dustin


# Hands


def test_devices_go_to_a_person_and_back_with_their_payor(admin):
    ebba, karin = a_person("Ebba", "Sjöberg"), a_person("Karin", "Ström")
    hers, nobodys = a_device(ebba, payor="employee"), a_device(payor="")
    change = applied(a_bulk_change("assign", by=admin, to=karin.email))
    assert {latest(hers).holder, latest(nobodys).holder} == {karin}
    assert latest(hers).payor == ""
    assert Holding.objects.filter(person=karin, until_at=None).count() == 2

    undo = an_undo(change)
    assert verdicts(undo) == {hers.ref: "changed", nobodys.ref: "changed"}
    applied(undo)
    assert (latest(hers).holder, latest(hers).payor) == (ebba, "employee")
    assert latest(nobodys).whose is None
    assert Holding.objects.filter(person=karin, until_at=None).count() == 0
    assert list(verified()) == []


def test_to_move_devices_to_a_location_is_to_assign_them_to_a_space_there(admin):
    room = a_space("Konferensrum Vinga")
    room.location = a_location("Göteborg")
    room.save()
    device = a_device()
    applied(a_bulk_change("assign_space", by=admin, to=str(room.pk)))
    assert latest(device).space == room


def test_nobody_gets_devices_back_who_has_left(admin):
    ebba = a_person("Ebba", "Sjöberg")
    device = a_device(ebba)
    change = applied(a_bulk_change("unassign", by=admin))
    ebba.is_active = False
    ebba.save()
    assert reasons(an_undo(change)) == {device.ref: "Ebba Sjöberg no longer works here."}


# Steps


def test_a_step_goes_through_its_own_guards(admin):
    active, gone = a_device(), a_device()
    gone.remove(by=admin, why="Lost")
    change = a_bulk_change("step.remove", by=admin, why="Sold")
    assert verdicts(change) == {active.ref: "changed", gone.ref: "refused"}
    assert reasons(change) == {gone.ref: "That can't be done now: the status is “Removed”."}
    applied(change)
    assert latest(active).status == Status.REMOVED
    assert entries_of(change).get().details["why"] == "Sold"


def test_what_was_removed_comes_back_to_whoever_had_it(admin):
    ebba = a_person("Ebba", "Sjöberg")
    device = a_device(ebba, payor="employee")
    undo = applied(an_undo(applied(a_bulk_change("step.remove", by=admin, why="Sold"))))
    assert undo.outcome["changed"] == 1
    back = latest(device)
    assert (back.status, back.holder, back.payor) == (Status.ACTIVE, ebba, "employee")
    assert list(verified()) == []


def test_a_final_step_has_no_way_back_and_says_so(admin):
    device = a_device(a_person())
    applied(a_bulk_change("step.remove", by=admin, why="Sold"))
    other = a_device(a_person(), leased=True, renewal_on=date(2026, 12, 1))
    other.choose_return(by=other.holder)
    change = applied(a_bulk_change("step.confirm_return", [other], by=admin))
    assert latest(other).status == Status.RETURNED
    undo = an_undo(change)
    assert reasons(undo) == {other.ref: "No step leads back to “Active - to be returned”."}
    assert latest(device).status == Status.REMOVED


# Notes


def test_a_note_stands_on_each_and_goes_again(admin):
    devices = [a_device(), a_device()]
    change = applied(a_bulk_change("note", by=admin, text="Inventory 2026"))
    assert [device.notes.get().text for device in devices] == ["Inventory 2026"] * 2
    applied(an_undo(change))
    assert [device.notes.count() for device in devices] == [0, 0]


# What is refused, and named


def test_what_has_moved_since_the_preview_is_refused_and_named(admin):
    moved, still = a_device(payor=""), a_device(payor="")
    change = a_bulk_change("payor", by=admin, payor="employee")
    moved.set_payor(by=admin, payor="company")
    done = applied(change)
    assert verdicts(done) == {moved.ref: "refused", still.ref: "changed"}
    assert reasons(done) == {moved.ref: "It has changed since the preview."}
    assert (latest(moved).payor, latest(still).payor) == ("company", "employee")
    assert done.outcome == {"changed": 1, "unchanged": 0, "refused": 1}


def test_among_five_hundred_the_foreign_the_missing_and_the_terminal_are_refused(admin, saimaa):
    with inside(saimaa):
        foreign = a_device()
    a_fleet_of(497, by=admin)
    terminal = a_device()
    terminal.remove(by=admin, why="Lost")
    change = a_bulk_change("payor", by=admin, payor="employee", missing=[foreign.ref, "D-NOSUCH"])
    assert change.counts == {"changed": 497, "unchanged": 0, "refused": 3}
    assert reasons(change) == {
        terminal.ref: "That can't be done now: the status is “Removed”.",
        foreign.ref: "No device here has this reference.", "D-NOSUCH": "No device here has this reference.",
    }  # fmt: skip

    done = applied(change)
    assert done.outcome == {"changed": 497, "unchanged": 0, "refused": 3}
    assert Device.objects.filter(payor="employee").count() == 497
    assert applied(an_undo(done)).outcome == {"changed": 497, "unchanged": 0, "refused": 0}
    assert Device.objects.filter(payor="company").count() == 498
    assert entries_of(change).count() == 497
    assert list(verified()) == []
    with inside(saimaa):
        assert Device.objects.get(pk=foreign.pk).version == foreign.version


def test_where_one_of_a_chunk_fails_the_others_are_changed_all_the_same(admin, monkeypatch):
    from velory.journal import steps

    bad, good = a_device(payor=""), a_device(payor="")

    def trips(devices, *, name, at):
        if any(device.pk == bad.pk for device in devices):
            raise ValueError("it is the thirteenth")

    monkeypatch.setitem(steps._followers, ("assets.device", "set_payor"), [trips])
    done = applied(a_bulk_change("payor", by=admin, payor="company"))
    assert verdicts(done) == {bad.ref: "refused", good.ref: "changed"}
    assert reasons(done) == {bad.ref: "Something went wrong with it. It is as it was."}
    assert (latest(bad).payor, latest(bad).version) == ("", bad.version)
    assert list(verified()) == []


def test_undoing_refuses_what_has_changed_since(admin):
    one, two = a_device(payor=""), a_device(payor="")
    change = applied(a_bulk_change("payor", by=admin, payor="company"))
    latest(one).set_payor(by=admin, payor="employee")
    undo = an_undo(change)
    assert verdicts(undo) == {one.ref: "refused", two.ref: "changed"}
    applied(undo)
    assert (latest(one).payor, latest(two).payor) == ("employee", "")


# Once, and to the end


def test_pressed_twice_it_is_applied_once(admin):
    device = a_device(payor="")
    change = a_bulk_change("payor", by=admin, payor="company")
    done = applied(change)
    again = applied(done)
    assert again.applied_at == done.applied_at
    assert entries_of(change).count() == 1
    assert latest(device).version == device.version + 1


def test_an_old_preview_is_looked_at_again(admin, at):
    a_device(payor="")
    change = a_bulk_change("payor", by=admin, payor="company")
    at("2026-11-23T07:01")
    with pytest.raises(Refused, match="more than a day old"):
        applied(change)


def test_another_plan_than_the_one_on_the_page_is_not_applied(admin):
    a_device(payor="")
    change = a_bulk_change("payor", by=admin, payor="company")
    with pytest.raises(Refused, match="not the latest"):
        change.confirm(by=admin, plan="another", at=change.planned_at)


def test_a_change_is_undone_once(admin):
    a_device(payor="")
    change = applied(a_bulk_change("payor", by=admin, payor="company"))
    first, second = an_undo(change), an_undo(change)
    applied(first)
    with pytest.raises(Refused, match="undone already"):
        second.confirm(by=admin, plan=second.plan_digest, at=second.planned_at)


def test_ended_in_the_middle_it_goes_on_where_it_stopped(admin, monkeypatch):
    monkeypatch.setattr("assets.bulk.applying.CHUNK", 2)
    devices = [a_device(payor="") for _ in range(5)]
    change = a_bulk_change("payor", by=admin, payor="company")
    change.confirm(by=admin, plan=change.plan_digest, at=change.planned_at)
    assert apply_chunk(change.pk, at=change.planned_at)
    half = BulkChange.objects.get(pk=change.pk)
    assert (half.state, half.done, half.total) == ("applying", 2, 5)

    apply_all(half, at=change.planned_at)
    apply_all(half, at=change.planned_at)
    assert entries_of(change).count() == 5
    assert [latest(device).version for device in devices] == [device.version + 1 for device in devices]
    assert BulkChange.objects.get(pk=change.pk).done == 5


def test_whoever_is_no_admin_any_more_changes_nothing(admin):
    device = a_device(payor="")
    change = a_bulk_change("payor", by=admin, payor="company")
    change.confirm(by=admin, plan=change.plan_digest, at=change.planned_at)
    admin.role = "employee"
    admin.save()
    apply_all(change, at=change.planned_at)
    stopped = BulkChange.objects.get(pk=change.pk)
    assert stopped.state == "stopped"
    assert stopped.outcome == {"changed": 0, "unchanged": 0, "refused": 1}
    assert latest(device).payor == ""


def test_a_chunk_costs_as_many_statements_for_two_as_for_twenty(admin):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def statements(number):
        devices = [a_device(a_person(), payor="", renewal_on=date(2028, 1, 31)) for _ in range(number)]
        change = a_bulk_change("renewal", devices, by=admin, renewal_on="2029-03-01")
        change.confirm(by=admin, plan=change.plan_digest, at=change.planned_at)
        with CaptureQueriesContext(
            connection,
        ) as seen:
            apply_all(change, at=change.planned_at)
        assert BulkChange.objects.get(pk=change.pk).outcome["changed"] == number
        return len(seen)

    assert CHUNK >= 20
    assert statements(20) <= statements(2) + 2
