"""A session is one person's, at one company, in one browser, for a while."""

from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session

from tests.kernel.signing_in import a_browser, ask_for_code, is_in, sign_in, somebody
from tests.making import a_person, an_admin
from velory import clock
from velory.tenancy.context import inside

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


@pytest.fixture
def browser():
    return a_browser()


def test_the_session_gets_another_id_at_sign_in(browser):
    person = somebody()
    ask_for_code(browser, person.email)
    fixed = browser.cookies["session"].value

    browser.cookies.pop("csrftoken", None)
    browser.post("/account/logout/", {"next": "/account/login/"})
    sign_in(browser, person.email)

    assert is_in(browser)
    assert browser.cookies["session"].value != fixed
    assert not Session.objects.filter(session_key=fixed).exists()


def test_the_cookie_is_for_this_host_only(browser):
    sign_in(browser, somebody().email)
    cookie = browser.cookies["session"]
    assert (cookie["httponly"], cookie["samesite"], cookie["domain"], cookie["path"]) == (True, "Lax", "", "/")


def test_after_signing_out_the_back_button_shows_nothing(browser):
    sign_in(browser, somebody().email)
    answer = browser.post("/account/logout/")
    assert answer["Clear-Site-Data"] == '"cache", "storage"'
    assert browser.get("/you/").status_code == 302
    assert "no-store" in browser.get("/account/login/")["Cache-Control"]


def test_ended_access_ends_the_session_at_once(browser):
    person = somebody()
    sign_in(browser, person.email)
    person.end_access(by=an_admin(), at=clock.now())
    assert not is_in(browser)


def test_access_ends_when_the_last_day_is_over(browser, at):
    person = somebody(last_day_on=clock.today())
    sign_in(browser, person.email)
    at("2026-11-22T23:59")
    assert is_in(browser)
    at("2026-11-23T00:00")
    assert not is_in(browser)


def test_a_session_lasts_a_week_without_a_visit_and_a_month_at_most(browser, monkeypatch):
    sign_in(browser, somebody().email)
    browser.get("/you/")
    began = clock.wall()
    for day in range(1, 30):
        monkeypatch.setattr(clock, "wall", lambda day=day: began + timedelta(days=day))
        assert is_in(browser), day
    monkeypatch.setattr(clock, "wall", lambda: began + timedelta(days=30, minutes=1))
    assert not is_in(browser)


def test_a_session_of_one_company_is_nothing_at_another(browser, saimaa):
    """Not even where the other is a copy of it: the same person, the same password hash, the same session row."""
    person = somebody()
    sign_in(browser, person.email)
    row = Session.objects.get(session_key=browser.cookies["session"].value)
    with inside(saimaa):
        a_person(pk=person.pk, email=person.email, password=person.password)
        Session.objects.create(session_key=row.session_key, session_data=row.session_data, expire_date=row.expire_date)
    stolen = a_browser("saimaa.localhost")
    stolen.cookies["session"] = row.session_key
    assert not is_in(stolen)
