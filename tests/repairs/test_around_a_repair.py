"""What a repair leaves as it was: the renewal that waits, the choice that was made, and nobody's device unseen."""

import pytest

from assets.lifecycle import PHASES, Status
from assets.models import Device
from renewals.sweep import sweep
from repairs import outcomes
from tests.making import a_device, a_person, a_space, an_admin
from tests.renewals.making import a_leased_device_at_its_preliminary_stage, an_external_device_in_its_window, ledger
from tests.repairs.making import a_device_in_repair, a_reported_device, the_case_of
from velory import clock
from velory.post.models import Letter
from velory.ui.todos import todos


def back(device, **where):
    outcomes.give_back(the_case_of(device), by=an_admin(), at=clock.now())


def test_a_stage_that_falls_due_in_repair_waits_and_is_told_once_when_it_is_back(at):
    at("2026-11-22T09:00")
    orjan = a_person()
    device = an_external_device_in_its_window(orjan)
    device.report_fault(by=orjan)
    device.start_repair(by=an_admin())
    sweep(clock.now())
    assert not Letter.objects.filter(template="renewals/external_30_days").exists()

    back(device)

    assert ("external_30_days", orjan, "planned", "") in ledger(device)
    for _ in range(2):
        sweep(clock.now())
    assert Letter.objects.filter(template="renewals/external_30_days", person=orjan).count() == 1


@pytest.mark.parametrize("choice", ["prefer_buyout", "prefer_return"])
def test_a_preliminary_choice_survives_a_repair(choice):
    orjan = a_person()
    device = a_leased_device_at_its_preliminary_stage(orjan)
    getattr(device, choice)(by=orjan)
    chosen = device.status
    device.report_fault(by=orjan)
    device.start_repair(by=an_admin())
    back(device)
    assert Device.objects.get(pk=device.pk).status == chosen


def test_whoever_gets_it_instead_has_chosen_nothing():
    orjan = a_person()
    device = a_leased_device_at_its_preliminary_stage(orjan)
    device.prefer_return(by=orjan)
    device.report_fault(by=orjan)
    device.start_repair(by=an_admin())
    outcomes.hand_on(the_case_of(device), a_person("Karin", "Ström"), by=an_admin(), at=clock.now())
    assert Device.objects.get(pk=device.pk).status == Status.ACTIVE


# Every path through repair


def reverted(device):
    a_fresh(device).dismiss_fault(by=an_admin())


def reverted_to_a_space(device):
    a_fresh(device).dismiss_fault(by=an_admin(), to=a_space())


def brought_back(device):
    outcomes.give_back(the_case_of(device), by=an_admin(), at=clock.now())


def handed_on(device):
    outcomes.hand_on(the_case_of(device), a_space(), by=an_admin(), at=clock.now())


def finished(device):
    a_fresh(device).finish_repair(by=an_admin())


def recycled(device):
    a_fresh(device).recycle(by=an_admin(), why="Gone")


def recycled_and_restored(device):
    recycled(device)
    a_fresh(device).restore(by=an_admin())


def replaced(device):
    facts = {"name": "New", "category": device.category, "serial": "NEW-1"}
    outcomes.replace(the_case_of(device), why="Old", by=an_admin(), at=clock.now(), facts=facts)


def removed(device):
    a_fresh(device).remove(by=an_admin(), why="Lost")


def a_fresh(device):
    return Device.objects.get(pk=device.pk)


@pytest.mark.parametrize("way", [reverted, reverted_to_a_space, removed])
def test_after_a_report_no_device_is_left_unseen(way):
    device = a_reported_device()
    way(device)
    nothing_is_left_unseen()


@pytest.mark.parametrize("way", [brought_back, handed_on, finished, recycled, recycled_and_restored, replaced])
def test_after_a_repair_no_device_is_left_unseen(way):
    device = a_device_in_repair()
    way(device)
    nothing_is_left_unseen()


def test_while_it_waits_or_is_away_it_is_seen_too():
    a_reported_device()
    a_device_in_repair()
    nothing_is_left_unseen()
    found = {todo.code for todo in todos(today=clock.today())}
    assert {"needs_repair", "mdm_release"} <= found


def nothing_is_left_unseen():
    """Each device in the house has a holder, a space, or a to-do that counts it; in repair it has a table."""
    counted = {todo.code: todo.count for todo in todos(today=clock.today())}
    nobodys = Device.objects.in_the_house().filter(holder=None, space=None).exclude(status__in=PHASES["repair"])
    assert counted.get("unassigned", 0) == nobodys.count()


def test_repairs_of_one_company_are_unknown_to_another(at_their_desk, saimaa):
    from velory.tenancy.context import inside

    case = the_case_of(a_device_in_repair())
    with inside(saimaa):
        neighbour = an_admin()
        page = at_their_desk(neighbour, host="saimaa.localhost").get(f"/repairs/{case.ref}/")
    assert page.status_code == 404


def test_a_device_on_its_way_can_not_be_reported(at_their_desk):
    orjan = a_person()
    device = a_device(orjan, status=Status.SHIPPED)
    sent = {"needs_repair": "on", "version": device.version}
    assert at_their_desk(orjan).post(f"/devices/{device.ref}/report_fault/", sent).status_code == 409
