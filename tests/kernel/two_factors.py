"""Makers: people with a second factor, and what they type."""

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from tests.conftest import Browser
from tests.making import a_person
from velory import clock
from velory.people import factors
from velory.people.factor_settings import FactorSettings

PASSWORD = "tre blå hästar"


def somebody(**facts):
    """A person who signs in with a password."""
    person = a_person(**facts)
    person.set_password(PASSWORD)
    person.save()
    return person


def code_of(secret, *, later=0):
    """What an app shows now, or some periods later."""
    return format_hotp_value(hotp_value(secret, int(clock.wall().timestamp()) // factors.PERIOD + later))


def with_an_app(person=None):
    """Somebody whose app shares a secret with us, and the secret. Its code of one period ago is used up."""
    person, secret = person or somebody(), factors.new_secret()
    assert factors.set_up_app(person, secret, code_of(secret, later=-1), at=clock.now())
    return person, secret


def a_browser(host="nordvik.localhost"):
    return Browser(HTTP_HOST=host)


def sign_in(browser, person, password=PASSWORD, **rest):
    return browser.post("/account/login/", {"login": person.email, "password": password, **rest})


def is_in(browser):
    return browser.get("/you/").status_code == 200


def asked_of(whom):
    """The company asks two factors of somebody."""
    FactorSettings.objects.update_or_create(pk=1, defaults={"asked_of": whom})
