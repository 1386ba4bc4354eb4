"""The repair seed at the keyboard: reported by the switch, taken in by an admin, ended with one of its outcomes."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from assets.lifecycle import Status
from assets.models import Device
from repairs.models import Case, Photo
from tests.assets.making import flashes, words
from tests.making import a_device, a_person, a_space, an_admin
from tests.repairs.making import a_device_in_repair, a_reported_device, the_case_of
from velory.post.models import Letter


@pytest.fixture
def orjan():
    return a_person(language="en")


@pytest.fixture
def nils(at_their_desk):
    return at_their_desk(an_admin())


def a_photo(name="crack.png"):
    out = io.BytesIO()
    Image.new("RGB", (60, 80), (10, 20, 200)).save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/png")


def report(page, device, **said):
    return page.post(f"/devices/{device.ref}/report_fault/", {"needs_repair": "on", "version": device.version} | said)


def again(device):
    return Device.objects.get(pk=device.pk)


# Reported


def test_the_switch_stands_on_the_support_tab_with_the_backup_prompt(orjan, at_their_desk):
    device = a_device(orjan)
    text = words(at_their_desk(orjan).get(f"{device.get_absolute_url()}?tab=support"))
    assert "Device in need of repair?" in text
    assert "Back up your device before you leave it with your IT department." in text
    assert "check with your manager or IT department" in text


def test_the_companys_own_routine_is_said_instead(orjan, nils, at_their_desk):
    sent = {"section": "repair_settings", "routine": "Hand it in at the desk on floor 2.", "loan_days": "7"}
    assert nils.post("/settings/", sent).status_code == 302
    text = words(at_their_desk(orjan).get(f"{a_device(orjan).get_absolute_url()}?tab=support"))
    assert "Hand it in at the desk on floor 2." in text
    assert "check with your manager" not in text


def test_a_holder_reports_a_fault_with_photos(orjan, at_their_desk):
    device, admin = a_device(orjan), an_admin()
    page = report(at_their_desk(orjan), device, fault="The screen is cracked", photos=[a_photo(), a_photo("two.png")])
    assert (page.status_code, page.url) == (303, f"{device.get_absolute_url()}?tab=support")
    assert again(device).status == Status.NEEDS_REPAIR
    assert the_case_of(device).photos.count() == 2
    assert Letter.objects.filter(template="repairs/fault_reported", person=admin).count() == 1


def test_saving_without_the_switch_reports_nothing(orjan, at_their_desk):
    device = a_device(orjan)
    page = report(at_their_desk(orjan), device, needs_repair="")
    assert page.status_code == 422
    assert "Otherwise nothing is reported" in words(page)
    assert again(device).status == Status.ACTIVE


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4", b"\x89PNG\r\n\x1a\n cut off"])
def test_what_is_no_photo_is_refused_in_words_and_nothing_is_reported(orjan, content, at_their_desk):
    device = a_device(orjan)
    page = report(at_their_desk(orjan), device, fault="x", photos=SimpleUploadedFile("a.png", content))
    assert page.status_code == 422
    assert (again(device).status, Photo.objects.count()) == (Status.ACTIVE, 0)


def test_six_photos_are_one_too_many(orjan, at_their_desk):
    page = report(at_their_desk(orjan), a_device(orjan), photos=[a_photo() for _ in range(6)])
    assert "Five photos at most" in words(page)


def test_a_photo_is_seen_by_admins_and_its_reporter_alone(orjan, nils, at_their_desk):
    device = a_device(orjan)
    report(at_their_desk(orjan), device, photos=a_photo())
    address = f"/repairs/photos/{Photo.objects.get().ref}/small/"
    karin = at_their_desk(a_person("Karin", "Ström"))
    assert [page.get(address).status_code for page in (nils, at_their_desk(orjan), karin)] == [200, 200, 404]


def test_a_fault_is_reported_once(orjan, at_their_desk):
    device = a_device(orjan)
    page = at_their_desk(orjan)
    assert [report(page, device).status_code for _ in range(2)] == [303, 409]
    assert Case.objects.count() == 1


def test_a_colleagues_device_is_not_there(orjan, at_their_desk):
    assert report(at_their_desk(a_person("Karin", "Ström")), a_device(orjan)).status_code == 404


# Taken in


def test_the_confirmation_names_the_next_steps_and_mdm(nils):
    device = a_reported_device()
    text = words(nils.get(f"/devices/{device.ref}/start_repair/"))
    assert "Release it from any MDM" in text
    assert "The company pays for it while it is in repair." in text
    page = nils.post(f"/devices/{device.ref}/start_repair/", {"version": device.version})
    assert page.status_code == 303
    assert again(device).status == Status.IN_REPAIR


def test_the_device_moves_from_one_table_to_the_other(nils):
    device = a_reported_device()
    assert device.serial in words(nils.get("/hardware/?view=needs_repair"))
    nils.post(f"/devices/{device.ref}/start_repair/", {"version": device.version})
    assert device.serial not in words(nils.get("/hardware/?view=needs_repair"))
    assert device.serial in words(nils.get("/hardware/?view=in_repair"))


def test_mdm_is_a_to_do_until_somebody_ticks_it_off(nils):
    device = a_device_in_repair()
    assert "To be released from MDM" in words(nils.get("/"))
    case = the_case_of(device)
    assert nils.post(f"/repairs/{case.ref}/mdm/").status_code == 303
    assert "To be released from MDM" not in words(nils.get("/"))
    case = the_case_of(device)
    assert (case.released_by, case.released_at is not None) == ("Nils Wikström", True)
    assert nils.post(f"/repairs/{case.ref}/mdm/").status_code == 409


def test_of_two_admins_at_once_the_second_sees_what_happened(nils):
    device = a_reported_device()
    seen = device.version
    nils.post(f"/devices/{device.ref}/start_repair/", {"version": seen})
    page = nils.post(f"/devices/{device.ref}/start_repair/", {"version": seen})
    assert page.status_code == 409
    assert "In repair" in words(page)


def test_reverted_it_can_go_to_a_space(nils):
    device, space = a_reported_device(), a_space("Förrådet")
    sent = {"version": device.version, "to": "Förrådet"}
    assert nils.post(f"/devices/{device.ref}/dismiss_fault/", sent).status_code == 303
    assert (again(device).status, again(device).space) == (Status.ACTIVE, space)


def test_reverted_to_nobody_known_is_asked_again(nils):
    device = a_reported_device()
    page = nils.post(f"/devices/{device.ref}/dismiss_fault/", {"version": device.version, "to": "Nobody At All"})
    assert "Nobody and no space is called that." in words(page)
    assert again(device).status == Status.NEEDS_REPAIR


# The outcomes, on the Overview tab


def test_one_click_brings_back_holder_and_payor(nils, orjan):
    device = a_device(orjan, payor="employee")
    device.report_fault(by=orjan)
    device.start_repair(by=an_admin())
    case = the_case_of(device)
    assert "Repaired: back to Örjan Jensen" in words(nils.get(device.get_absolute_url()))
    page = nils.post(f"/repairs/{case.ref}/back/", {"version": device.version})
    assert page.status_code == 303
    device = again(device)
    assert (device.status, device.holder, device.payor) == (Status.ACTIVE, orjan, "employee")
    assert "Nils Wikström assigned repaired device to Örjan Jensen." in words(
        nils.get(f"{device.get_absolute_url()}?tab=activity")
    )


def test_somebody_else_may_have_it_and_the_payor_is_asked_for(nils):
    device, karin = a_device_in_repair(), a_person("Karin", "Ström")
    case = the_case_of(device)
    assert "Karin Ström" in words(nils.get(f"/repairs/{case.ref}/hand/?q=Karin"))
    sent = {"to": karin.ref, "payor": "company", "version": device.version}
    assert nils.post(f"/repairs/{case.ref}/hand/", sent).status_code == 303
    assert (again(device).holder, again(device).payor) == (karin, "company")


def test_without_a_payor_the_page_leads_to_setting_it(nils):
    device, karin = a_device_in_repair(), a_person("Karin", "Ström")
    page = nils.post(f"/repairs/{the_case_of(device).ref}/hand/", {"to": karin.ref, "version": device.version})
    assert page.url.endswith("?tab=assignment")
    assert "The payor is missing." in words(nils.get(page.url))


def test_not_in_repair_leaves_it_unassigned_and_says_so(nils):
    device = a_device_in_repair()
    assert "Assign it to a user or a space next" in words(nils.get(f"/devices/{device.ref}/finish_repair/"))
    nils.post(f"/devices/{device.ref}/finish_repair/", {"version": device.version})
    assert (again(device).status, again(device).whose) == (Status.ACTIVE, None)
    assert "It is unassigned" in words(nils.get(device.get_absolute_url()))


def test_replaced_by_a_new_device_registered_in_the_same_press(nils, orjan):
    device = a_device_in_repair(holder=orjan)
    sent = {
        "how": "new", "name": "Fairphone 5", "category": "phones", "serial": "FP-1", "why": "Water damage",
        "version": device.version,
    }  # fmt: skip
    page = nils.post(f"/repairs/{the_case_of(device).ref}/replace/", sent)
    new = Device.objects.get(serial="FP-1")
    case = the_case_of(device)
    assert (page.status_code, page.url) == (303, new.get_absolute_url())
    assert (new.holder, new.status, again(device).status) == (orjan, Status.ACTIVE, Status.RECYCLED)
    assert (case.outcome, case.replaced_by) == (Case.Outcome.REPLACED, new)


def test_replaced_by_one_that_is_here_it_goes_to_whoever_had_the_old_one(nils, orjan):
    device, spare = a_device_in_repair(holder=orjan), a_device()
    sent = {"how": "here", "other": spare.serial, "why": "Too old", "version": device.version}
    assert nils.post(f"/repairs/{the_case_of(device).ref}/replace/", sent).status_code == 303
    assert again(spare).holder == orjan


def test_replaced_by_none_yet_opens_the_users_store(nils, orjan):
    device = a_device_in_repair(holder=orjan)
    sent = {"how": "store", "why": "Too old", "version": device.version}
    page = nils.post(f"/repairs/{the_case_of(device).ref}/replace/", sent)
    assert "can order a new one in the store" in flashes(nils.get(page.url))[0]
    assert not Device.objects.counted_for(orjan, device.category).exists()


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({"how": "new"}, "A new device needs this."),
        ({"how": "here", "other": "nothing"}, "No device in the house has this reference or number."),
        ({"how": "new", "name": "X", "category": "phones", "serial": "TWIN"}, "has the same serial number"),
    ],
)
def test_what_can_not_replace_it_is_said_and_nothing_is_removed(nils, sent, says):
    a_device(serial="TWIN")
    device = a_device_in_repair()
    page = nils.post(f"/repairs/{the_case_of(device).ref}/replace/", {"why": "w", "version": device.version} | sent)
    assert page.status_code == 422
    assert says in words(page)
    assert again(device).status == Status.IN_REPAIR


def test_removed_from_the_support_tab_it_is_recycled(nils):
    device = a_device_in_repair()
    assert "Remove device" in words(nils.get(f"{device.get_absolute_url()}?tab=support"))
    nils.post(f"/devices/{device.ref}/recycle/", {"why": "Water damage", "version": device.version})
    assert again(device).status == Status.RECYCLED
    assert "Nils Wikström removed device from Velory." in words(nils.get(f"{device.get_absolute_url()}?tab=activity"))


def test_a_case_that_is_closed_is_not_closed_twice(nils, orjan):
    device = a_device_in_repair(holder=orjan)
    case = the_case_of(device)
    answers = [nils.post(f"/repairs/{case.ref}/back/").status_code for _ in range(2)]
    assert answers == [303, 409]
    assert nils.get(f"/repairs/{case.ref}/replace/").status_code == 409
