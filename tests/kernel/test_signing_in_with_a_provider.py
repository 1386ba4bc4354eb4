"""A company's people sign in with its identity provider: by issuer and subject, and by nothing else (R65)."""

import json
import time
from base64 import urlsafe_b64encode
from datetime import timedelta
from types import SimpleNamespace

import pytest
from allauth.account.authentication import get_authentication_records
from django.core.cache import cache

from tests.conftest import Browser
from tests.making import a_person, an_admin
from tests.openid_standin import Key, path_of
from velory import clock
from velory.demo.stripe.api import Answer
from velory.people.factor_settings import FactorSettings
from velory.people.federated import id_token, known, provider_says
from velory.people.federated.id_token import Said
from velory.people.federated.models import Identity
from velory.post.models import Letter
from velory.tenancy.context import inside

SUBJECT = "00u1-nils"


@pytest.fixture
def browser():
    return Browser(HTTP_HOST="nordvik.localhost")


@pytest.fixture
def provider(openid):
    return openid.set_up()


@pytest.fixture
def nils(openid, provider):
    """An admin who is linked with the provider."""
    person = an_admin(email="nils.wikstrom@nordvik.example")
    openid.person(SUBJECT, email=person.email, email_verified=True)
    linked(person, provider)
    return person


def linked(person, provider, subject=SUBJECT):
    said = Said(issuer=provider.issuer, subject=subject, email=person.email or "")
    known.link(person, said, provider, by=person, at=clock.now())


def who_is_in(browser):
    answer = browser.get("/you/")
    return answer.context["person"] if answer.status_code == 200 else None


def words_after(browser, answer):
    """What the page says to which somebody was led."""
    assert answer.status_code in {302, 303}
    page = browser.get(answer.url)
    return " ".join(str(message) for message in page.context["messages"])


def the_code():
    return Letter.objects.filter(template="people/link_code").latest("pk").context["code"]


# In


def test_whoever_is_linked_is_signed_in(openid, browser, provider, nils):
    answer = openid.sign_in(browser, provider, SUBJECT)

    assert (answer.status_code, answer.url) == (302, "/")
    assert who_is_in(browser) == nils
    assert openid.asked.count(("POST", "/token")) == 1


def test_the_sign_in_page_has_a_button_for_each_provider_that_is_on(openid, other_openid, browser, provider):
    other_openid.set_up(name="Ett till", on=False)

    page = browser.get("/account/login/?next=/hardware/").content.decode()

    assert "Continue with Kontoret" in page
    assert f"/account/with/{provider.ref}/?next=%2Fhardware%2F" in page
    assert "Ett till" not in page


def test_one_lands_where_one_wanted_to_go(openid, browser, provider, nils):
    assert openid.sign_in(browser, provider, SUBJECT, next="/people/").url == "/people/"


def test_nobody_is_led_to_another_site(openid, browser, provider, nils):
    assert openid.sign_in(browser, provider, SUBJECT, next="//evil.example/").url == "/"


def test_the_session_gets_another_id(openid, browser, provider, nils):
    back = openid.choose(openid.begin(browser, provider), SUBJECT)
    before = browser.cookies["session"].value
    browser.get(path_of(back))
    assert browser.cookies["session"].value != before


def test_another_email_at_the_provider_is_the_same_person(openid, browser, provider, nils):
    openid.people[SUBJECT] = {"email": "nils.ek@nordvik.example"}
    openid.sign_in(browser, provider, SUBJECT)
    assert who_is_in(browser) == nils
    assert str(Identity.objects.get()) == "nils.ek@nordvik.example"


def test_a_new_key_of_the_provider_is_looked_for(openid, browser, provider, nils):
    openid.sign_in(Browser(HTTP_HOST="nordvik.localhost"), provider, SUBJECT)
    openid.change_key()
    openid.sign_in(browser, provider, SUBJECT)
    assert who_is_in(browser) == nils


@pytest.mark.parametrize("gone", ["deactivated", "departed"])
def test_whoever_has_no_access_reads_so(openid, browser, provider, gone):
    facts = {"is_active": False} if gone == "deactivated" else {"last_day_on": clock.today() - timedelta(days=1)}
    person = a_person(**facts)
    openid.person(SUBJECT, email=person.email)
    Identity.objects.create(person=person, issuer=provider.issuer, subject=SUBJECT, linked_at=clock.now())

    answer = openid.sign_in(browser, provider, SUBJECT)

    assert answer.url == "/account/inactive/"
    assert "Your access may have ended" in browser.get(answer.url).content.decode()
    assert who_is_in(browser) is None


# What is not believed (reliability 5.3)

NOBODYS = Key.new()
WRONG = {
    "no signature": {"head": {"alg": "none"}},
    "no signature, spelt otherwise": {"head": {"alg": "None"}},
    "the public key as a shared secret": {"head": {"alg": "HS256"}},
    "another way than the provider offers": {"head": {"alg": "RS512"}},
    "another key under its name": {"key": NOBODYS},
    "another key under another name": {"key": NOBODYS, "head": {"kid": "nobody"}},
    "a key that comes along": {"key": NOBODYS, "head": {"jwk": NOBODYS.public, "kid": NOBODYS.public["kid"]}},
    "something that must be understood": {"head": {"crit": ["b64"], "b64": True}},
    "another audience": {"claims": {"aud": "somebody-else"}},
    "no audience": {"claims": {"aud": None}},
    "another audience beside ours": {"claims": {"aud": ["velory", "somebody-else"]}},
    "issued to another": {"claims": {"azp": "somebody-else"}},
    "an issuer with a stroke at the end": {"claims": {"iss": "+/"}},
    "another issuer": {"claims": {"iss": "https://evil.example"}},
    "no issuer": {"claims": {"iss": None}},
    "an old nonce": {"claims": {"nonce": "of another time"}},
    "no nonce": {"claims": {"nonce": None}},
    "over": {"claims": {"exp": int(time.time()) - 120}},
    "no end": {"claims": {"exp": None}},
    "an end that is a word": {"claims": {"exp": "9999999999"}},
    "of tomorrow": {"claims": {"iat": int(time.time()) + 86_400}},
    "no time": {"claims": {"iat": None}},
    "not valid yet": {"claims": {"nbf": int(time.time()) + 86_400}},
    "no subject": {"claims": {"sub": None}},
    "a subject that is a number": {"claims": {"sub": 17}},
    "an empty subject": {"claims": {"sub": ""}},
    "a subject without end": {"claims": {"sub": "x" * 256}},
    "no token": {"token": "."},
    "a token of three words": {"token": "a.b.c"},
    "a megabyte": {"token": "x" * 200_000},
}


@pytest.mark.parametrize("what", WRONG)
def test_such_a_token_signs_nobody_in(openid, browser, provider, nils, what):
    for name, value in WRONG[what].items():
        setattr(openid.knobs, name, value)
    if openid.knobs.claims.get("iss") == "+/":
        openid.knobs.claims["iss"] = openid.issuer + "/"

    answer = openid.sign_in(browser, provider, SUBJECT)

    assert answer.url == "/account/login/"
    assert "can’t be trusted" in words_after(browser, answer)
    assert who_is_in(browser) is None


def test_an_admins_email_in_a_token_makes_no_admin(openid, browser, provider, nils):
    openid.person("somebody-else", email=nils.email, email_verified=True)

    answer = openid.sign_in(browser, provider, "somebody-else")

    assert answer.url == f"/account/with/{provider.ref}/who/"
    assert who_is_in(browser) is None
    assert Identity.objects.count() == 1


def test_the_same_subject_at_another_issuer_is_another_one(openid, other_openid, browser, provider, nils):
    second = other_openid.set_up(name="Ett till")
    other_openid.person(SUBJECT, email=nils.email, email_verified=True)

    answer = other_openid.sign_in(browser, second, SUBJECT)

    assert answer.url == f"/account/with/{second.ref}/who/"
    assert who_is_in(browser) is None


# What comes back


def test_an_answer_is_taken_once(openid, browser, provider, nils):
    openid.knobs.takes_codes_twice = True
    back = path_of(openid.choose(openid.begin(browser, provider), SUBJECT))
    browser.get(back)
    browser.post("/account/logout/")

    answer = browser.get(back)

    assert "Begin again" in words_after(browser, answer)
    assert who_is_in(browser) is None
    assert openid.asked.count(("POST", "/token")) == 1


def test_a_code_that_was_used_elsewhere_is_refused_by_the_provider(openid, browser, provider, nils):
    back = path_of(openid.choose(openid.begin(browser, provider), SUBJECT))
    openid.codes.clear()
    assert "did not confirm the sign-in" in words_after(browser, browser.get(back))


def test_somebody_elses_answer_is_not_taken(openid, browser, provider, nils):
    theirs = openid.choose(openid.begin(Browser(HTTP_HOST="nordvik.localhost"), provider), SUBJECT)
    openid.begin(browser, provider)
    assert "Begin again" in words_after(browser, browser.get(path_of(theirs)))
    assert who_is_in(browser) is None


def test_an_answer_that_nobody_asked_for_is_not_taken(browser, provider):
    for asks in ("", "?code=x&state=", "?code=x&state=y", "?state=%00&code=%ff"):
        assert browser.get(f"/account/with/{provider.ref}/back/{asks}").status_code == 303
    assert who_is_in(browser) is None


def test_a_sign_in_that_took_too_long_begins_again(openid, browser, provider, nils, monkeypatch):
    back = path_of(openid.choose(openid.begin(browser, provider), SUBJECT))
    late = clock.wall() + timedelta(minutes=11)
    monkeypatch.setattr(clock, "wall", lambda: late)
    assert "Begin again" in words_after(browser, browser.get(back))


def test_whoever_goes_back_at_the_provider_reads_so(openid, browser, provider):
    answer = openid.sign_in(browser, provider, "nobody")
    assert "Kontoret did not sign you in" in words_after(browser, answer)


def test_what_is_sent_on_behalf_of_another_issuer_is_refused(openid, browser, provider, nils):
    openid.knobs.answers = {"iss": "https://evil.example"}
    assert "did not come from Kontoret" in words_after(browser, openid.sign_in(browser, provider, SUBJECT))
    assert openid.asked.count(("POST", "/token")) == 0


def test_a_provider_that_names_itself_always_has_to(openid, browser, provider, nils):
    openid.knobs.answers = {"iss": None}
    assert "did not come from Kontoret" in words_after(browser, openid.sign_in(browser, provider, SUBJECT))
    assert openid.asked.count(("POST", "/token")) == 0


def test_one_providers_answer_is_not_taken_for_anothers(openid, other_openid, browser, provider, nils):
    """Mix-up: begun with the honest one, and led back by the other."""
    second = other_openid.set_up(name="Ett till")
    back = path_of(openid.choose(openid.begin(browser, provider), SUBJECT))
    led_astray = back.replace(provider.ref, second.ref)

    assert "Begin again" in words_after(browser, browser.get(led_astray))
    assert who_is_in(browser) is None
    assert other_openid.asked.count(("POST", "/token")) == 0


def test_a_providers_token_for_another_company_is_not_taken(openid, other_openid, browser, provider, nils, saimaa):
    """Each company has its own; what one says of somebody is nothing at the other, whatever the browser brings."""
    other_openid.person(SUBJECT, email=nils.email, email_verified=True)
    with inside(saimaa):
        theirs = other_openid.set_up()
    at_saimaa = Browser(HTTP_HOST="saimaa.localhost")
    back = path_of(other_openid.choose(other_openid.begin(at_saimaa, theirs), SUBJECT))

    assert browser.get(back).status_code == 404
    openid.begin(browser, provider)
    assert "Begin again" in words_after(browser, browser.get(back.replace(theirs.ref, provider.ref)))
    assert who_is_in(browser) is None


def test_a_link_at_one_company_opens_no_other(openid, provider, nils, saimaa):
    with inside(saimaa):
        theirs = openid.set_up()
    answer = openid.sign_in(Browser(HTTP_HOST="saimaa.localhost"), theirs, SUBJECT)
    assert answer.url == f"/account/with/{theirs.ref}/who/"


# Saying once more who one is


@pytest.mark.parametrize(("age", "is_believed"), [(0, True), (3600, False)])
def test_the_provider_asks_them_anew(openid, browser, provider, nils, age, is_believed):
    openid.knobs.auth_age = 3600
    openid.sign_in(browser, provider, SUBJECT)
    asked = browser.get("/settings/sign-in/new/")
    assert asked.url.startswith("/you/again/")
    assert "Go on with Kontoret" in browser.get(asked.url).content.decode()

    openid.knobs.auth_age = age
    address = openid.begin(browser, provider, **{"for": "again", "next": "/settings/sign-in/new/"})
    assert "prompt=login" in address
    assert "max_age=0" in address
    browser.get(path_of(openid.choose(address, SUBJECT)))

    assert (browser.get("/settings/sign-in/new/").status_code == 200) == is_believed


def test_somebody_else_at_the_provider_does_not_say_it_for_them(openid, browser, provider, nils):
    openid.knobs.auth_age = 3600
    openid.sign_in(browser, provider, SUBJECT)
    openid.knobs.auth_age = 0
    openid.person("other")
    answer = openid.sign_in(browser, provider, "other", **{"for": "again", "next": "/you/"})
    assert "another sign-in than the one" in words_after(browser, answer)
    assert browser.get("/settings/sign-in/new/").status_code == 303


# When the provider has trouble


@pytest.mark.parametrize(
    ("knob", "value", "words"),
    [
        ("is_down", True, "did not answer"),
        ("delay", 2, "did not answer"),
        ("status", 503, "answered 503"),
        ("says", {"issuer": "https://other.example"}, "It calls itself https://other.example"),
        ("leaves_out", ("authorization_endpoint",), "authorization_endpoint"),
        ("says", {"token_endpoint": "ftp://10.0.0.1/token"}, "must begin with https://"),
    ],
)
def test_the_sign_in_page_says_what_is_wrong(openid, browser, provider, monkeypatch, knob, value, words):
    monkeypatch.setattr(provider_says, "PATIENCE", 0.5)
    cache.clear()
    setattr(openid.knobs, knob, value)
    answer = browser.get(f"/account/with/{provider.ref}/")
    assert answer.url == "/account/login/"
    assert words in words_after(browser, answer)


@pytest.mark.parametrize("knob", [{"is_down": True}, {"status": 500}, {"status": 302}, {"delay": 2}])
def test_a_provider_that_falls_silent_midway_is_no_fault_of_ours(openid, browser, provider, nils, monkeypatch, knob):
    monkeypatch.setattr(provider_says, "PATIENCE", 0.5)
    back = path_of(openid.choose(openid.begin(browser, provider), SUBJECT))
    for name, value in knob.items():
        setattr(openid.knobs, name, value)
    answer = browser.get(back)
    assert answer.url == "/account/login/"
    assert words_after(browser, answer).startswith("Kontoret")


def test_a_provider_that_is_off_is_not_there(openid, browser):
    provider = openid.set_up(on=False)
    assert browser.get(f"/account/with/{provider.ref}/").status_code == 404


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("token", urlsafe_b64encode(b"[" * 40_000).decode() + ".e30.e30"), ("token", 5),
        ("keys", {"keys": [{"kty": []}, {"kty": {}}, 5, None]}),
        ("refusal", {"error": ["invalid_client"]}), ("refusal", {"error": {}}),
    ],
)  # fmt: skip
def test_whatever_shape_it_answers_in_nothing_breaks(openid, browser, provider, nils, monkeypatch, method, body):
    if method == "token":
        monkeypatch.setattr(openid, "id_token", lambda asked: body)
    elif method == "keys":
        monkeypatch.setattr(openid, "keys", lambda *_: Answer(200, json.dumps(body).encode()))
    else:
        monkeypatch.setattr(openid, "token", lambda *_: Answer(400, json.dumps(body).encode()))
    assert words_after(browser, openid.sign_in(browser, provider, SUBJECT)).startswith("Kontoret")
    assert who_is_in(browser) is None


# Two factors


@pytest.mark.parametrize(
    ("claims", "two"),
    [
        ({}, False), ({"amr": ["pwd"]}, False), ({"amr": ["otp"]}, False), ({"amr": "mfa"}, False),
        ({"amr": ["pwd", "mfa"]}, True), ({"amr": ["pwd", "otp"]}, True), ({"amr": ["hwk", "fpt"]}, True),
        ({"amr": ["otp", "sms"]}, False), ({"amr": ["hwk", "pop"]}, False), ({"amr": ["pwd", "pin"]}, False),
        ({"amr": ["pin", "sc"]}, True), ({"amr": [["mfa"], {}]}, False), ({"acr": ["1"]}, False), ({"acr": {}}, False),
        ({"acr": "http://schemas.openid.net/pape/policies/2007/06/multi-factor"}, True), ({"acr": "1"}, False),
    ],
)  # fmt: skip
def test_a_provider_states_two_factors_or_does_not(claims, two):
    assert id_token.states_two(claims) is two


def records_of(browser, person):
    return get_authentication_records(SimpleNamespace(session=browser.session), person)


@pytest.mark.parametrize(
    ("claims", "facts", "is_asked"),
    [
        ({"amr": ["pwd", "mfa"]}, {}, False),
        ({"amr": ["pwd"]}, {}, True),
        ({}, {}, True),
        ({}, {"asks_for_two": True}, False),
    ],
)
def test_two_factors_are_asked_unless_the_provider_answers_for_them(openid, browser, claims, facts, is_asked):
    provider, admin = openid.set_up(**facts), an_admin()
    FactorSettings.to_change()
    FactorSettings.objects.update(asked_of=FactorSettings.Asked.ADMINS)
    openid.person(SUBJECT, email=admin.email, **claims)
    linked(admin, provider)

    openid.sign_in(browser, provider, SUBJECT)

    page = browser.get("/people/")
    assert (page.status_code == 303 and page.url == "/you/security/") is is_asked
    assert bool(records_of(browser, admin)[-1].get("two_factor")) is not is_asked


def test_the_first_sign_in_never_counts_as_two(openid, browser):
    """A mail said who it is: whoever reads the mail and brings any account there is not let past the second factor."""
    provider, admin = openid.set_up(asks_for_two=True), an_admin()
    openid.person("new", amr=["pwd", "mfa"])
    asked = openid.sign_in(browser, provider, "new")
    browser.post(browser.post(asked.url, {"email": admin.email}).url, {"code": the_code()})
    assert not records_of(browser, admin)[-1].get("two_factor")
