"""A device has one page; what stands on it depends on who reads."""

import pytest

from assets.models import AssetSettings, Note
from assets.panels import Alert, _alerts, _panels, alert, panel
from tests.assets.making import a_returned_device, a_started_device, an_ordered_device, flashes, words
from tests.making import a_device, a_location, a_person, a_space, an_admin
from velory.people.models import Role
from velory.tenancy.context import inside

TABS = ["overview", "lifecycle", "support", "notes", "activity", "assignment"]


def tabs_of(page):
    return [tab for tab in TABS if f"?tab={tab}" in page.content.decode()]


# Who reads it


def test_the_holder_sees_everything_but_assignment(at_their_desk):
    ebba = a_person("Ebba", "Sjöberg", language="en")
    device = a_device(ebba)
    page = at_their_desk(ebba).get(f"/devices/{device.ref}/")
    assert page.status_code == 200
    assert tabs_of(page) == ["lifecycle", "support", "notes", "activity"]
    assert device.serial in words(page)
    assert "Edit facts and dates" not in words(page)
    assert "Payor" not in words(page)


def test_an_admin_sees_assignment_too(at_their_desk):
    nils = an_admin()
    page = at_their_desk(nils).get(f"/devices/{a_device().ref}/")
    assert tabs_of(page) == TABS[1:]
    assert "Edit facts and dates" in words(page)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.PURCHASE_MANAGER])
def test_a_colleague_s_device_is_not_there(at_their_desk, role):
    device, chidi = a_device(a_person()), a_person("Chidi", "Nyström", role=role)
    desk = at_their_desk(chidi)
    for address in [f"/devices/{device.ref}/", f"/devices/{device.ref}/remove/", f"/devices/{device.ref}/?tab=notes"]:
        assert desk.get(address).status_code == 404
    assert desk.post(f"/devices/{device.ref}/notes/", {"text": "Mine"}).status_code == 404
    assert desk.post(f"/devices/{device.ref}/remove/", {"why": "Mine"}).status_code == 404
    assert Note.objects.count() == 0


def test_where_the_company_shows_its_assets_a_colleague_reads_and_no_more(at_their_desk):
    AssetSettings.objects.update_or_create(pk=1, defaults={"hide_company_assets": False})
    device, chidi = a_device(a_person()), a_person("Chidi", "Nyström", language="en")
    desk = at_their_desk(chidi)
    page = desk.get(f"/devices/{device.ref}/")
    assert page.status_code == 200
    assert tabs_of(page) == ["support"]
    assert "What you can do" not in words(page)
    assert "Who has had it" not in words(page)
    assert desk.post(f"/devices/{device.ref}/remove/", {"why": "Mine"}).status_code == 404
    assert "Add a note" not in words(desk.get(f"/devices/{device.ref}/?tab=notes"))


def test_another_company_s_device_answers_like_one_that_does_not_exist(at_their_desk, saimaa):
    desk = at_their_desk(an_admin())
    with inside(saimaa):
        foreign = a_device(by=a_person(role=Role.ADMIN))
    there, nowhere = desk.get(f"/devices/{foreign.ref}/"), desk.get("/devices/D-222222/")
    assert (there.status_code, nowhere.status_code) == (404, 404)
    assert there.content == nowhere.content
    assert desk.post(f"/devices/{foreign.ref}/remove/", {"why": "Mine"}).status_code == 404


def test_nobody_is_led_to_sign_in(client):
    answer = client.get(f"/devices/{a_device().ref}/")
    assert answer.status_code == 302
    assert "next=/devices/" in answer.url


def test_a_reference_that_was_read_aloud_is_found_in_small_letters(at_their_desk):
    device = a_device()
    assert at_their_desk(an_admin()).get(f"/devices/{device.ref.lower()}/").status_code == 200


# What stands on it


def test_each_tab_has_its_own_address_and_an_unknown_one_is_the_overview(at_their_desk):
    nils, device = an_admin(), a_device(a_person())
    desk = at_their_desk(nils)
    for tab in [*TABS, "nonsense", "<script>"]:
        page = desk.get(f"/devices/{device.ref}/", {"tab": tab})
        assert page.status_code == 200
        assert page.content.decode().count('<a href="') > 5
    assert "Facts" in words(page)


def test_its_next_step_stands_under_its_header(at_their_desk, monkeypatch):
    nils, ebba = an_admin(), a_person("Ebba", "Sjöberg")
    started, returned = a_started_device(ebba, monkeypatch), a_returned_device(ebba, monkeypatch)
    desk = at_their_desk(nils)
    page = words(desk.get(f"/devices/{started.ref}/"))
    assert "Next step When it has left its holder: sent back, or bought from the distributor. Confirm return" in page
    page = words(desk.get(f"/devices/{returned.ref}/"))
    assert "Next step Take it out of MDM and other company systems first. Mark as released" in page
    assert "Next step" not in words(desk.get(f"/devices/{a_device().ref}/"))


def test_a_greyed_step_stands_with_its_reason(at_their_desk):
    ebba = a_person("Ebba", "Sjöberg", language="en")
    AssetSettings.objects.update_or_create(pk=1, defaults={"holder_may_receive": False})
    device = an_ordered_device(ebba, serial="SN1")
    page = at_their_desk(ebba).get(f"/devices/{device.ref}/")
    assert "In your company IT marks devices as received." in words(page)
    assert 'aria-disabled="true"' in page.content.decode()


def test_what_an_admin_should_not_overlook_is_said(at_their_desk):
    desk = at_their_desk(an_admin())
    assert "It is unassigned" in words(desk.get(f"/devices/{a_device().ref}/"))
    lacking = a_device(a_person(), payor="", renewal_on=None)
    page = words(desk.get(f"/devices/{lacking.ref}/"))
    assert "The payor is missing." in page
    assert "The renewal date is missing" in page


def test_its_activity_tells_its_life_in_the_reader_s_language(at_their_desk):
    nils, device = an_admin(), a_device(a_person("Ebba", "Sjöberg"))
    device.unassign(by=nils)
    device.remove(by=nils, why="Lost")
    page = words(at_their_desk(nils).get(f"/devices/{device.ref}/?tab=activity"))
    assert "Nils Wikström removed device from Velory." in page
    assert "Nils Wikström took it back from Ebba Sjöberg." in page
    assert page.index("removed device") < page.index("took it back") < page.index("registered it")


def test_who_had_it_stays_on_the_page(at_their_desk, at):
    nils, device = an_admin(), a_device(a_person("Ebba", "Sjöberg"))
    at("2026-12-01T09:00")
    device.assign(by=nils, to=a_space("Konferensrum Vinga"))
    page = words(at_their_desk(nils).get(f"/devices/{device.ref}/"))
    assert "Konferensrum Vinga since 1 Dec 2026" in page
    assert "Ebba Sjöberg 22 Nov 2026" in page


def test_apps_above_show_their_panels_and_alerts(at_their_desk):
    ebba = a_person("Ebba", "Sjöberg", language="en")
    device = a_device(ebba)

    @panel("lifecycle")
    def choices(shown, person, *, today):
        return ("assets/_partner_contact.html", {"partner": shown.distributor})

    @alert
    def asks(person, *, today):
        return [Alert("Choose what happens", "The lease ends soon.", "Make your choice", "/elsewhere/", device)]

    try:
        page = at_their_desk(ebba).get(f"/devices/{device.ref}/?tab=lifecycle")
        assert "No support contact is known" in words(page)
        assert "Choose what happens The lease ends soon." in words(page)
        assert "Make your choice" not in words(page)
        assert "Make your choice" in words(at_their_desk(ebba).get(f"/devices/{device.ref}/"))
    finally:
        _panels["lifecycle"]._known[:] = [known for known in _panels["lifecycle"]._known if known[1] is not choices]
        _alerts.remove(asks)


@pytest.mark.parametrize("tab", TABS)
def test_a_tab_costs_the_same_queries_for_one_line_and_for_three(at_their_desk, django_assert_num_queries, tab):
    nils = an_admin()
    one, three = a_device(a_person(location=a_location())), a_device(a_person(location=a_location()))
    one.remark("First", by=nils, at=one.registered_at)
    for number in range(3):
        three.remark(f"Note {number}", by=nils, at=three.registered_at)
        three.assign(by=nils, to=a_person())
    one.assign(by=nils, to=a_person())
    expected = {"overview": 7, "lifecycle": 11, "support": 10, "notes": 5, "activity": 6, "assignment": 6}[tab]
    desk = at_their_desk(nils)
    desk.get("/settings/")
    for device in (one, three):
        with django_assert_num_queries(expected):
            desk.get(f"/devices/{device.ref}/?tab={tab}")


# Notes


def test_a_note_is_dated_and_signed(at_their_desk):
    ebba = a_person("Ebba", "Sjöberg", language="en")
    device = a_device(ebba)
    answer = at_their_desk(ebba).post(f"/devices/{device.ref}/notes/", {"text": "The charger is missing"})
    assert answer.url == f"/devices/{device.ref}/?tab=notes"
    assert flashes(answer) == [f"The note stands on {device}."]
    note = Note.objects.get()
    assert (note.text, note.by_name, note.by_ref, note.admin_only) == (
        "The charger is missing", "Ebba Sjöberg", ebba.ref, False,
    )  # fmt: skip
    assert "The charger is missing Ebba Sjöberg, 22 Nov 2026, 07:00" in words(
        at_their_desk(ebba).get(f"/devices/{device.ref}/?tab=notes")
    )


def test_an_admin_s_own_note_is_kept_from_the_holder(at_their_desk):
    nils, ebba = an_admin(), a_person("Ebba", "Sjöberg")
    device = a_device(ebba)
    at_their_desk(nils).post(f"/devices/{device.ref}/notes/", {"text": "Watch this one", "admin_only": "on"})
    assert "Watch this one" in words(at_their_desk(nils).get(f"/devices/{device.ref}/?tab=notes"))
    assert "Watch this one" not in words(at_their_desk(ebba).get(f"/devices/{device.ref}/?tab=notes"))


def test_a_holder_cannot_hide_a_note_from_the_admins(at_their_desk):
    ebba = a_person("Ebba", "Sjöberg")
    device = a_device(ebba)
    at_their_desk(ebba).post(f"/devices/{device.ref}/notes/", {"text": "Mine", "admin_only": "on"})
    assert Note.objects.get().admin_only is False


@pytest.mark.parametrize("text", ["", "   ", "x" * 4001])
def test_a_note_says_something_and_ends(at_their_desk, text):
    nils, device = an_admin(), a_device()
    assert at_their_desk(nils).post(f"/devices/{device.ref}/notes/", {"text": text}).status_code == 422
    assert Note.objects.count() == 0


def test_markup_in_a_note_is_shown_as_it_was_written(at_their_desk):
    nils, device = an_admin(), a_device(name="<b>Bold</b>")
    device.remark('<script>alert("x")</script>', by=nils, at=device.registered_at)
    page = at_their_desk(nils).get(f"/devices/{device.ref}/?tab=notes").content.decode()
    assert "<script>alert" not in page
    assert "<b>Bold</b>" not in page
    assert "&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;" in page
