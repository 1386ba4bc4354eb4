"""A mailbox alone changes no password of somebody who has a second factor; what was lost is signed out (R60, R67)."""

import json
import re

import pytest
from django.contrib.sessions.models import Session

from tests.kernel.authenticator import SoftKey
from tests.kernel.signing_in import PASSWORD, a_browser, is_in, sign_in, somebody
from tests.kernel.two_factors import code_of, with_an_app
from tests.making import an_admin
from velory import clock
from velory.people import factors, invitations
from velory.people.models import Person
from velory.post.models import Letter
from velory.tenancy.context import inside

NEW = "fyra gröna katter"


pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


@pytest.fixture
def browser():
    return a_browser()


def path_in(template):
    link = Letter.objects.filter(template=f"people/{template}").latest("pk").context["link"]
    return re.sub(r"^https?://[^/]+", "", link)


def behind_a_reset(browser, person):
    """The page to which a mailed link leads."""
    browser.post("/account/password/", {"email": person.email})
    return browser.get(path_in("password_reset"), follow=True).redirect_chain[-1][0]


def password_of(person):
    return next(word for word in (PASSWORD, NEW) if Person.objects.get(pk=person.pk).check_password(word))


# The link that resets a password


def test_the_second_factor_is_asked_before_the_new_password(browser):
    person, secret = with_an_app()
    page = behind_a_reset(browser, person)

    assert "password1" not in browser.get(page).text
    assert browser.post(page, {"password1": NEW}).status_code == 422
    assert browser.post(page, {"code": "000000"}).status_code == 422
    assert password_of(person) == PASSWORD
    assert "password1" not in browser.get(page).text

    assert browser.post(page, {"code": code_of(secret)}).status_code == 303
    assert "password1" in browser.get(page).text
    assert browser.post(page, {"password1": NEW}).url == "/"  # and nothing is asked twice
    assert password_of(person) == NEW
    assert is_in(browser)


def test_a_passkey_proves_it_too(browser, at_their_desk):
    person = somebody()
    desk, key = at_their_desk(person), SoftKey()
    made = key.make(desk.post("/you/security/passkeys/options/").json())
    desk.post("/you/security/passkeys/new/", {"name": "Laptop", "answer": json.dumps(made)})
    assert browser.post("/account/proof/passkey/").status_code == 302  # nobody has opened a link here
    page = behind_a_reset(browser, person)
    browser.get(page)
    answer = key.sign(browser.post("/account/proof/passkey/").json())
    assert browser.post(page, {"answer": json.dumps(answer)}).status_code == 303
    browser.post(page, {"password1": NEW})
    assert password_of(person) == NEW


def test_what_was_proven_ends_and_is_asked_anew(browser, monkeypatch):
    person, secret = with_an_app()
    page = behind_a_reset(browser, person)
    browser.post(page, {"code": code_of(secret)})
    wall = clock.wall()
    monkeypatch.setattr(clock, "wall", lambda: wall.replace(year=wall.year + 1))
    assert browser.post(page, {"password1": NEW}).status_code == 422
    assert password_of(person) == PASSWORD


@pytest.mark.parametrize("headers", [{"HTTP_X_REQUESTED_WITH": "XMLHttpRequest"}, {"HTTP_ACCEPT": "application/json"}])
def test_no_script_goes_round_it(browser, headers):
    person, _secret = with_an_app()
    browser.post("/account/password/", {"email": person.email})
    for path in (path_in("password_reset"), behind_a_reset(browser, person)):
        browser.post(path, {"password1": NEW}, **headers)
    assert password_of(person) == PASSWORD
    assert not is_in(browser)


def test_what_somebody_else_proved_in_this_browser_does_not_count(browser):
    person, _secret = with_an_app()
    other, secret = with_an_app()
    sign_in(browser, other)
    browser.post("/account/second/", {"code": code_of(secret)})
    assert is_in(browser)
    page = behind_a_reset(browser, person)
    assert browser.post(page, {"password1": NEW}).status_code == 422
    assert browser.post(page, {"code": code_of(secret, later=1)}).status_code == 422
    assert password_of(person) == PASSWORD
    assert not is_in(browser)


def test_without_a_second_factor_the_link_is_enough(browser):
    person = somebody()
    browser.post(behind_a_reset(browser, person), {"password1": NEW})
    assert password_of(person) == NEW
    assert is_in(browser)


def test_tries_are_counted_there_as_everywhere(browser):
    person, secret = with_an_app()
    page = behind_a_reset(browser, person)
    for _ in range(6):
        browser.post(page, {"code": "000000"})
    assert browser.post(page, {"code": code_of(secret)}).status_code == 422
    assert "password1" not in browser.get(page).text


# An invitation to somebody who has been here


def test_an_invitation_asks_for_it_first(browser):
    person, secret = with_an_app()
    invitations.invite(person, by=an_admin())
    page = path_in("invitation")

    assert "password1" not in browser.get(page).text
    assert browser.post(page, {"password1": NEW}).status_code == 422
    assert password_of(person) == PASSWORD
    browser.post(page, {"code": code_of(secret)})
    assert browser.post(page, {"password1": NEW}).url == "/"
    assert password_of(person) == NEW
    assert is_in(browser)


# What is lost is signed out


def test_a_second_factor_that_is_lost_ends_every_session_of_its_person():
    person, secret = with_an_app()
    lost, colleague, admin = a_browser(), a_browser(), an_admin()
    sign_in(lost, person)
    lost.post("/account/second/", {"code": code_of(secret)})
    sign_in(colleague, somebody())
    assert is_in(lost)

    factors.remove_all(person, by=admin, reason="Phone lost", at=clock.now())

    assert not is_in(lost)
    assert is_in(colleague)
    sign_in(lost, person)
    assert is_in(lost)


def test_both_pages_say_so(at_their_desk, console, ops):
    person, _secret = with_an_app()
    assert "Wherever they are signed in now, they are signed out" in at_their_desk(an_admin()).get(
        f"/people/{person.ref}/second_factor/remove/").text  # fmt: skip
    with inside(ops):
        session = console.session
        session["said_again_at"] = clock.wall().isoformat()
        session.save()
    assert "Wherever they are signed in now" in console.get("/companies/nordvik/second_factor/").text


def test_one_signs_out_everywhere_else_and_stays_here():
    person = somebody()
    here, lost = a_browser(), a_browser()
    for browser in (here, lost):
        sign_in(browser, person)
    before = here.session.session_key

    assert here.post("/you/security/elsewhere/").status_code == 303

    assert is_in(here)
    assert here.session.session_key != before
    assert not is_in(lost)
    assert person.journal.latest("pk").step == "signed_out_elsewhere"
    sign_in(lost, person)
    here.post("/you/security/elsewhere/")
    assert (is_in(here), is_in(lost)) == (True, False)


def test_a_new_round_leaves_other_rounds_and_companies_alone(saimaa):
    person = somebody()
    before = person.get_session_auth_hash()
    person.end_sessions()
    first = person.get_session_auth_hash()
    person.end_sessions()
    assert len({before, first, person.get_session_auth_hash()}) == 3
    with inside(saimaa):
        assert not Session.objects.exists()
