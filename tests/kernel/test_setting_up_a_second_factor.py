"""Everybody may set up an app; each change is asked of whoever said who they are, and is written about (R67)."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from tests.kernel.signing_in import PASSWORD, a_browser, is_in, sign_in, somebody
from tests.kernel.two_factors import SECOND, asked_of, code_of, codes_of, letters_about, with_an_app
from velory import clock
from velory.journal.reason import Refused
from velory.people import factors
from velory.people.again import SAID_AT

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


@pytest.fixture
def browser():
    return a_browser()


def steps_of(person):
    return [entry.step for entry in person.journal.order_by("pk")]


# Setting up and removing


def test_secrets_are_sealed_at_rest():
    _person, secret = with_an_app()
    kept = str(list(Authenticator.objects.values_list("data", flat=True)))
    assert secret not in kept
    assert "gAAAA" in kept


def test_a_new_secret_key_opens_what_the_one_before_sealed(settings):
    person, secret = with_an_app()
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "another key"
    assert factors.use_code(person, code_of(secret), at=clock.now()) is not None


def test_without_the_key_no_code_is_right_and_nothing_breaks(settings):
    person, secret = with_an_app()
    settings.SECRET_KEY = "another key"
    assert factors.use_code(person, code_of(secret), at=clock.now()) is None


def test_the_wrong_first_code_sets_nothing_up(at_their_desk):
    person = somebody(language="en")
    desk = at_their_desk(person)
    desk.get("/you/security/app/")
    answer = desk.post("/you/security/app/", {"code": "000000"})
    assert answer.status_code == 422
    assert not factors.standing(person).has_two
    assert letters_about(person) == []


def test_the_last_way_removed_takes_the_codes_with_it_and_each_change_is_written_about():
    person, _secret = with_an_app()
    factors.remove_app(person, at=clock.now())
    assert not Authenticator.objects.filter(user=person).exists()
    assert letters_about(person) == ["set_up_app", "removed_app"]
    assert steps_of(person) == ["set_up_app", "removed_app"]


def test_whoever_must_have_it_cannot_remove_the_last_way():
    person, _secret = with_an_app()
    asked_of("everyone")
    with pytest.raises(Refused):
        factors.remove_app(person, at=clock.now())
    assert factors.standing(person).has_two


CHANGES = [
    ("get", "/you/security/app/"), ("post", "/you/security/app/"), ("post", "/you/security/app/remove/"),
    ("post", "/you/security/codes/new/"), ("get", "/you/security/codes/"), ("get", "/you/security/codes/file/"),
    ("get", "/you/security/passkeys/new/"), ("post", "/you/security/passkeys/options/"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "address"), CHANGES)
def test_changes_are_asked_of_whoever_said_who_they_are_lately(at_their_desk, method, address):
    """R67: an aged session."""
    desk = at_their_desk(somebody())
    session = desk.session
    session[SAID_AT] = (clock.wall() - timedelta(minutes=11)).isoformat()
    session.save()
    answer = getattr(desk, method)(address)
    assert (answer.status_code, answer.url.split("?")[0]) == (303, "/you/again/")


@pytest.mark.parametrize(("method", "address"), CHANGES)
def test_a_session_of_one_factor_says_it_with_the_second_first(at_their_desk, method, address):
    """R67: a session from before the second factor was set up elsewhere, or that got hold of the password alone."""
    person, _secret = with_an_app()
    answer = getattr(at_their_desk(person), method)(address)
    assert (answer.status_code, answer.url.split("?")[0]) == (303, "/you/again/")


def test_saying_it_again_takes_the_app_and_not_the_password(at_their_desk):
    person, secret = with_an_app(somebody(language="en"))
    desk = at_their_desk(person)

    answer = desk.post("/you/again/", {"action": "password", "password": PASSWORD, "next": "/you/security/"})
    assert answer.status_code == 422
    before = desk.cookies["session"].value
    answer = desk.post("/you/again/", {"code": code_of(secret), "next": "/you/security/"})
    assert (answer.status_code, answer.url) == (303, "/you/security/")
    assert desk.cookies["session"].value != before
    assert desk.post("/you/security/app/remove/").url == "/you/security/"
    assert not factors.standing(person).has_two


# Recovery codes


def test_a_recovery_code_opens_once_and_is_written_about(browser):
    person, _secret = with_an_app()
    first = codes_of(person)[0]
    sign_in(browser, person)
    assert browser.post(SECOND, {"code": first}).status_code == 302
    assert is_in(browser)
    assert letters_about(person) == ["set_up_app", "used_code"]
    assert len(codes_of(person)) == 9

    again = a_browser()
    sign_in(again, person)
    answer = again.post(SECOND, {"code": first})
    assert answer.status_code == 422
    assert "not one of your recovery codes" in answer.content.decode()
    assert "not the code of now" in again.post(SECOND, {"code": "000000"}).content.decode()


def test_codes_are_shown_once_and_can_be_put_away(at_their_desk):
    person, secret = somebody(language="en"), ""
    desk = at_their_desk(person)
    page = desk.get("/you/security/app/").content.decode()
    secret = re.search(r'<p class="code[^>]*>([A-Z2-7 ]+)</p>', page)[1].replace(" ", "")
    assert "<svg" in page
    assert "style=" not in re.search(r"<svg.*?</svg>", page, re.DOTALL)[0]

    answer = desk.post("/you/security/app/", {"code": code_of(secret)})
    assert (answer.status_code, answer.url) == (303, "/you/security/codes/")
    shown = desk.get("/you/security/codes/").content.decode()
    codes = codes_of(person)
    assert all(code in shown for code in codes)
    file = desk.get("/you/security/codes/file/")
    assert file["Content-Disposition"].startswith("attachment")
    assert all(code in file.content.decode() for code in codes)

    desk.post("/you/security/codes/kept/")
    assert codes[0] not in desk.get("/you/security/codes/").content.decode()
    assert desk.get("/you/security/codes/file/").status_code == 303


def test_new_codes_end_those_before():
    person, _secret = with_an_app()
    before = codes_of(person)
    factors.make_codes(person, at=clock.now())
    assert factors.use_code(person, before[0], at=clock.now()) is None
    assert factors.use_code(person, codes_of(person)[0], at=clock.now()) is not None
    assert letters_about(person) == ["set_up_app", "made_codes", "used_code"]


def test_there_are_no_codes_without_a_factor():
    person = somebody()
    with pytest.raises(Refused):
        factors.make_codes(person, at=clock.now())
    assert not Authenticator.objects.exists()
