"""Who gets in where: every address of the product, for nobody, an employee, an admin and another company's admin.

Whatever belongs to another company or to nobody gets the same answer to the byte.
"""

import re
import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from django.db import connection, transaction
from django.test import override_settings
from django.urls import Resolver404, resolve

from tests.conftest import Browser
from tests.house.doors import DOORS, NAMES, address
from tests.house.knocking import codes, everything_of, knock, missing, signed_in
from tests.house.worlds import a_world
from tests.making import a_person, an_admin
from velory import clock
from velory.people.models import Person
from velory.tenancy.context import inside

LINK = re.compile(rb'<a\b[^>]*?\shref="(/(?!static/)[^"]*)"')
MADE_AT = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)  # as every test's clock has it


@dataclass(frozen=True)
class Worlds:
    """What stands in both companies, made once for all doors: every test gets it as it was made."""

    ours: dict
    employee: int
    admin: int
    theirs: dict
    their_admin: int


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of both worlds."""
    return tmp_path_factory.mktemp("files")


@pytest.fixture(scope="module")
def made(companies, files, django_db_blocker):
    """Both worlds, in a transaction around those of the tests, which take back what each of them does."""
    with django_db_blocker.unblock(), override_settings(MEDIA_ROOT=files), pytest.MonkeyPatch.context() as patch:
        patch.setattr(clock, "now", lambda: MADE_AT)
        connection.set_schema_to_public()
        around = transaction.atomic()
        around.__enter__()
        with inside(companies["nordvik"]):
            employee, admin = a_person(), an_admin()
            ours = a_world(employee)
        with inside(companies["saimaa"]):
            theirs, their_admin = a_world(a_person()), an_admin()
        connection.check_constraints()
    yield Worlds(ours, employee.pk, admin.pk, theirs, their_admin.pk)
    with django_db_blocker.unblock():
        connection.set_schema_to_public()
        transaction.set_rollback(True)
        around.__exit__(None, None, None)


@pytest.fixture
def worlds(made, files, tmp_path, settings):
    """Both worlds, with files of their own."""
    settings.MEDIA_ROOT = shutil.copytree(files, tmp_path / "files")
    return made


@pytest.fixture
def employee(worlds):
    return Person.objects.get(pk=worlds.employee)


@pytest.fixture
def admin(worlds):
    return Person.objects.get(pk=worlds.admin)


def test_every_address_has_its_line_and_every_line_its_address():
    assert sorted(DOORS) == NAMES


@pytest.mark.parametrize("name", sorted(set(DOORS) & set(NAMES)))
def test_who_gets_in(name, worlds, employee, admin):
    door, world = DOORS[name], worlds.ours
    path = address(door, world)

    nobody = knock(path)
    if door.nobody is None:
        assert [answer.url.partition("?")[0] for answer in nobody] == ["/account/login/"] * 2
    else:
        assert codes(nobody) == door.nobody

    assert codes(knock(path, employee)) == door.employee, "an employee"
    assert codes(knock(path, admin)) == door.admin, "an admin"

    if door.colleague:
        theirs = next(f"other {of}" for of in door.of if f"other {of}" in world)
        assert codes(knock(address(door, world, thing=world[theirs]), employee)) == door.colleague, "a colleague's"


@pytest.mark.parametrize(
    "name", sorted(n for n in set(DOORS) & set(NAMES) if any(not of.startswith("=") for of in DOORS[n].of))
)
def test_another_companys_and_nobodys_are_the_same_404(name, worlds, employee, admin):
    door, world, theirs = DOORS[name], worlds.ours, worlds.theirs
    thing = next(of for of in door.of if not of.startswith("="))

    for cookie in (signed_in(admin), signed_in(employee)):
        foreign = knock(address(door, world, thing=theirs[thing]), cookie=cookie)
        none = knock(address(door, world, thing=missing(theirs[thing])), cookie=cookie)
        malformed = knock(address(door, world, thing="x" * 200), cookie=cookie)

        assert theirs[thing] != missing(theirs[thing])
        assert set(codes(foreign)) <= {403, 404, 405}
        for method in (0, 1):
            assert everything_of(foreign[method]) == everything_of(none[method]) == everything_of(malformed[method])
        for odd in ("%00", "%F0%9F%92%A9", "..", "%2e%2e%2f", "'%22%3B--", "%ff"):
            path = address(door, world, thing="SOMETHING").replace("SOMETHING", odd)
            assert set(codes(knock(path, cookie=cookie))) <= {403, 404, 405}, odd


@pytest.mark.parametrize("name", sorted(n for n in set(DOORS) & set(NAMES) if DOORS[n].nobody is None))
def test_another_companys_cookie_is_nobodys(name, worlds, saimaa):
    door = DOORS[name]
    with inside(saimaa):
        theirs = Browser(HTTP_HOST="saimaa.localhost")
        admin = Person.objects.get(pk=worlds.their_admin)
        theirs.force_login(admin, backend="velory.people.backends.PersonBackend")
    answers = knock(address(door, worlds.ours), cookie=theirs.cookies["session"].value)
    assert [answer.url.partition("?")[0] for answer in answers] == ["/account/login/"] * 2


@pytest.mark.parametrize("part", ["employee", "admin"])
def test_a_link_leads_to_a_page_and_not_to_what_only_a_button_does(part, worlds, request):
    cookie, dead = signed_in(request.getfixturevalue(part)), {}
    for name in sorted(name for name in set(DOORS) & set(NAMES) if getattr(DOORS[name], part)[0] == 200):
        browser = Browser(HTTP_HOST="nordvik.localhost")
        browser.cookies["session"] = cookie
        page = browser.get(address(DOORS[name], worlds.ours))
        if page.headers["Content-Type"].startswith("text/html") and not page.streaming:
            links = {link.decode() for link in LINK.findall(page.content)}
            dead |= {link: f"on the page of {name}" for link in links if not leads_to_a_page(link, part)}
    assert dead == {}


def leads_to_a_page(link, part):
    """Whether a link of somebody's page opens something: an address there is, and not for buttons alone."""
    try:
        door = resolve(urlsplit(link).path).view_name
    except Resolver404:
        return False
    return door not in DOORS or getattr(DOORS[door], part)[0] != 405
