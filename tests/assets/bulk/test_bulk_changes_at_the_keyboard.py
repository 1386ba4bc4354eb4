"""An admin ticks devices, says what, looks at the plan, applies just that and takes it back, without a script too."""

import re

import pytest
from django.utils.translation import gettext, override

from assets.bulk.applying import apply_all
from assets.bulk.models import BulkChange
from assets.models import Device
from tests.assets.bulk.making import a_bulk_change, an_undo, applied
from tests.assets.making import words
from tests.making import a_device, a_person, an_admin
from velory import clock
from velory.agenda.models import Due
from velory.people.models import Role


@pytest.fixture
def admin():
    return an_admin()


@pytest.fixture
def desk(at_their_desk, admin):
    return at_their_desk(admin)


def chosen(*devices, **said):
    return {"device": [getattr(device, "ref", device) for device in devices], **said}


def test_ticked_devices_are_previewed_applied_and_undone(desk):
    device = a_device(a_person("Karin", "Ström"), payor="")
    same = a_device(payor="company")
    asked = desk.post("/hardware/bulk/", chosen(device, same, action="payor"))
    assert asked.status_code == 200
    assert "Set payor For 2 devices." in words(asked)

    planned = desk.post("/hardware/bulk/", chosen(device, same, action="payor", asked="1", payor="company"))
    assert planned.status_code == 303
    page = desk.get(planned["Location"])
    text = words(page)
    assert "Will change 1 Unchanged 1 Refused 0" in text
    assert "Change 1 device" in text
    change = BulkChange.objects.get()
    assert Device.objects.get(pk=device.pk).payor == ""

    pressed = desk.post(f"/hardware/bulk/{change.ref}/apply/", {"plan": change.plan_digest})
    assert pressed.status_code == 303
    busy = desk.get(planned["Location"])
    assert b'hx-trigger="every 2s"' in busy.content
    assert "0 of 1 devices" in words(busy)
    assert Due.objects.filter(kind="bulk.apply", ref=change.ref).exists()

    apply_all(BulkChange.objects.get(), at=clock.now())
    over = desk.get(planned["Location"])
    assert b"every 2s" not in over.content
    assert "Changed 1 Unchanged 1 Refused 0" in words(over)
    assert Device.objects.get(pk=device.pk).payor == "company"

    undo = desk.post(f"/hardware/bulk/{change.ref}/undo/")
    assert "Undo for 1 device" in words(desk.get(undo["Location"]))


def test_all_that_match_are_chosen_by_the_list_s_address(desk):
    for _ in range(30):
        a_device(name="Fairphone 5", payor="")
    a_device(name="iPad Air 11", payor="")
    said = {"scope": "matching", "action": "payor", "asked": "1", "payor": "company"}
    desk.post("/hardware/bulk/?q=fairphone", said)
    change = BulkChange.objects.get()
    assert change.counts == {"changed": 30, "unchanged": 0, "refused": 0}
    assert change.list_query == "q=fairphone"


def test_without_a_script_the_box_in_the_head_takes_the_page(desk):
    one, two = a_device(payor=""), a_device(payor="")
    said = {"page_of": "1", "shown": f"{one.ref} {two.ref} ", "action": "payor", "asked": "1", "payor": "company"}
    desk.post("/hardware/bulk/", said)
    assert BulkChange.objects.get().counts["changed"] == 2


def test_whoever_chose_nothing_is_told_so(desk):
    page = desk.post("/hardware/bulk/", {"action": "payor"})
    assert page.status_code == 422
    assert "No device is chosen." in words(page)


def test_of_the_steps_those_are_offered_that_one_of_them_has_open(desk, admin):
    active, gone = a_device(), a_device()
    gone.remove(by=admin, why="Lost")
    text = words(desk.post("/hardware/bulk/", chosen(active)))
    assert "Remove device → Removed" in text
    assert "Restore device → Active" not in text
    text = words(desk.post("/hardware/bulk/", chosen(active, gone)))
    assert "Restore device → Active" in text
    assert "Mark as released → Removed" not in text


def test_a_form_that_was_not_filled_in_is_asked_again(desk):
    page = desk.post("/hardware/bulk/", chosen(a_device(), action="assign", asked="1", to="Nobody"))
    assert page.status_code == 422
    assert "Nobody and no space is called that." in words(page)
    assert BulkChange.objects.count() == 0


def test_each_refused_device_is_named_with_its_reason(desk):
    device = a_device(renewal_on=None)
    answer = desk.post("/hardware/bulk/", chosen(device, "D-NOSUCH", action="move_renewal", asked="1", months="3"))
    text = words(desk.get(f"{answer['Location']}?show=refused"))
    assert "It has no renewal date that could be moved." in text
    assert "D-NOSUCH" in text
    assert "No device here has this reference." in text
    assert "There is nothing to change" in text


def test_a_final_step_says_so_before_its_button(desk, admin):
    change = a_bulk_change("step.release", [a_device()], by=admin)
    assert "This step is final for each device" in words(desk.get(change.get_absolute_url()))


def test_another_plan_than_the_one_on_the_page_is_a_conflict(desk, admin):
    change = a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company")
    page = desk.post(f"/hardware/bulk/{change.ref}/apply/", {"plan": "another"})
    assert page.status_code == 409
    assert BulkChange.objects.get().state == "planned"


def test_pressed_twice_the_page_is_shown_and_nothing_more(desk, admin):
    change = a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company")
    for _ in range(2):
        assert desk.post(f"/hardware/bulk/{change.ref}/apply/", {"plan": change.plan_digest}).status_code == 303
    assert Due.objects.filter(kind="bulk.apply").count() == 1


def test_what_is_discarded_is_not_applied(desk, admin):
    change = a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company")
    desk.post(f"/hardware/bulk/{change.ref}/discard/")
    assert desk.post(f"/hardware/bulk/{change.ref}/apply/", {"plan": change.plan_digest}).status_code == 409
    assert "No bulk change until now" in words(desk.get("/hardware/bulk/"))


def test_what_was_not_applied_is_not_undone(desk, admin):
    change = a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company")
    assert desk.post(f"/hardware/bulk/{change.ref}/undo/").status_code == 409


def test_the_list_says_who_what_when_and_whether_it_was_undone(desk, admin):
    applied(a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company", cost_centre="4200"))
    text = words(desk.get("/hardware/bulk/"))
    assert "Set payor: Company, cost centre 4200" in text
    assert "Nils Wikström" in text
    assert "1 changed Can be undone" in text


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_chosen_are_exported(desk, kind):
    one, _other = a_device(), a_device()
    answer = desk.post("/hardware/bulk/", chosen(one, action=f"export.{kind}"))
    content = b"".join(answer.streaming_content)
    assert answer.status_code == 200
    if kind == "csv":
        assert one.serial.encode() in content
        assert _other.serial.encode() not in content


def test_the_event_log_names_the_change_and_leads_to_it(desk, admin):
    change = applied(a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company"))
    page = desk.get("/log/")
    assert f"Bulk change {change.ref}" in words(page)
    assert change.get_absolute_url() in page.content.decode()


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.PURCHASE_MANAGER])
def test_bulk_changes_are_the_admins(at_their_desk, admin, role):
    change = a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company")
    browser = at_their_desk(a_person(role=role))
    assert browser.get("/hardware/bulk/").status_code == 403
    assert browser.get(change.get_absolute_url()).status_code == 403
    for deed in ("apply", "discard", "undo"):
        assert browser.post(f"{change.get_absolute_url()}{deed}/").status_code == 403
    assert browser.post("/hardware/bulk/", {"action": "payor"}).status_code == 403


def test_the_list_of_changes_costs_as_much_for_one_as_for_three(desk, admin):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def queries():
        with CaptureQueriesContext(connection) as seen:
            desk.get("/hardware/bulk/")
        return len(seen)

    change = applied(a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company"))
    queries()  # what a process asks once
    first = queries()
    for _ in range(2):
        applied(a_bulk_change("payor", [a_device(payor="")], by=admin, payor="company"))
    assert queries() == first
    assert re.match(r"BC-\w{6}", change.ref)


def test_a_change_whose_step_is_no_longer_part_of_the_plan_still_has_its_page(desk, admin, monkeypatch):
    from velory.tenancy.models import Company

    change = a_bulk_change("step.recycle", [a_device()], by=admin, why="Broken")
    monkeypatch.setattr(Company, "has", lambda company, feature: False)
    assert "Remove device → Recycled" in words(desk.get(change.get_absolute_url()))
    assert "Remove device → Recycled" in words(desk.get("/hardware/bulk/"))


def test_every_row_of_the_table_can_be_ticked_and_the_bar_stands_at_its_foot(desk):
    device = a_device()
    page = desk.get("/hardware/?view=all&q=iphone").content.decode()
    assert f'name="device" value="{device.ref}" data-row' in page
    assert 'action="/hardware/bulk/?view=all&amp;q=iphone"' in page
    assert '<option value="payor">' in page
    assert '<option value="step.remove">' in page
    assert '<option value="step.restore">' not in page


# In the reader's language, once more, and thousands at once


def test_a_refusal_is_read_in_the_reader_s_language(desk, admin, at_their_desk):
    device = a_device(renewal_on=None)
    change = applied(a_bulk_change("move_renewal", [device], by=admin, missing=["D-NOWHERE"], months="3"))
    reader = an_admin(first_name="Sanna", last_name="Persson", language="sv")
    with override("sv"):
        asked = [gettext("It has no renewal date that could be moved."), gettext("No device here has this reference.")]
    page = at_their_desk(reader).get(change.get_absolute_url()).content.decode()
    assert all(words in page for words in asked)
    page = desk.get(change.get_absolute_url()).content.decode()
    assert "It has no renewal date that could be moved." in page
    assert "No device here has this reference." in page


def test_what_is_refused_while_it_is_applied_is_known_in_every_language(admin):
    device, left = a_device(a_person("Karin", "Ström"), payor=""), a_device(payor="")
    change = a_bulk_change("payor", [device, left], by=admin, payor="company")
    Device.objects.filter(pk=left.pk).update(version=left.version + 1)
    [row] = applied(change).rows.with_verdict("refused")
    assert set(row.words) == {"en", "sv"}
    assert row.words["en"] == row.reason == "It has changed since the preview."
    with override("sv"):
        assert row.why == gettext("It has changed since the preview.") != row.reason


def test_a_change_whose_undo_is_regretted_is_made_again_as_a_new_plan(desk, admin):
    device = a_device(a_person("Karin", "Ström"), payor="")
    undo = applied(an_undo(applied(a_bulk_change("payor", [device], by=admin, payor="company", cost_centre="4200"))))
    page = desk.get(undo.get_absolute_url())
    assert "Make the change again" in words(page)
    assert "An undo is not undone" in words(page)
    assert desk.post(f"/hardware/bulk/{undo.ref}/undo/").status_code == 409

    asked = desk.post("/hardware/bulk/", {"of": undo.ref, "action": "payor"}).content.decode()
    assert f'name="chosen" value="{device.ref}"' in asked
    assert 'value="4200"' in asked
    planned = desk.post("/hardware/bulk/", {"chosen": device.ref, "action": "payor", "asked": "1", "payor": "company"})
    assert "Change 1 device" in words(desk.get(planned["Location"]))


@pytest.mark.parametrize(
    "said",
    [("assign", {"to": "Karin Ström"}), ("renewal", {"renewal_on": "2028-03-01"}), ("unassign", {}),
     ("move_renewal", {"months": "3"}), ("note", {"text": "Laddare saknas"})],
)  # fmt: skip
def test_each_change_can_be_asked_for_again(desk, admin, said):
    code, answers = said
    a_person("Karin", "Ström")
    undo = applied(an_undo(applied(a_bulk_change(code, [a_device(a_person("Nils", "Persson"))], by=admin, **answers))))
    asked = desk.post("/hardware/bulk/", {"of": undo.ref, "action": code})
    assert asked.status_code == (200 if answers else 303)
    assert all(answer in asked.content.decode() for answer in answers.values())


def test_the_devices_of_somebody_else_s_company_s_change_are_not_chosen(desk):
    assert "No device is chosen" in words(desk.post("/hardware/bulk/", {"of": "BC-NOBODY", "action": "payor"}))


def test_five_thousand_ticked_devices_go_from_page_to_page(desk):
    device = a_device()
    refs = [f"D-X{number}" for number in range(4999)] + [device.ref]
    asked = desk.post("/hardware/bulk/", {"device": refs, "action": "payor"})
    assert asked.status_code == 200
    [carried] = re.findall('name="chosen" value="([^"]*)"', asked.content.decode())
    assert carried.split() == refs
    planned = desk.post("/hardware/bulk/", {"chosen": carried, "action": "payor", "asked": "1", "payor": "employee"})
    assert planned.status_code == 303
    assert BulkChange.objects.get().counts == {"changed": 1, "unchanged": 0, "refused": 4999}
