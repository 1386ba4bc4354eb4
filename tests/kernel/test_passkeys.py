"""A passkey signs its person in at its own host, once for each challenge, and nobody else (reliability 5.1)."""

import json
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator

from tests.kernel.authenticator import SoftKey
from tests.kernel.signing_in import a_browser, is_in, sign_in, somebody
from tests.kernel.two_factors import with_an_app
from velory import clock
from velory.people import factors, passkeys
from velory.post.models import Letter
from velory.tenancy.context import inside

pytestmark = pytest.mark.usefixtures("nobody_has_knocked")

NEW, OPTIONS = "/you/security/passkeys/new/", "/you/security/passkeys/options/"


@pytest.fixture
def desk(at_their_desk):
    """Somebody who has just signed in."""
    person = somebody(language="en")
    browser = at_their_desk(person)
    browser.person = person
    return browser


@pytest.fixture
def browser():
    return a_browser()


def add(desk, key=None, name="Laptop", **said):
    key = key or SoftKey()
    answer = key.make(desk.post(OPTIONS).json(), **said)
    return key, desk.post(NEW, {"name": name, "answer": json.dumps(answer)})


def use(browser, key, at="/account/passkey/", **said):
    options = browser.post(f"{at}options/" if at.endswith("passkey/") else f"{at}passkey/").json()
    answer = key.sign(options, **said)
    return browser.post(at, {"answer": json.dumps(answer)})


def test_a_passkey_is_made_and_signs_in_without_anything_else(desk, browser):
    key, answer = add(desk)
    assert (answer.status_code, answer.url) == (303, "/you/security/codes/")
    (row,) = factors.standing(desk.person).passkeys
    assert (row.data["name"], row.data["host"]) == ("Laptop", "nordvik.localhost")

    answer = use(browser, key)
    assert (answer.status_code, answer.url) == (302, "/")
    assert is_in(browser)


def test_the_way_on_is_kept(desk, browser):
    key, _answer = add(desk)
    answer = key.sign(browser.post("/account/passkey/options/").json())
    for sent, goes in (("/devices/", "/devices/"), ("//evil.example", "/")):
        other = a_browser()
        answer = key.sign(other.post("/account/passkey/options/").json())
        assert other.post("/account/passkey/", {"answer": json.dumps(answer), "next": sent}).url == goes


def test_it_is_a_second_factor_after_the_password_too(desk, browser):
    key, _answer = add(desk)
    assert sign_in(browser, desk.person).url == "/account/second/"
    assert use(browser, key, at="/account/second/").url == "/"
    assert is_in(browser)


def test_and_says_again_who_one_is(desk, at_their_desk):
    key, _answer = add(desk)
    later = at_their_desk(desk.person)
    assert later.post(OPTIONS).status_code == 303
    assert use(later, key, at="/you/again/").status_code == 303
    assert later.post(OPTIONS).status_code == 200


def test_a_challenge_is_answered_once(desk, browser):
    key, _answer = add(desk)
    answer = json.dumps(key.sign(browser.post("/account/passkey/options/").json()))
    browser.post("/account/passkey/", {"answer": answer})

    replayed = a_browser()
    replayed.post("/account/passkey/options/")
    assert replayed.post("/account/passkey/", {"answer": answer}).url == "/account/login/"
    assert replayed.post("/account/passkey/", {"answer": answer}).url == "/account/login/"
    assert not is_in(replayed)


def test_a_wrong_answer_uses_the_challenge_up(desk, browser):
    key, _answer = add(desk)
    options = browser.post("/account/passkey/options/").json()
    browser.post("/account/passkey/", {"answer": json.dumps(SoftKey().make_known(key).sign(options))})
    browser.post("/account/passkey/", {"answer": json.dumps(key.sign(options))})
    assert not is_in(browser)


def test_a_challenge_for_one_thing_is_no_good_for_another(desk, browser):
    key, _answer = add(desk)
    sign_in(browser, desk.person)
    alone = browser.post("/account/passkey/options/").json()
    sign_in(browser, desk.person)
    assert browser.post("/account/second/", {"answer": json.dumps(key.sign(alone))}).status_code in {302, 422}
    assert not is_in(browser)


def test_a_challenge_ends_after_five_minutes(desk, browser, monkeypatch):
    key, _answer = add(desk)
    answer = json.dumps(key.sign(browser.post("/account/passkey/options/").json()))
    later = clock.wall() + timedelta(minutes=6)
    monkeypatch.setattr(clock, "wall", lambda: later)
    assert browser.post("/account/passkey/", {"answer": answer}).url == "/account/login/"


def test_what_was_signed_for_another_company_opens_nothing(desk, browser, saimaa):
    key, _answer = add(desk)
    for said in (
        {"origin": "http://saimaa.localhost"}, {"rp_id": "saimaa.localhost"}, {"origin": "https://nordvik.localhost"},
        {"origin": "http://nordvik.localhost:81"}, {"origin": "http://nordvik.localhost.evil.example"},
    ):  # fmt: skip
        assert use(browser, key, **said).url == "/account/login/"
    assert not is_in(browser)
    there = a_browser("saimaa.localhost")
    key.host = "saimaa.localhost"
    assert use(there, key).url == "/account/login/"
    with inside(saimaa):
        assert not Authenticator.objects.exists()


def test_a_passkey_of_another_host_of_the_company_is_not_asked_for(desk, browser):
    key, _answer = add(desk)
    row = Authenticator.objects.get(type="webauthn")
    row.data["host"] = "it.nordvik.example"
    row.save()
    assert use(browser, key).url == "/account/login/"


def test_another_persons_passkey_is_no_second_factor(desk, browser):
    key, _answer = add(desk)
    other, _secret = with_an_app()
    sign_in(browser, other)
    assert use(browser, key, at="/account/second/").status_code == 422
    assert not is_in(browser)


def test_a_passkey_that_names_another_person_opens_nothing(desk, browser):
    key, _answer = add(desk)
    key.handle = passkeys.websafe_encode(passkeys.handle_of(somebody()))
    assert use(browser, key).url == "/account/login/"
    assert not is_in(browser)


def test_a_device_that_does_not_know_its_person_makes_none_and_opens_nothing(desk, browser):
    _key, answer = add(desk, SoftKey(verifies=False))
    assert answer.status_code == 422
    key, _answer = add(desk)
    key.verifies = False
    assert use(browser, key).url == "/account/login/"
    assert not is_in(browser)


def test_one_key_belongs_to_one_person(desk, at_their_desk):
    key, _answer = add(desk)
    _key, answer = add(at_their_desk(somebody()), key)
    assert answer.status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == 1


@pytest.mark.parametrize(
    "nonsense",
    ["", "x", "[]", "7", "null", '"x"', "{}", '{"id": 7}', '{"id": "\\u0000", "response": {}}', '{"id": "a"}',
     '{"id": "YQ", "rawId": "YQ", "type": "public-key", "response": {"clientDataJSON": "e30", "signature": ""}}',
     "[" * 19_000, "{" * 30_000],
)  # fmt: skip
def test_nonsense_is_refused_in_words(desk, browser, nonsense):
    desk.post(OPTIONS)
    assert desk.post(NEW, {"name": "x", "answer": nonsense}).status_code == 422
    browser.post("/account/passkey/options/")
    assert browser.post("/account/passkey/", {"answer": nonsense}).url == "/account/login/"
    assert not factors.standing(desk.person).has_two


def test_whoever_has_no_access_any_more_is_not_let_in(desk, browser):
    key, _answer = add(desk)
    desk.person.is_active = False
    desk.person.save()
    assert use(browser, key).url == "/account/inactive/"
    assert not is_in(browser)


def test_it_can_be_renamed_and_removed_by_its_person_alone(desk, at_their_desk):
    add(desk)
    (row,) = factors.standing(desk.person).passkeys
    here = f"/you/security/passkeys/{row.data['ref']}/"
    other = at_their_desk(somebody())
    assert [other.get(here).status_code, other.post(f"{here}remove/").status_code] == [404, 404]

    assert desk.post(here, {"name": "Phone"}).status_code == 303
    assert factors.standing(desk.person).passkeys[0].data["name"] == "Phone"
    assert desk.post(f"{here}remove/").status_code == 303
    assert not factors.standing(desk.person).has_two
    assert not Authenticator.objects.exists()
    letters = Letter.objects.of_template("people/factors_changed").order_by("pk")
    assert [letter.context["what"] for letter in letters] == ["added_passkey", "removed_passkey"]


def test_twenty_are_enough(desk):
    for _n in range(factors.MOST_PASSKEYS):
        add(desk)
    _key, answer = add(desk)
    assert answer.status_code == 422
    assert Authenticator.objects.filter(type="webauthn").count() == 20
