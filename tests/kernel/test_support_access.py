"""Support looks at a company's pages for a while, for a reason, with the company's leave and seen by it, and does
nothing else: it cannot pay, decide or export (reliability R68)."""

import re
from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse

from tests.conftest import Browser
from tests.house.doors import DOORS, NAMES, address
from tests.house.worlds import a_world
from tests.making import a_device, a_person, an_admin
from velory import clock
from velory.agenda import book
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.people import invitations
from velory.people.models import Person
from velory.post.models import Letter
from velory.support.models import ANSWER_WITHIN, SupportAccess, SupportLook, SupportSettings
from velory.tenancy.context import inside
from velory.ui.todos import todos

WHY = "The import of last week left devices without a holder"


@pytest.fixture(autouse=True)
def media(tmp_path, settings):
    """Files of a test go with it."""
    settings.MEDIA_ROOT = tmp_path


def an_access(at, **facts):
    known = {"operator_ref": "P-222222", "operator_name": "Ylva Ek", "why": WHY, "ticket": "T-17"}
    return SupportAccess.ask(**known | facts, at=at)


def an_allowed_access(at, **facts):
    access = an_access(at, **facts)
    access.allow(by=an_admin(), at=at)
    return access


def a_support_browser(access, at, host="nordvik.localhost"):
    browser = Browser(HTTP_HOST=host)
    assert browser.post(f"/support/enter/{access.way_in(at=at)}/").status_code == 303
    return browser


def words(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


# Asked, allowed, refused


def test_the_admins_are_asked_and_one_of_them_answers(at, at_their_desk):
    admins = [an_admin(), an_admin()]
    access = an_access(at.moment)
    assert access.state == SupportAccess.State.ASKED
    assert {letter.person for letter in Letter.objects.of_template("support/asks")} == set(admins)
    assert [todo.code for todo in todos(today=clock.today()) if "support" in todo.code] == ["support_asks"]
    with pytest.raises(Refused):
        access.way_in(at=at.moment)

    desk = at_their_desk(admins[0])
    assert WHY in words(desk.get("/settings/support/"))
    assert desk.post(f"/settings/support/{access.ref}/allow/").status_code == 303
    access = SupportAccess.objects.get()
    assert access.ends_at == at.moment + timedelta(hours=1)
    assert access.answered_by == admins[0]
    assert desk.post(f"/settings/support/{access.ref}/refuse/").status_code == 409


def test_where_the_company_allows_it_always_it_is_told(at):
    an_admin()
    SupportSettings.objects.create(pk=1, support_may_look="with_notice")
    access = an_access(at.moment, hours=4)
    assert access.is_good_at(at.moment)
    assert access.ends_at == at.moment + timedelta(hours=4)
    assert [letter.template for letter in Letter.objects.all()] == ["support/looks"]


def test_what_was_refused_stays_shut(at):
    access = an_access(at.moment)
    access.refuse(by=an_admin(), at=at.moment)
    with pytest.raises(Refused):
        access.way_in(at=at.moment)


def test_what_nobody_answers_is_over_in_a_week(at):
    access = an_access(at.moment)
    late = at.moment + ANSWER_WITHIN
    with pytest.raises(Refused):
        access.allow(by=an_admin(), at=late)
    book.dispatch(at=late)
    assert SupportAccess.objects.get().state == SupportAccess.State.ENDED


@pytest.mark.parametrize("hours", [0, 3, 5, 24])
def test_four_hours_is_the_most(at, hours):
    with pytest.raises(Exception, match="support_hours"), transaction.atomic():
        an_access(at.moment, hours=hours)


# Looking


def test_support_sees_what_an_admin_sees_under_a_banner(at):
    device = a_device(a_person("Åsa", "Lind"))
    access = an_allowed_access(at.moment)
    browser = a_support_browser(access, at.moment)
    for path in (
        "/",
        "/hardware/",
        f"/devices/{device.ref}/",
        "/people/",
        "/payments/",
        "/settings/",
        "/log/",
        "/mail/",
    ):
        page = browser.get(path)
        assert page.status_code == 200, path
        assert "Support access." in words(page), path
        assert "Ylva Ek" in words(page), path
    assert device.ref in words(browser.get("/hardware/"))
    assert SupportAccess.objects.get().looks == SupportLook.objects.count() == 9
    assert SupportLook.objects.first().path == "/"


def test_it_is_nobody_who_could_have_or_decide_anything(at):
    people = Person.objects.count()
    access = an_allowed_access(at.moment)
    a_support_browser(access, at.moment).get("/")
    assert Person.objects.count() == people + 1  # the admin who allowed it


def test_no_page_has_a_form_that_changes_something(at):
    access = an_allowed_access(at.moment)
    browser = a_support_browser(access, at.moment)
    for path in ("/hardware/", "/payments/", "/payments/payees/", "/settings/", "/people/new/", "/settings/export/"):
        forms = re.findall(r"<form[^>]*method=.post[^>]*>", browser.get(path).content.decode(), re.IGNORECASE)
        assert [form for form in forms if "/support/leave/" not in form] == [], path


def test_where_a_form_stood_the_page_says_why_it_is_left_out(at):
    access = an_allowed_access(at.moment)
    browser = a_support_browser(access, at.moment)
    assert "It is left out: support only looks." in words(browser.get("/people/new/"))
    assert "It is left out" not in words(browser.get("/log/"))


def test_a_page_of_many_forms_says_so_in_full_once(at):
    page = words(a_support_browser(an_allowed_access(at.moment), at.moment).get("/settings/"))
    assert page.count("It is left out: support only looks.") == 1
    assert page.count("A form, left out here too.") > 3
    assert "How their worth falls" not in page  # a table that is filled in is a form as well


def test_its_end_names_the_time_zone(at):
    access = an_allowed_access(at.moment)
    shown = f"{access.ends_at.astimezone(clock.zone()):%H:%M} (Europe/Stockholm)"
    assert shown in words(a_support_browser(access, at.moment).get("/"))


def test_at_every_door_each_post_is_refused_and_no_page_breaks(at):
    """The role `support` in the matrix: whatever the address, nothing but looking."""
    world = a_world(a_person())
    access = an_allowed_access(at.moment)
    browser = a_support_browser(access, at.moment)
    entries, found = Entry.objects.count(), {}
    for name in sorted(set(DOORS) & set(NAMES) - {"support:leave"}):
        path = address(DOORS[name], world)
        answers = [getattr(browser, method)(path) for method in ("post", "put", "patch", "delete")]
        looked = browser.get(path)
        if {answer.status_code for answer in answers} != {403} or "Support only looks" not in words(answers[0]):
            found[name] = [answer.status_code for answer in answers]
        if looked.status_code not in {200, 302, 303, 403, 404, 405, 409, 410, 503} or looked.get("Content-Disposition"):
            found[name] = looked.status_code, looked.get("Content-Disposition")
    assert found == {}
    assert Entry.objects.count() == entries


@pytest.mark.parametrize(
    "path", ["/hardware/export/", "/log/export/", "/payments/export/", "/settings/export/", "/you/", "/you/again/"]
)
def test_nothing_is_exported_and_nothing_is_their_own(at, path):
    browser = a_support_browser(an_allowed_access(at.moment), at.moment)
    assert browser.get(path).status_code == 403


def test_it_does_not_set_out_for_an_identity_provider(at, openid):
    ref = openid.set_up().ref
    browser = a_support_browser(an_allowed_access(at.moment), at.moment)
    for path in (f"/account/with/{ref}/?for=link", f"/account/with/{ref}/back/?state=x", f"/you/link/{ref}/"):
        assert browser.get(path).status_code == 403
    assert openid.asked == []


def test_links_in_letters_open_nothing(at):
    letter = Letter.objects.of_template("people/invitation")
    made = invitations.invite(a_person(), by=an_admin())
    token = re.search(r"/welcome/([\w-]+)/", letter.get(person=made.person).context["link"])[1]
    browser = a_support_browser(an_allowed_access(at.moment), at.moment)
    assert token not in words(browser.get(letter.get(person=made.person).get_absolute_url()))


# Until when


def test_it_ends_by_itself_on_the_minute(at):
    access = an_allowed_access(at.moment)
    browser = a_support_browser(access, at.moment)
    at(at.moment + timedelta(minutes=59, seconds=59))
    assert browser.get("/hardware/").status_code == 200
    at(at.moment + timedelta(seconds=1))
    over = browser.get("/hardware/")
    assert (over.status_code, "The support access is over" in words(over)) == (403, True)
    assert browser.get("/hardware/").status_code == 302
    book.dispatch(at=at.moment)
    access = SupportAccess.objects.get()
    assert (access.state, access.ended_at) == ("ended", access.ends_at)


def test_an_admin_ends_it_at_once(at, at_their_desk):
    access = an_allowed_access(at.moment)
    browser = a_support_browser(access, at.moment)
    assert browser.get("/").status_code == 200
    at_their_desk(Person.objects.get(pk=access.answered_by_id)).post(f"/settings/support/{access.ref}/end/")
    assert browser.get("/").status_code == 403


def test_whoever_looks_ends_it(at):
    access = an_allowed_access(at.moment)
    browser = a_support_browser(access, at.moment)
    assert browser.post("/support/leave/").status_code == 303
    assert browser.get("/").status_code == 302
    assert SupportAccess.objects.get().ended_by_name == "Ylva Ek"


# The way in


def test_the_link_holds_once_and_for_five_minutes(at, client):
    access = an_allowed_access(at.moment)
    first, raw = access.way_in(at=at.moment), access.way_in(at=at.moment)
    assert client.get(f"/support/enter/{first}/").status_code == 404
    assert client.get(f"/support/enter/{raw}/").status_code == 200
    assert client.post(f"/support/enter/{raw}/").status_code == 303
    assert Browser(HTTP_HOST="nordvik.localhost").post(f"/support/enter/{raw}/").status_code == 404

    late = access.way_in(at=at.moment)
    at(at.moment + timedelta(minutes=5))
    assert Browser(HTTP_HOST="nordvik.localhost").post(f"/support/enter/{late}/").status_code == 404


def test_it_is_no_good_at_another_company(at, saimaa):
    access = an_allowed_access(at.moment)
    raw = access.way_in(at=at.moment)
    assert Browser(HTTP_HOST="saimaa.localhost").post(f"/support/enter/{raw}/").status_code == 404
    browser = a_support_browser(access, at.moment)
    there = Browser(HTTP_HOST="saimaa.localhost")
    there.cookies["session"] = browser.cookies["session"].value
    assert there.get("/hardware/").status_code == 302


def test_everything_stands_in_the_journal(at):
    access = an_allowed_access(at.moment)
    browser = a_support_browser(access, at.moment)
    browser.get("/people/")
    browser.post("/support/leave/")
    said = [str(entry) for entry in Entry.objects.about(access)]
    assert said == [
        f"Ylva Ek of Velory’s support asked to look at these pages ({access.ref}): {WHY}",
        f"Support access {access.ref} for Ylva Ek was allowed for 1 h (Nils Wikström).",
        f"Ylva Ek of Velory’s support opened these pages ({access.ref}).",
        f"Ylva Ek ended their support access {access.ref}: 1 pages were looked at.",
    ]


def test_an_employee_sees_nothing_of_it(at, at_their_desk):
    access = an_access(at.moment)
    assert at_their_desk(a_person()).get("/settings/support/").status_code == 403
    assert at_their_desk(a_person()).get(access.get_absolute_url()).status_code == 403


def test_the_setting_is_changed_and_journalled(at, at_their_desk):
    desk = at_their_desk(an_admin())
    assert "Default: Only when an admin allows it, each time." in desk.get("/settings/support/").text
    assert desk.post("/settings/support/", {"support_may_look": "with_notice"}).status_code == 303
    assert SupportSettings.here().support_may_look == "with_notice"
    assert Entry.objects.filter(about_type="support.supportsettings").count() == 1


# In the console


@pytest.fixture
def desk_at_ops(ops, operator, at_their_desk):
    """An operator who has just signed in at the console."""
    with inside(ops):
        return at_their_desk(operator, ops.host)


def test_an_operator_asks_opens_and_ends(at, desk_at_ops):
    console = desk_at_ops
    an_admin()
    assert "Ask to look" in words(console.get("/companies/nordvik/"))
    asked = console.post("/companies/nordvik/support/", {"why": WHY, "hours": 2})
    assert asked.status_code == 303
    access = SupportAccess.objects.get()
    assert (access.operator_name, access.hours) == ("Velory Operator", 2)
    assert console.post(f"/companies/nordvik/support/{access.ref}/open/").status_code == 409

    access.allow(by=an_admin(), at=at.moment)
    page = console.post(f"/companies/nordvik/support/{access.ref}/open/")
    link = re.search(r"http://nordvik.localhost(/support/enter/[\w-]+/)", page.content.decode())[1]
    assert Browser(HTTP_HOST="nordvik.localhost").post(link).status_code == 303
    assert console.post(f"/companies/nordvik/support/{access.ref}/end/").status_code == 303
    assert SupportAccess.objects.get().state == SupportAccess.State.ENDED


def test_the_console_s_addresses_are_nowhere_else(at_their_desk):
    desk = at_their_desk(an_admin())
    assert desk.get("/companies/nordvik/support/").status_code == 404
    assert reverse("support_console:ask", args=["nordvik"], urlconf="velory.operators.site_urls")
