"""A case follows its device: whatever is done to the device, the case knows (spec 4, seed repair)."""

import pytest

from assets.lifecycle import Status
from repairs.models import Case, RepairSettings
from tests.making import a_device, a_person, a_space, an_admin
from tests.repairs.making import a_device_in_repair, a_reported_device, the_case_of
from velory.journal.reason import NotYours, Refused


def test_a_report_opens_a_case_with_what_was_said_and_who_has_the_device():
    device = a_reported_device(fault="It gets hot")
    case = the_case_of(device)
    assert (device.status, case.fault, case.is_open) == (Status.NEEDS_REPAIR, "It gets hot", True)
    assert case.holder == device.holder == case.reported_by


def test_until_it_is_taken_in_the_case_keeps_up_with_holder_and_payor():
    device, admin, space = a_reported_device(), an_admin(), a_space()
    device.assign(by=admin, to=space)
    device.set_payor(by=admin, payor="company", cost_centre="4410")
    case = the_case_of(device)
    assert (case.holder, case.space, case.payor, case.payor_cost_centre) == (None, space, "company", "4410")


def test_taken_in_it_is_nobodys_and_the_case_remembers_whose_it_was():
    device = a_reported_device()
    holder = device.holder
    device.set_payor(by=an_admin(), payor="employee")
    device.start_repair(by=an_admin())
    case = the_case_of(device)
    assert (device.status, device.holder, device.payor) == (Status.IN_REPAIR, None, "")
    assert (case.holder, case.payor, case.taken_in_at is not None) == (holder, "employee", True)


def test_no_fault_after_all_brings_it_back_to_whoever_had_it():
    device = a_reported_device()
    holder = device.holder
    device.dismiss_fault(by=an_admin())
    assert (device.status, device.holder) == (Status.ACTIVE, holder)
    assert the_case_of(device).outcome == Case.Outcome.NO_FAULT


def test_no_fault_after_all_may_bring_it_to_a_space():
    device, space = a_reported_device(), a_space()
    device.dismiss_fault(by=an_admin(), to=space)
    assert (device.status, device.holder, device.space) == (Status.ACTIVE, None, space)


def test_a_preliminary_choice_survives_a_dismissed_fault():
    device = a_device(a_person(), status=Status.PRELIMINARY_BUYOUT)
    device.report_fault(by=device.holder)
    device.dismiss_fault(by=an_admin())
    assert device.status == Status.PRELIMINARY_BUYOUT


def test_repaired_for_somebody_the_log_says_the_seeds_sentence():
    device, admin, to = a_device_in_repair(), an_admin(), a_person()
    entry = device.finish_repair(by=admin, to=to)
    assert entry.sentence == f"{admin} assigned repaired device to {to}."
    assert the_case_of(device).outcome == Case.Outcome.REPAIRED


def test_repaired_for_nobody_the_log_says_so():
    device, admin = a_device_in_repair(), an_admin()
    assert device.finish_repair(by=admin).sentence == f"{admin} ended the repair. Nobody has the device yet."


def test_recycled_the_log_says_the_seeds_sentence():
    device, admin = a_device_in_repair(), an_admin()
    entry = device.recycle(by=admin, why="Water damage")
    assert entry.sentence == f"{admin} removed device from Velory."
    assert the_case_of(device).outcome == Case.Outcome.RECYCLED


def test_removed_before_it_was_taken_in_closes_the_case_too():
    device = a_reported_device()
    device.remove(by=an_admin(), why="Lost on the way")
    assert the_case_of(device).outcome == Case.Outcome.REMOVED


def test_a_second_fault_is_a_second_case():
    device = a_reported_device()
    device.dismiss_fault(by=an_admin())
    device.report_fault(by=device.holder, fault="Again")
    assert [case.fault for case in Case.objects.of(device).order_by("pk")] == ["The screen is cracked", "Again"]


@pytest.mark.parametrize("status", [Status.RETURNED, Status.SHIPPED, Status.BOUGHT_BY_EMPLOYEE])
def test_what_is_leaving_or_not_here_can_not_be_reported(status):
    with pytest.raises((Refused, NotYours)):
        a_device(a_person(), status=status).report_fault(by=an_admin())


def test_a_colleague_can_not_report_it():
    device = a_device(a_person())
    with pytest.raises(NotYours):
        device.report_fault(by=a_person("Karin", "Ström"))


def test_a_repair_can_not_be_ended_for_somebody_who_has_left():
    device, gone = a_device_in_repair(), a_person("Karin", "Ström", is_active=False)
    with pytest.raises(Refused):
        device.finish_repair(by=an_admin(), to=gone)


def test_a_new_company_finds_its_repair_settings():
    assert RepairSettings.here().loan_days == 14
