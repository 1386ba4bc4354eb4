"""A step has one address: GET asks and changes nothing, POST takes it for whoever may."""

import pytest

from assets.lifecycle import Status
from assets.models import Device, Holding, Note
from tests.assets.making import a_returned_device, a_started_device, an_ordered_device, flashes, words
from tests.making import a_device, a_person, a_space, an_admin
from velory.journal.models import Entry
from velory.tenancy.models import Company


def rows():
    return [list(model.objects.order_by("pk").values()) for model in (Device, Entry, Holding, Note)]


# Asking


@pytest.mark.parametrize("step", ["remove", "edit", "assign", "unassign", "set_payor"])
def test_asking_changes_nothing(at_their_desk, step):
    nils, device = an_admin(), a_device(a_person())
    before = rows()
    desk = at_their_desk(nils)
    for method in (desk.get, desk.head):
        assert method(f"/devices/{device.ref}/{step}/").status_code == 200
    assert desk.options(f"/devices/{device.ref}/{step}/").status_code == 405
    assert rows() == before


def test_releasing_is_asked_for_with_the_systems_by_name(at_their_desk, monkeypatch):
    nils, device = an_admin(), a_returned_device(a_person(), monkeypatch)
    page = words(at_their_desk(nils).get(f"/devices/{device.ref}/release/"))
    assert "MDM" in page
    assert "other company systems" in page
    assert "archive" in page
    assert (
        f'href="/devices/{device.ref}/release/"' in at_their_desk(nils).get(f"/devices/{device.ref}/").content.decode()
    )


def test_a_page_of_a_step_that_is_not_open_says_why(at_their_desk):
    nils, device = an_admin(), a_device()
    page = at_their_desk(nils).get(f"/devices/{device.ref}/release/")
    assert page.status_code == 409
    assert "the status is “Active”" in words(page)


@pytest.mark.parametrize("step", ["fly", "hold", "ship", "put_in_use", "begin_return", "save", "delete"])
def test_what_is_no_button_has_no_address(at_their_desk, step):
    nils, device = an_admin(), a_device()
    desk = at_their_desk(nils)
    assert desk.get(f"/devices/{device.ref}/{step}/").status_code == 404
    assert desk.post(f"/devices/{device.ref}/{step}/").status_code == 404


@pytest.mark.parametrize("step", ["start_repair", "dismiss_fault", "finish_repair", "recycle"])
def test_where_the_repair_flow_is_off_its_steps_are_not_there(at_their_desk, monkeypatch, step):
    nils, device = an_admin(), a_device(a_person())
    monkeypatch.setattr(Company, "has", lambda company, feature: False)
    desk = at_their_desk(nils)
    assert desk.get(f"/devices/{device.ref}/{step}/").status_code == 404
    assert desk.post(f"/devices/{device.ref}/{step}/", {"why": "Broken"}).status_code == 404


# Taking


def test_a_return_is_confirmed_with_outcome_and_note(at_their_desk, monkeypatch):
    nils, device = an_admin(), a_started_device(a_person(), monkeypatch)
    answer = at_their_desk(nils).post(
        f"/devices/{device.ref}/confirm_return/",
        {"outcome": "bought", "note": "Invoice 4711", "version": device.version},
    )
    assert (answer.status_code, answer.url) == (303, f"/devices/{device.ref}/")
    assert flashes(answer) == [f"{device} is now “Returned - awaiting release”."]
    kept = Device.objects.get()
    assert (kept.status, kept.return_outcome) == ("returned", "bought")
    assert [note.text for note in kept.notes.all()] == ["Invoice 4711"]


def test_a_released_device_goes_to_the_archive_and_is_nobody_s(at_their_desk, monkeypatch):
    nils, ebba = an_admin(), a_person("Ebba", "Sjöberg")
    device = a_returned_device(ebba, monkeypatch)
    at_their_desk(nils).post(f"/devices/{device.ref}/release/", {"version": device.version})
    kept = Device.objects.get()
    assert (kept.status, kept.holder, kept.last_holder) == ("removed", None, ebba)
    assert at_their_desk(ebba).get(f"/devices/{device.ref}/").status_code == 404
    assert "Restore device" in words(at_their_desk(nils).get(f"/devices/{device.ref}/"))


def test_an_employee_does_not_release(at_their_desk, monkeypatch):
    ebba = a_person("Ebba", "Sjöberg", language="en")
    device = a_returned_device(ebba, monkeypatch)
    before = rows()
    desk = at_their_desk(ebba)
    assert desk.get(f"/devices/{device.ref}/release/").status_code == 403
    assert desk.post(f"/devices/{device.ref}/release/", {"version": device.version}).status_code == 403
    assert rows() == before


def test_a_stale_tab_is_told_what_it_is_now(at_their_desk, monkeypatch):
    nils, device = an_admin(), a_started_device(a_person(), monkeypatch)
    seen = device.version
    device.confirm_return(by=nils)
    page = at_their_desk(nils).post(f"/devices/{device.ref}/confirm_return/", {"version": seen})
    assert page.status_code == 409
    assert "Returned - awaiting release" in words(page)
    assert Entry.objects.filter(step="confirm_return").count() == 1


def test_removing_needs_a_reason_and_keeps_it(at_their_desk):
    nils, device = an_admin(), a_device(a_person())
    desk = at_their_desk(nils)
    page = desk.post(f"/devices/{device.ref}/remove/", {"why": " ", "version": 1})
    assert page.status_code == 422
    assert "is no longer its holder" in words(page)
    assert Device.objects.get().status == "active"
    desk.post(f"/devices/{device.ref}/remove/", {"why": "Sold at the summer party", "version": 1})
    assert Entry.objects.get(step="remove").details == {"why": "Sold at the summer party"}


def test_a_removed_device_is_restored_to_nobody(at_their_desk):
    nils, device = an_admin(), a_device(a_person())
    device.remove(by=nils, why="Lost")
    at_their_desk(nils).post(f"/devices/{device.ref}/restore/", {"version": 2})
    kept = Device.objects.get()
    assert (kept.status, kept.whose) == ("active", None)


def test_receiving_asks_for_the_numbers_that_are_unknown(at_their_desk):
    from assets.models import Category

    ebba = a_person("Ebba", "Sjöberg", language="en")
    phone = an_ordered_device(ebba, category=Category.objects.get(code="phones"), name="Fairphone 5")
    desk = at_their_desk(ebba)
    next_step = "Next step When it is here, mark it as received. Mark as received"
    assert next_step in words(desk.get(f"/devices/{phone.ref}/"))
    page = desk.get(f"/devices/{phone.ref}/receive/").content.decode()
    assert 'name="serial"' in page
    assert 'name="imei"' in page
    wrong = desk.post(f"/devices/{phone.ref}/receive/", {"serial": "", "imei": "354402685995285", "version": 1})
    assert wrong.status_code == 422
    assert "This IMEI has a wrong check digit" in words(wrong)
    desk.post(f"/devices/{phone.ref}/receive/", {"serial": " FP5  77 ", "imei": "35-440268-599528-4", "version": 1})
    kept = Device.objects.get()
    assert (kept.status, kept.serial, kept.imei) == ("active", "FP5 77", "354402685995284")
    assert [entry.step for entry in kept.journal] == ["register", "receive", "put_in_use"]


def test_receiving_asks_nothing_where_all_is_known(at_their_desk):
    ebba = a_person("Ebba", "Sjöberg", language="en")
    dock = an_ordered_device(ebba, serial="DOCK1")
    answer = at_their_desk(ebba).post(f"/devices/{dock.ref}/receive/", {"version": 1})
    assert answer.status_code == 303
    assert Device.objects.get().status == Status.ACTIVE


# Assigning, and who pays


def test_a_device_is_given_to_a_person_found_by_name(at_their_desk):
    nils, ebba = an_admin(), a_person("Ebba", "Sjöberg")
    a_person("Chidi", "Nyström")
    device = a_device()
    desk = at_their_desk(nils)
    page = desk.get(f"/devices/{device.ref}/assign/", {"q": "sjöb ebb"})
    assert "Ebba Sjöberg" in words(page)
    assert "Chidi" not in words(page)
    answer = desk.post(f"/devices/{device.ref}/assign/", {"to": ebba.ref, "version": 1})
    assert answer.url == f"/devices/{device.ref}/?tab=assignment"
    assert flashes(answer) == ["Nils Wikström assigned it to Ebba Sjöberg."]
    kept = Device.objects.get()
    assert (kept.holder, kept.payor) == (ebba, "")
    assert "The payor is missing." in words(desk.get(answer.url))


def test_a_device_is_given_to_a_space(at_their_desk):
    nils, room, device = an_admin(), a_space("Konferensrum Vinga"), a_device(a_person())
    desk = at_their_desk(nils)
    assert "space:Konferensrum Vinga" in desk.get(f"/devices/{device.ref}/assign/?q=vinga").content.decode()
    desk.post(f"/devices/{device.ref}/assign/", {"to": "space:konferensrum vinga", "version": 1})
    kept = Device.objects.get()
    assert (kept.space, kept.holder) == (room, None)


@pytest.mark.parametrize("to", ["", "P-222222", "space:Nowhere", "1", "' OR 1=1 --", "P-\0"])
def test_a_device_is_given_to_nobody_unknown(at_their_desk, to):
    nils, device = an_admin(), a_device()
    before = rows()
    assert at_their_desk(nils).post(f"/devices/{device.ref}/assign/", {"to": to, "version": 1}).status_code == 422
    assert rows() == before


def test_who_no_longer_works_here_is_given_nothing(at_their_desk):
    from datetime import date

    nils, device = an_admin(), a_device()
    gone = [a_person("Lena", "Nguyen", is_active=False), a_person("Eva", "Müller", last_day_on=date(2026, 11, 21))]
    desk = at_their_desk(nils)
    for person in gone:
        assert desk.post(f"/devices/{device.ref}/assign/", {"to": person.ref}).status_code == 422
        found = words(desk.get(f"/devices/{device.ref}/assign/", {"q": person.last_name}))
        assert f"Nobody and no space matches “{person.last_name}”" in found
    assert Device.objects.get().whose is None


def test_a_device_that_goes_to_whom_it_is_with_stays_there(at_their_desk):
    nils, ebba = an_admin(), a_person("Ebba", "Sjöberg")
    device = a_device(ebba)
    page = at_their_desk(nils).post(f"/devices/{device.ref}/assign/", {"to": ebba.ref, "version": 1})
    assert page.status_code == 409
    assert "Ebba Sjöberg already has it" in words(page)
    assert Holding.objects.count() == 1


def test_a_device_is_taken_back(at_their_desk):
    nils, ebba = an_admin(), a_person("Ebba", "Sjöberg")
    device = a_device(ebba)
    at_their_desk(nils).post(f"/devices/{device.ref}/unassign/", {"version": 1})
    kept = Device.objects.get()
    assert (kept.holder, kept.last_holder) == (None, ebba)


def test_the_payor_is_the_company_with_a_cost_centre_or_the_employee(at_their_desk):
    nils, device = an_admin(), a_device(a_person())
    desk = at_their_desk(nils)
    desk.post(f"/devices/{device.ref}/set_payor/", {"payor": "company", "cost_centre": "4200", "version": 1})
    assert (Device.objects.get().payor, Device.objects.get().payor_cost_centre) == ("company", "4200")
    desk.post(f"/devices/{device.ref}/set_payor/", {"payor": "employee", "cost_centre": "4200", "version": 2})
    assert (Device.objects.get().payor, Device.objects.get().payor_cost_centre) == ("employee", "")
    assert desk.post(f"/devices/{device.ref}/set_payor/", {"payor": "the king", "version": 3}).status_code == 422
