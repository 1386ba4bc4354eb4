"""A company can turn password sign-in off: pages and links of passwords answer in words, and other ways remain."""

import pytest
from django.urls import reverse

from tests.conftest import Browser
from tests.kernel.signing_in import PASSWORD, is_in, sign_in, with_a_password
from tests.making import a_person, an_admin
from velory import clock
from velory.journal.models import Entry
from velory.people import notices
from velory.people.again import SAID_AT
from velory.people.federated.models import SignInSettings
from velory.people.invitations import invite
from velory.people.models import Person
from velory.post.models import Letter
from velory.post.wording import render
from velory.tenancy.context import inside

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")

URL = "/settings/sign-in/passwords/"


@pytest.fixture
def browser():
    return Browser(HTTP_HOST="nordvik.localhost")


def an_admin_with_a_password():
    return with_a_password(an_admin())


def by_code(browser, person):
    browser.post("/account/code/", {"email": person.email})
    code = Letter.objects.filter(template="people/sign_in_code").latest("pk").context["code"]
    return browser.post("/account/code/confirm/", {"code": code, "action": "verify"})


@pytest.fixture
def without():
    SignInSettings.to_change().turn(False, by=None, at=clock.now())


# Turning it off


def test_an_admin_who_came_with_a_code_turns_passwords_off(browser):
    by_code(browser, an_admin_with_a_password())
    assert browser.post(URL).status_code == 303
    assert not SignInSettings.here().has_passwords
    assert str(Entry.objects.latest("pk").sentence) == "Nils Wikström turned password sign-in off."
    assert is_in(browser)


def test_an_admin_who_came_with_a_password_does_not(browser):
    sign_in(browser, an_admin_with_a_password())
    assert "come back in the other way" in browser.get("/settings/sign-in/").content.decode()
    refused = browser.post(URL)
    assert refused.status_code == 409
    assert "You signed in with a password" in refused.content.decode()
    assert SignInSettings.here().has_passwords


def test_whoever_was_signed_in_stays_so(browser):
    person = an_admin_with_a_password()
    sign_in(browser, person)
    SignInSettings.to_change().turn(False, by=None, at=clock.now())
    assert is_in(browser)


def test_on_again_by_anybody_who_may(browser, without):
    by_code(browser, an_admin_with_a_password())
    assert browser.post(URL, {"has_passwords": "on"}).status_code == 303
    again = Browser(HTTP_HOST="nordvik.localhost")
    sign_in(again, an_admin_with_a_password())
    assert is_in(again)


# What is gone


def test_the_sign_in_page_asks_for_no_password(browser, without):
    page = browser.get("/account/login/").content.decode()
    assert 'type="password"' not in page
    assert "Forgot your password?" not in page
    assert 'href="/account/code/"' in page


def test_a_password_opens_nothing(browser, without):
    person = an_admin_with_a_password()
    answer = sign_in(browser, person)
    assert answer.status_code == 409
    assert "turned password sign-in off" in answer.content.decode()
    assert not is_in(browser)


@pytest.mark.parametrize("path", ["/account/password/", "/account/password/sent/", "/account/password/done/"])
def test_pages_of_resets_say_so(browser, without, path):
    for answer in (browser.get(path), browser.post(path, {"email": "x@nordvik.example"})):
        assert answer.status_code == 409
        assert "Back to sign-in</a>" in answer.content.decode()
    assert not Letter.objects.filter(template="people/password_reset").exists()


def test_a_link_from_a_mail_of_yesterday_opens_nothing(browser):
    person = an_admin_with_a_password()
    notices.password_reset(person.email)
    link = Letter.objects.get(template="people/password_reset").context["link"]
    SignInSettings.to_change().turn(False, by=None, at=clock.now())
    assert browser.get("/" + link.split("/", 3)[3]).status_code == 409


def test_nobody_changes_a_password(at_their_desk, without):
    desk = at_their_desk(an_admin_with_a_password())
    answer = desk.get("/you/password/")
    assert answer.status_code == 409
    assert "Nothing that you entered" not in answer.content.decode()
    assert "/you/password/" not in desk.get("/you/").content.decode()


def test_one_factor_is_then_ones_mail(at_their_desk, without):
    page = at_their_desk(an_admin_with_a_password()).get("/you/security/").content.decode()
    assert "whoever reads your mail gets in" in page
    assert "your password, or" not in page


def test_one_says_who_one_is_with_a_code(browser, without):
    by_code(browser, an_admin_with_a_password())
    session = browser.session
    session["account_authentication_methods"] = []
    session.save()
    asked = browser.get("/settings/sign-in/new/")
    page = browser.get(asked.url).content.decode()
    assert 'type="password"' not in page
    refused = browser.post("/you/again/", {"action": "password", "password": PASSWORD, "next": "/"})
    assert refused.status_code == 422
    assert browser.get("/settings/sign-in/new/").status_code == 303


def test_an_invitation_needs_no_password(browser, without):
    person = a_person(language="en")
    invite(person, by=an_admin())
    letter = Letter.objects.get(template="people/invitation")
    words = render(letter)
    assert "Accept the invitation" in words.text
    assert "assword" not in words.text + words.html
    path = "/" + letter.context["link"].split("/", 3)[3]
    assert 'type="password"' not in browser.get(path).content.decode()
    assert browser.post(path).status_code == 303
    assert is_in(browser)
    assert not Person.objects.get(pk=person.pk).password


# The console


def test_an_operator_turns_passwords_on_again(console, ops, nordvik):
    page = reverse("operators:company", args=["nordvik"], urlconf="velory.operators.site_urls")
    assert "Password sign-in" not in console.get(page).content.decode()
    with inside(nordvik):
        SignInSettings.to_change().turn(False, by=None, at=clock.now())
    assert "Turn password sign-in on" in console.get(page).content.decode()

    assert console.post("/companies/nordvik/passwords/").url.startswith("/you/again/")
    with inside(ops):
        session = console.session
        session[SAID_AT] = clock.wall().isoformat()
        session.save()
    assert console.post("/companies/nordvik/passwords/").url == "/companies/nordvik/"

    with inside(nordvik):
        assert SignInSettings.here().has_passwords
        assert "of Velory turned password sign-in on again" in str(Entry.objects.latest("pk").sentence)
