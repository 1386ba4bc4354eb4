"""Whoever must have a second factor sets it up before anything else (reliability R67)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.signing_in import a_browser, is_in, sign_in, somebody
from tests.kernel.two_factors import asked_of, code_of, with_an_app
from tests.making import an_admin
from velory import sealing
from velory.people import factors
from velory.people.factor_settings import FactorSettings
from velory.people.factors_adapter import SALT
from velory.people.models import Role

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")


@pytest.fixture
def browser():
    return a_browser()


# Of whom it is asked


MATRIX = [
    # the company's setting, the installation's, role → must
    ("nobody", "companies", Role.ADMIN, False),
    ("admins", "companies", Role.ADMIN, True),
    ("admins", "companies", Role.EMPLOYEE, False),
    ("admins", "companies", Role.PURCHASE_MANAGER, False),
    ("everyone", "companies", Role.EMPLOYEE, True),
    ("nobody", "operators", Role.ADMIN, False),
    ("nobody", "admins", Role.ADMIN, True),
    ("nobody", "admins", Role.EMPLOYEE, False),
    ("nobody", "everyone", Role.EMPLOYEE, True),
]


@pytest.mark.parametrize(("company", "installation", "role", "must"), MATRIX)
def test_who_must_have_a_second_factor(settings, company, installation, role, must):
    settings.ENV = settings.ENV.model_copy(update={"velory_two_factor": installation})
    asked_of(company)
    assert factors.is_asked_of(somebody(role=role)) is must


def test_operators_can_never_opt_out_in_production(settings, nordvik):
    person = somebody()
    settings.ENV = settings.ENV.model_copy(update={"velory_https": True, "velory_demo": False, "velory_two_factor": ""})
    assert settings.ENV.two_factor == "operators"
    assert not factors.is_asked_of(person)
    nordvik.slug, before = "ops", nordvik.slug
    try:
        assert factors.is_asked_of(person)
    finally:
        nordvik.slug = before


def test_the_demo_asks_nobody(settings):
    for demo, https in ((True, True), (True, False), (False, False)):
        update = {"velory_demo": demo, "velory_https": https, "velory_two_factor": ""}
        assert settings.ENV.model_copy(update=update).two_factor == "companies"


def test_whoever_must_and_has_none_is_led_to_set_it_up(at_their_desk):
    asked_of("everyone")
    desk = at_their_desk(somebody(language="en"))

    for address in ("/", "/devices/", "/you/", "/search/"):
        answer = desk.get(address)
        assert (answer.status_code, answer.url) == (303, "/you/security/"), address
    assert desk.post("/you/", {"phone": "1"}).status_code == 303
    assert "Two-factor is asked of you" in desk.get("/you/security/").content.decode()
    for open_to_them in (
        "/you/security/app/",
        "/you/security/passkeys/new/",
        "/help/",
        "/account/logout/",
        "/you/again/",
    ):
        assert desk.get(open_to_them).status_code == 200, open_to_them
    fragment = desk.get("/devices/", headers={"HX-Request": "true"})
    assert fragment["HX-Redirect"] == "/you/security/"


def test_and_goes_on_once_it_is_set_up(at_their_desk):
    asked_of("everyone")
    desk = at_their_desk(somebody())
    desk.get("/you/security/app/")
    secret = sealing.unseal(desk.session["app_secret"], salt=SALT)
    assert desk.post("/you/security/app/", {"code": code_of(secret)}).status_code == 303
    assert desk.get("/you/").status_code == 200


@pytest.mark.parametrize("company", ["nobody", "everyone"])
def test_a_session_from_before_it_was_set_up_elsewhere_is_asked_for_it(browser, company):
    """Somebody who got hold of the password waits, signed in, until its person has set up a second factor."""
    person = somebody(language="en")
    sign_in(browser, person)
    asked_of(company)
    _person, secret = with_an_app(person)

    answer = browser.get("/devices/?q=x")
    assert (answer.status_code, answer.url) == (303, "/you/again/?next=%2Fdevices%2F%3Fq%3Dx")
    assert browser.post("/you/", {"phone": "1"}).status_code == 303
    assert browser.get("/you/security/").status_code == 303
    assert browser.get("/devices/", headers={"HX-Request": "true"})["HX-Redirect"].startswith("/you/again/")
    assert browser.get("/account/logout/").status_code == 200
    assert browser.post("/you/again/", {"code": code_of(secret), "next": "/devices/"}).url == "/devices/"
    assert is_in(browser)


def test_asking_costs_no_query(at_their_desk):
    desk = at_their_desk(somebody())
    with CaptureQueriesContext(connection) as queries:
        desk.get("/you/password/")
    about = [query["sql"] for query in queries.captured_queries if "mfa_authenticator" in query["sql"]]
    assert len(about) == 1
    assert 'FROM "people_person"' in about[0]


def test_an_admin_says_of_whom_it_is_asked_and_the_journal_knows(at_their_desk):
    desk = at_their_desk(an_admin())
    page = desk.get("/settings/").content.decode()
    assert "Two-factor is asked of" in page

    answer = desk.post("/settings/", {"section": "two_factor", "version": "0", "asked_of": "admins"})

    assert answer.status_code == 302
    assert FactorSettings.here().asked_of == "admins"
    assert desk.get("/settings/").url == "/you/security/"  # they must have one themselves now


# Through an identity provider


@pytest.mark.parametrize(("answers_for_two", "needed"), [(True, False), (None, True)])
def test_a_provider_that_answers_for_two_factors_settles_it(answers_for_two, needed):
    person, _secret = with_an_app()
    record = {"method": "socialaccount", "at": 1.0, "two_factor": answers_for_two}
    session = {"account_authentication_methods": [record], "account_authentication_methods_user": str(person.pk)}
    assert factors.is_needed(person, session) is needed
    assert factors.is_needed(somebody(), session) is False
    asked_of("everyone")
    assert factors.is_needed(person, session) is needed
    assert factors.is_needed(somebody(), session) is True  # the record is another person's
