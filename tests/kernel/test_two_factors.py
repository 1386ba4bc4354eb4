"""Whoever has a second factor is asked for it at every sign-in; whoever must have one sets it up first (R60, R67)."""

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.kernel.two_factors import (
    PASSWORD,
    a_browser,
    asked_of,
    code_of,
    is_in,
    sign_in,
    somebody,
    with_an_app,
)
from tests.making import an_admin
from velory import clock, sealing
from velory.journal.reason import NotYours, Refused
from velory.operators.models import OperatorDeed
from velory.people import factors, invitations
from velory.people.again import SAID_AT
from velory.people.factor_settings import FactorSettings
from velory.people.factors_adapter import SALT
from velory.people.models import Role
from velory.post.models import Letter
from velory.tenancy.context import inside, outside

SECOND = "/account/second/"


@pytest.fixture(autouse=True)
def nobody_has_knocked(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick ones
    cache.clear()


@pytest.fixture
def browser():
    return a_browser()


def letters_about(person):
    written = Letter.objects.of_template("people/factors_changed").filter(person=person).order_by("pk")
    return [letter.context["what"] for letter in written]


def steps_of(person):
    return [entry.step for entry in person.journal.order_by("pk")]


def codes_of(person):
    return factors.codes_in_words(factors.standing(person).codes)


# Signing in


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


def test_a_new_password_by_mail_does_not_take_the_second_factor_away(browser):
    person, _secret = with_an_app()
    browser.post("/account/password/", {"email": person.email})
    link = re.sub(r"^https?://[^/]+", "", Letter.objects.get(template="people/password_reset").context["link"])

    page = browser.get(link, follow=True)
    answer = browser.post(page.redirect_chain[-1][0], {"password1": "fyra gröna katter"})

    assert answer.url == SECOND
    assert not is_in(browser)


def test_an_invitation_does_not_either(browser):
    person, _secret = with_an_app()
    invitations.invite(person, by=an_admin())
    link = re.sub(r"^https?://[^/]+", "", Letter.objects.get(template="people/invitation").context["link"])

    answer = browser.post(link, {"password1": "fyra gröna katter"})

    assert answer.url == SECOND
    assert not is_in(browser)


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


# Somebody has lost theirs


def test_an_admin_removes_a_colleagues_factors_with_a_reason(at_their_desk):
    person, _secret = with_an_app()
    admin = an_admin()
    desk = at_their_desk(admin)
    assert "Yes" in desk.get(person.get_absolute_url()).content.decode()
    address = f"/people/{person.ref}/second_factor/remove/"

    assert desk.post(address, {"reason": ""}).status_code == 422
    assert desk.post(address, {"reason": "Phone lost"}).status_code == 303

    assert not Authenticator.objects.filter(user=person).exists()
    assert letters_about(person)[-1] == "lost_factors"
    entry = person.journal.latest("pk")
    assert (entry.step, entry.by_ref) == ("lost_factors", admin.ref)
    assert "Phone lost" in entry.sentence


def test_nobody_removes_their_own_that_way_nor_as_an_employee():
    admin = an_admin()
    with_an_app(admin)
    with pytest.raises(Refused):
        factors.remove_all(admin, by=admin, reason="x", at=clock.now())
    with pytest.raises(NotYours):
        factors.remove_all(admin, by=somebody(), reason="x", at=clock.now())
    with pytest.raises(Refused):
        factors.remove_all(somebody(), by=admin, reason="x", at=clock.now())
    assert factors.standing(admin).has_two


def test_operators_remove_those_of_an_only_admin(console, ops):
    person, _secret = with_an_app(an_admin(email="nils@nordvik.example"))
    address = "/companies/nordvik/second_factor/"
    assert console.get(address).url.startswith("/you/again/")
    with inside(ops):
        session = console.session
        session[SAID_AT] = clock.wall().isoformat()
        session.save()
    said = {"email": "nils@nordvik.example", "reason": "Phone lost, called back"}

    for wrong in ({}, said | {"email": somebody().email}, said | {"email": "nobody@nordvik.example"}):
        assert console.post(address, wrong).status_code == 422
    colleague = an_admin(last_login=clock.now())
    assert "Another admin of the company can do it" in console.post(address, said).text
    colleague.end_access(by=person, at=clock.now())
    assert console.post(address, said).status_code == 303

    assert not Authenticator.objects.filter(user=person).exists()
    assert letters_about(person)[-1] == "lost_factors"
    entry = person.journal.latest("pk")
    assert (entry.step, entry.by_ref, entry.details["who"]) == ("lost_factors", "", "Velory Operator")
    with outside():
        deed = OperatorDeed.objects.get()
    assert (deed.deed, deed.reason, deed.concerns_company) == ("lost_factors", said["reason"], True)


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
