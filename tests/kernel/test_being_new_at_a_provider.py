"""Whoever is new at a provider is linked by a code, an invitation or themself; nobody by a token's e-mail (R65)."""

import pytest

from tests.conftest import Browser
from tests.kernel.test_signing_in_with_a_provider import SUBJECT, linked, the_code, who_is_in
from tests.kernel.two_factors import code_of, with_an_app
from tests.making import a_person, an_admin
from tests.openid_standin import path_of
from velory.people.federated.models import Identity
from velory.people.invitations import invite
from velory.people.models import Person, Role
from velory.post.models import Letter


@pytest.fixture
def browser():
    return Browser(HTTP_HOST="nordvik.localhost")


@pytest.fixture
def provider(openid):
    return openid.set_up()


@pytest.fixture
def nils(openid, provider):
    """An admin who is linked with the provider."""
    person = an_admin()
    openid.person(SUBJECT, email=person.email, email_verified=True)
    linked(person, provider)
    return person


# Somebody who is new at the provider


def test_a_code_to_their_address_links_them_once(openid, browser, provider):
    orjan = a_person()
    openid.person("new", email=orjan.email)

    asked = openid.sign_in(browser, provider, "new")
    assert orjan.email in browser.get(asked.url).content.decode()
    sent = browser.post(asked.url, {"email": orjan.email})
    assert browser.get(sent.url).status_code == 200
    in_ = browser.post(sent.url, {"code": the_code()})

    assert in_.status_code == 302
    assert who_is_in(browser) == orjan
    assert [entry.step for entry in orjan.journal][-1] == "linked_sign_in"
    again = Browser(HTTP_HOST="nordvik.localhost")
    openid.sign_in(again, provider, "new")
    assert who_is_in(again) == orjan


def test_a_wrong_code_links_nobody(openid, browser, provider):
    orjan = a_person()
    openid.person("new", email=orjan.email)
    asked = openid.sign_in(browser, provider, "new")
    sent = browser.post(asked.url, {"email": orjan.email})
    right = the_code()

    for _ in range(5):
        assert browser.post(sent.url, {"code": "XXXX-XXXX"}).status_code == 422
    assert browser.post(sent.url, {"code": right}).status_code == 422
    assert not Identity.objects.exists()


def test_a_code_of_one_browser_is_nothing_in_another(openid, browser, provider):
    orjan, other = a_person(), Browser(HTTP_HOST="nordvik.localhost")
    openid.person("new", email=orjan.email)
    openid.person("evil")
    for each, subject in ((browser, "new"), (other, "evil")):
        each.post(openid.sign_in(each, provider, subject).url, {"email": orjan.email})
        if each is browser:
            theirs = the_code()
    assert other.post(f"/account/with/{provider.ref}/code/", {"code": theirs}).status_code == 422


def test_without_an_email_in_the_token_one_types_it(openid, browser, provider):
    orjan = a_person()
    openid.person("new")
    asked = openid.sign_in(browser, provider, "new")
    assert browser.get(asked.url).status_code == 200
    sent = browser.post(asked.url, {"email": orjan.email.upper()})
    browser.post(sent.url, {"code": the_code()})
    assert who_is_in(browser) == orjan


def test_a_stranger_gets_no_account_and_is_answered_alike(openid, browser, provider):
    openid.person("new", email="stranger@nordvik.example", email_verified=True)
    asked = openid.sign_in(browser, provider, "new")
    sent = browser.post(asked.url, {"email": "stranger@nordvik.example"})
    assert "is on its way" in browser.get(sent.url).content.decode()
    assert not Letter.objects.filter(template="people/link_code").exists()
    assert not Person.objects.at_address("stranger@nordvik.example").exists()


def test_where_accounts_are_made_a_stranger_becomes_an_employee(openid, browser):
    provider = openid.set_up(domains=["nordvik.example"])
    openid.person(
        "new", email="Stranger@Nordvik.Example", email_verified=True, given_name="Signe", family_name="Ek",
        roles=["admin"], role="admin",
    )  # fmt: skip

    openid.sign_in(browser, provider, "new")

    person = who_is_in(browser)
    assert (person.email, person.role, str(person)) == ("stranger@nordvik.example", Role.EMPLOYEE, "Signe Ek")


@pytest.mark.parametrize("email", ["x@evil.example", "x@nordvik.example.evil.example", "nordvik.example", "x@", ""])
def test_of_another_domain_nobody_gets_an_account(openid, browser, email):
    provider, before = openid.set_up(domains=["nordvik.example"]), Person.objects.count()
    openid.person("new", email=email, email_verified=True)
    assert openid.sign_in(browser, provider, "new").url.endswith("/who/")
    assert Person.objects.count() == before


def test_an_address_that_the_provider_has_not_verified_is_asked_for_a_code(openid, browser):
    provider = openid.set_up(domains=["nordvik.example"])
    openid.person("new", email="stranger@nordvik.example")
    asked = openid.sign_in(browser, provider, "new")
    assert not Person.objects.at_address("stranger@nordvik.example").exists()
    sent = browser.post(asked.url, {"email": "stranger@nordvik.example"})
    browser.post(sent.url, {"code": the_code()})
    assert who_is_in(browser).email == "stranger@nordvik.example"


def test_an_address_of_somebody_who_left_makes_no_second_account(openid, browser):
    provider = openid.set_up(domains=["nordvik.example"])
    gone = a_person(is_active=False)
    openid.person("new", email=gone.email, email_verified=True)
    asked = openid.sign_in(browser, provider, "new")
    browser.post(asked.url, {"email": gone.email})
    assert not Letter.objects.filter(template="people/link_code").exists()


def test_an_invitation_is_accepted_with_the_provider(openid, browser, provider):
    person = a_person(first_name="", last_name="")
    invite(person, by=an_admin())
    token = Letter.objects.get(template="people/invitation").context["link"].rstrip("/").rpartition("/")[2]
    openid.person("new", email="other@elsewhere.example", given_name="Örjan", family_name="Jensen")
    assert f"invitation={token}" in browser.get(f"/welcome/{token}/").content.decode()

    openid.sign_in(browser, provider, "new", **{"for": "accept", "invitation": token})

    assert str(who_is_in(browser)) == "Örjan Jensen"
    assert person.open_invitation is None
    assert browser.get(f"/welcome/{token}/").status_code == 410


# Whoever has a second factor


def test_whoever_reads_the_mail_alone_links_nothing_past_the_second_factor(openid, browser):
    """Else their own sign-in at the provider, which answers for two factors, would open the account from then on."""
    provider, (orjan, secret) = openid.set_up(asks_for_two=True), with_an_app(a_person(language="en"))
    openid.person("evil", email="evil@elsewhere.example")

    sent = browser.post(openid.sign_in(browser, provider, "evil").url, {"email": orjan.email})
    asked = browser.post(sent.url, {"code": the_code()})

    assert asked.url == "/account/second/"
    assert not Identity.objects.exists()
    other = Browser(HTTP_HOST="nordvik.localhost")
    assert openid.sign_in(other, provider, "evil").url.endswith("/who/")

    link = browser.post(asked.url, {"code": code_of(secret)}).url
    assert link == f"/you/link/{provider.ref}/"
    assert "evil@elsewhere.example" in browser.get(link).content.decode()
    assert not Identity.objects.exists()
    assert browser.post(link).status_code == 303
    assert Identity.objects.get().person == orjan


def test_an_invitation_links_nothing_past_the_second_factor_either(openid, browser):
    provider, (person, secret) = openid.set_up(asks_for_two=True), with_an_app(a_person())
    invite(person, by=an_admin())
    token = Letter.objects.get(template="people/invitation").context["link"].rstrip("/").rpartition("/")[2]
    openid.person("evil")

    asked = openid.sign_in(browser, provider, "evil", **{"for": "accept", "invitation": token})

    assert asked.url == "/account/second/"
    assert not Identity.objects.exists()
    assert who_is_in(browser) is None
    assert browser.post(asked.url, {"code": code_of(secret)}).url == f"/you/link/{provider.ref}/"


# Linking oneself


def test_somebody_signed_in_links_themself_after_reading_whom(openid, at_their_desk, provider):
    orjan = a_person()
    desk = at_their_desk(orjan)
    openid.person("new", email="o.jensen@elsewhere.example")
    begun = desk.get(f"/you/link/{provider.ref}/")
    back = openid.choose(desk.get(begun.url).url, "new")
    page = desk.get(desk.get(path_of(back)).url)

    assert "o.jensen@elsewhere.example" in page.content.decode()
    assert not Identity.objects.exists()
    assert desk.post(f"/you/link/{provider.ref}/").status_code == 303
    assert Identity.objects.get().person == orjan


def test_a_sign_in_that_is_somebody_elses_is_not_linked(openid, at_their_desk, provider, nils):
    orjan = a_person(language="en")
    desk = at_their_desk(orjan)
    begun = desk.get(f"/you/link/{provider.ref}/")
    desk.get(path_of(openid.choose(desk.get(begun.url).url, SUBJECT)))
    refused = desk.post(f"/you/link/{provider.ref}/")
    assert refused.status_code == 409
    assert "belongs to somebody else here" in refused.content.decode()


def test_a_link_is_undone(openid, at_their_desk, browser, provider, nils):
    at_their_desk(nils).post(f"/you/link/{provider.ref}/undo/")
    openid.sign_in(browser, provider, SUBJECT)
    assert who_is_in(browser) is None
