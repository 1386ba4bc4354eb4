"""Who gets into the console: admins of the operators' company, at its host; elsewhere it does not exist."""

import pytest
from django.urls import get_resolver

from tests.conftest import Browser
from tests.house.doors import routes
from tests.house.knocking import everything_of, knock
from tests.kernel.operating import at_ops
from tests.making import a_person, an_admin
from velory.tenancy.context import inside
from velory.ui.navigation import Menu

ASKS, LOOKS, DOES = (200, 422), (200, 405), (405, 303)
SUPPORT_AND_ARCHIVE = ("archive", "support")  # what others add to the console has its doors in tests of its own

DOORS = {
    "home": ("/", (303, 303)),
    "companies": ("/companies/", LOOKS),
    "open": ("/companies/new/", ASKS),
    "opening": ("/companies/new/abc/", (404, 405)),
    "go_on": ("/companies/new/abc/go_on/", (405, 404)),
    "company": ("/companies/nordvik/", LOOKS),
    "count": ("/companies/nordvik/count/", DOES),
    "facts": ("/companies/nordvik/facts/", ASKS),
    "plan": ("/companies/nordvik/plan/", ASKS),
    "suspend": ("/companies/nordvik/suspend/", ASKS),
    "lost_factor": ("/companies/nordvik/second_factor/", (303, 303)),  # asked once more who one is
    "resume": ("/companies/nordvik/resume/", (405, 409)),
    "add_domain": ("/companies/nordvik/addresses/", ASKS),
    "make_primary": ("/companies/nordvik/addresses/nordvik.localhost/primary/", DOES),
    "remove_domain": ("/companies/nordvik/addresses/nordvik.localhost/remove/", (200, 409)),
    "settings": ("/settings/", (303, 303)),
    "installation": ("/installation/", LOOKS),
    "try_again": ("/installation/try_again/", (405, 404)),
}


def test_every_address_of_the_console_has_its_line():
    patterns = get_resolver("velory.operators.urls").url_patterns
    assert sorted(name for name, _in_it in routes(patterns) if name.split(":")[0] not in SUPPORT_AND_ARCHIVE) == sorted(
        DOORS
    )


def codes(answers):
    return tuple(answer.status_code for answer in answers)


def knock_at_ops(path, browser):
    return browser.get(path), browser.post(path)


@pytest.mark.parametrize("name", [name for name in sorted(DOORS) if name not in {"home", "settings"}])
def test_at_a_companys_own_host_there_is_no_console(name, operator, nordvik):
    """Not for its admin, and not for somebody with the operator's address: the same bytes as for any other word."""
    path = DOORS[name][0]
    admin, twin = an_admin(), a_person(email="operator@velory.example")
    for who in (None, admin, twin):
        for asked, nothing in zip(knock(path, who), knock("/there-is/no-such/page/", who), strict=True):
            assert asked.status_code == 404
            assert everything_of(asked) == everything_of(nothing)


@pytest.mark.parametrize("name", sorted(DOORS))
def test_at_the_operators_admins_alone_get_in(name, ops, console, saimaa):
    path, expected = DOORS[name]
    assert codes(knock_at_ops(path, console)) == expected

    for answer in knock_at_ops(path, Browser(HTTP_HOST="ops.localhost")):
        assert answer.url.partition("?")[0] == "/account/login/"
    with inside(ops):
        colleague = a_person()
    refused = codes(knock_at_ops(path, at_ops(ops, colleague)))
    assert refused == (303, 303) if name == "home" else set(refused) <= {403, 405}
    assert 200 not in refused


def test_a_cookie_of_another_companys_admin_opens_nothing(ops, operator, at_their_desk):
    theirs = at_their_desk(an_admin())
    browser = Browser(HTTP_HOST="ops.localhost")
    browser.cookies["session"] = theirs.cookies["session"].value
    assert browser.get("/companies/").url.partition("?")[0] == "/account/login/"


def test_the_menu_of_the_console_has_companies_and_no_devices(ops, nordvik):
    with inside(ops):
        there = [place["address"] for group in Menu("/companies/").admin for place in group["places"]]
        assert not Menu("/companies/").own_is_built
    here = [place["address"] for group in Menu("/").admin for place in group["places"]]
    assert there == ["/companies/", "/installation/", "/people/", "/mail/", "/log/", "/settings/"]
    assert "/hardware/" in here
    assert "/companies/" not in here


def test_settings_stand_at_the_foot_of_the_side_bar_in_view_however_low_the_window(nordvik):
    menu = Menu("/settings/export/")
    assert [place["address"] for place in menu.pinned] == ["/settings/"]
    assert menu.pinned[0]["current"]


def test_one_begins_at_the_companies(console, ops):
    assert console.get("/").url == "/companies/"
    with inside(ops):
        colleague = a_person()
    assert at_ops(ops, colleague).get("/").url == "/you/"
    assert at_ops(ops, colleague).get("/you/").status_code == 200
