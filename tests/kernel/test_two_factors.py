"""Whoever has a second factor is asked for it at every sign-in (reliability R60)."""

import pytest
from django.urls import reverse

from tests.kernel.signing_in import a_browser, is_in, sign_in, somebody
from tests.kernel.two_factors import SECOND, code_of, with_an_app
from tests.making import an_admin
from velory import clock
from velory.post.models import Letter
from velory.tenancy.context import inside

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


@pytest.fixture
def browser():
    return a_browser()


def test_after_the_password_the_code_of_the_app_is_asked_for(browser):
    person, secret = with_an_app()

    answer = sign_in(browser, person, next="/devices/")
    assert (answer.status_code, answer.url) == (302, SECOND)
    assert not is_in(browser)

    sign_in(browser, person, next="/devices/")
    answer = browser.post(SECOND, {"code": code_of(secret)})
    assert (answer.status_code, answer.url) == (302, "/devices/")
    assert is_in(browser)


def test_a_code_by_mail_is_one_factor_too(browser):
    person, secret = with_an_app()
    browser.post("/account/code/", {"email": person.email})
    mailed = Letter.objects.get(template="people/sign_in_code").context["code"]

    answer = browser.post("/account/code/confirm/", {"code": mailed, "action": "verify"})

    assert (answer.status_code, answer.url) == (302, SECOND)
    browser.post(SECOND, {"code": code_of(secret)})
    assert is_in(browser)


def test_a_code_opens_once(browser):
    person, secret = with_an_app()
    code = code_of(secret)
    sign_in(browser, person)
    browser.post(SECOND, {"code": code})
    again = a_browser()
    sign_in(again, person)

    assert again.post(SECOND, {"code": code}).status_code == 422
    assert not is_in(again)
    assert again.post(SECOND, {"code": code_of(secret, later=1)}).status_code == 302


def test_the_code_that_set_the_app_up_is_used_up(browser):
    person, secret = with_an_app()
    sign_in(browser, person)
    assert browser.post(SECOND, {"code": code_of(secret, later=-1)}).status_code == 422


@pytest.mark.parametrize("later", [-3, -2, 2, 3])
def test_codes_of_other_minutes_open_nothing(browser, later):
    person, secret = with_an_app()
    sign_in(browser, person)
    assert browser.post(SECOND, {"code": code_of(secret, later=later)}).status_code == 422


@pytest.mark.parametrize("typed", ["", "000", "abcdef", "nul\0nul", "１２３４５６", "9" * 31, "-1"])
def test_nonsense_is_a_form_error(browser, typed):
    person, _secret = with_an_app()
    sign_in(browser, person)
    assert browser.post(SECOND, {"code": typed}).status_code == 422
    assert not is_in(browser)


def test_a_spray_of_codes_ends_after_six_whatever_address_it_names(browser):
    person, secret = with_an_app()
    sign_in(browser, person)
    for n in range(6):
        browser.post(SECOND, {"code": "000000"}, headers={"x-forwarded-for": f"10.0.0.{n}"})

    answer = browser.post(SECOND, {"code": code_of(secret)}, headers={"x-forwarded-for": "10.0.1.1"})

    assert "That was too often" in answer.content.decode()
    assert not is_in(browser)


def test_a_spray_in_many_sessions_ends_too(browser):
    person, secret = with_an_app()
    for _n in range(6):
        other = a_browser()
        sign_in(other, person)
        other.post(SECOND, {"code": "000000"})
    sign_in(browser, person)
    assert "That was too often" in browser.post(SECOND, {"code": code_of(secret)}).content.decode()


def test_the_session_gets_another_id_at_the_second_factor(browser):
    person, secret = with_an_app()
    sign_in(browser, person)
    before = browser.cookies["session"].value
    browser.post(SECOND, {"code": code_of(secret)})
    assert browser.cookies["session"].value != before


@pytest.mark.parametrize("evil", ["//evil.example", "/\\evil.example", "javascript:alert(1)", "https://evil.example/"])
def test_the_way_on_stays_in_the_house(browser, evil):
    person, secret = with_an_app()
    sign_in(browser, person, next=evil)
    assert browser.post(SECOND, {"code": code_of(secret)}).url == "/"


def test_the_page_is_nobodys_who_has_not_begun(browser):
    for answer in (browser.get(SECOND), browser.post(SECOND, {"code": "123456"}), browser.post(f"{SECOND}passkey/")):
        assert (answer.status_code, answer.url) == (302, reverse("account_login"))


def test_whoever_lost_access_meanwhile_is_not_let_in(browser):
    person, secret = with_an_app()
    sign_in(browser, person)
    person.end_access(by=an_admin(), at=clock.now())
    assert browser.post(SECOND, {"code": code_of(secret)}).url == reverse("account_inactive")
    assert not is_in(browser)


def test_a_second_factor_of_another_company_opens_nothing(browser, saimaa):
    person, _secret = with_an_app()
    with inside(saimaa):
        _other, foreign = with_an_app()
    sign_in(browser, person)
    assert browser.post(SECOND, {"code": code_of(foreign)}).status_code == 422


def test_without_a_second_factor_nothing_more_is_asked(browser):
    assert sign_in(browser, somebody()).url == "/"
    assert is_in(browser)
