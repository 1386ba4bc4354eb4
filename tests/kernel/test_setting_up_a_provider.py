"""An admin writes an identity provider down, tries it, and turns it on; what is wrong is said in words (R67, R77)."""

import json
import socket

import pytest
from django.core.cache import cache

from tests.making import an_admin
from velory import clock
from velory.archive.contents import columns
from velory.journal.models import Entry
from velory.people.federated import provider_says
from velory.people.federated.models import IdentityProvider

HOME = "/settings/sign-in/"
SECRET = "the secret of Velory"


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


def facts(openid, **more):
    return {"name": "Kontoret", "issuer": openid.issuer, "client_id": "velory", "secret": SECRET, "domains": ""} | more


def words(desk, answer):
    page = desk.get(answer.url)
    return " ".join(str(message) for message in page.context["messages"])


def test_it_is_written_down_tried_and_turned_on(openid, desk):
    openid.client()
    made = desk.post(f"{HOME}new/", facts(openid))
    provider = IdentityProvider.objects.get()
    assert made.url == provider.get_absolute_url()
    assert not provider.is_on
    assert f"/account/with/{provider.ref}/back/" in desk.get(made.url).content.decode()
    assert "knows Velory" in words(desk, desk.post(f"{made.url}try/"))
    desk.post(f"{made.url}turn/", {"to": "on"})
    assert IdentityProvider.objects.get().is_on


def test_its_secret_is_sealed_and_shown_nowhere(openid, desk):
    page = desk.post(f"{HOME}new/", facts(openid), follow=True).content.decode()
    provider = IdentityProvider.objects.get()
    desk.post(provider.get_absolute_url(), facts(openid, secret="another secret"))
    provider = IdentityProvider.objects.get()

    assert provider.secret == "another secret"
    assert "secret" not in provider.sealed_secret
    assert SECRET not in page
    assert SECRET not in json.dumps([entry.details for entry in Entry.objects.all()])
    assert "sealed_secret" not in [column.name for column in columns(IdentityProvider)]
    assert [str(one.sentence) for one in Entry.objects.about(provider)] == [
        "Nils Wikström set up the identity provider Kontoret.",
        "Nils Wikström gave the identity provider Kontoret another secret.",
    ]


def test_left_empty_the_secret_stays(openid, desk):
    provider = openid.set_up(by=None)
    desk.post(
        provider.get_absolute_url(), facts(openid, secret="", name="Huset", domains="@Nordvik.example, x.example")
    )
    provider = IdentityProvider.objects.get()
    assert (provider.name, provider.secret, provider.domains) == ("Huset", SECRET, ["nordvik.example", "x.example"])


def test_what_changed_meanwhile_is_not_overwritten(openid, desk):
    provider = openid.set_up(by=None)
    stale = desk.post(provider.get_absolute_url(), facts(openid, name="Huset", version="1"))
    assert stale.status_code == 422
    assert IdentityProvider.objects.get().name == "Kontoret"


@pytest.mark.parametrize(
    ("knobs", "says"),
    [
        ({"is_down": True}, "did not answer in time"),
        ({"status": 404}, "it answered 404"),
        ({"says": {"issuer": "https://id.example/"}}, "It calls itself https://id.example/, not http://127.0.0.1"),
        ({"leaves_out": ("authorization_endpoint",)}, "where people sign in (authorization_endpoint)"),
        ({"leaves_out": ("jwks_uri",)}, "(jwks_uri)"),
        ({"says": {"response_types_supported": ["id_token"]}}, "response type “code”"),
        ({"says": {"id_token_signing_alg_values_supported": ["HS256", "none"]}}, "It has to offer RS256"),
        ({"says": {"token_endpoint": "https://10.0.0.1/token"}}, "must begin with https:// and be public"),
    ],
)
def test_trying_says_in_words_what_is_wrong(openid, desk, knobs, says):
    provider = openid.set_up(on=False)
    for name, value in knobs.items():
        setattr(openid.knobs, name, value)
    assert says in words(desk, desk.post(f"{provider.get_absolute_url()}try/"))
    assert desk.post(f"{provider.get_absolute_url()}turn/", {"to": "on"}).status_code == 409
    assert not IdentityProvider.objects.get().is_on


def test_trying_finds_a_wrong_secret(openid, desk):
    provider = openid.set_up(on=False)
    openid.clients["velory"] = "something else"
    assert "has to check client ID and secret" in words(desk, desk.post(f"{provider.get_absolute_url()}try/"))


@pytest.mark.parametrize("address", ["10.0.0.1", "127.0.0.1", "169.254.169.254", "::1", "64:ff9b::a00:1"])
def test_no_machine_of_our_own_house_is_asked(desk, monkeypatch, address):
    monkeypatch.setattr(socket, "getaddrinfo", lambda *args, **more: [(0, 0, 0, "", (address, 443))])
    cache.clear()
    with pytest.raises(provider_says.Trouble) as wrong:
        provider_says.about("https://id.example")
    assert wrong.value.words == provider_says.trouble.NOT_ALLOWED


@pytest.mark.parametrize(
    "issuer", ["http://id.example", "ftp://x", "id.example", "https://u:p@id.example", "https://x/?a=1"]
)
def test_such_an_issuer_is_not_written_down(desk, issuer):
    answer = desk.post(f"{HOME}new/", {"name": "X", "issuer": issuer, "client_id": "v", "secret": "s"})
    assert answer.status_code == 422
    assert not IdentityProvider.objects.exists()


@pytest.mark.parametrize("domain", ["gmail.com", "nordvik", "a b", "x@", "*.example", "-.example"])
def test_such_a_domain_makes_no_accounts(openid, desk, domain):
    assert desk.post(f"{HOME}new/", facts(openid, domains=domain)).status_code == 422


def test_a_provider_that_is_removed_leaves_nobody_linked(openid, desk):
    from tests.kernel.test_signing_in_with_a_provider import linked

    provider, admin = openid.set_up(), an_admin()
    linked(admin, provider)
    assert "1 person signs in with it" in desk.get(f"{provider.get_absolute_url()}remove/").content.decode()
    desk.post(f"{provider.get_absolute_url()}remove/")
    assert not IdentityProvider.objects.exists()
    assert not admin.identities.exists()


def test_a_provider_is_asked_a_few_times_only_whoever_asks(openid, desk, at_their_desk):
    provider = openid.set_up(by=None, on=False)
    openid.client()
    for _ in range(10):
        assert "knows Velory" in words(desk, desk.post(f"{provider.get_absolute_url()}try/"))
    asked = len(openid.asked)
    assert "too often" in words(desk, desk.post(f"{provider.get_absolute_url()}try/"))
    refused = desk.post(f"{provider.get_absolute_url()}turn/", {"to": "on"})
    assert (refused.status_code, "too often" in refused.text) == (409, True)
    assert len(openid.asked) == asked
    assert not IdentityProvider.objects.get().is_on
    assert desk.post(f"{provider.get_absolute_url()}turn/", {"to": "off"}).status_code == 303
    colleague = at_their_desk(an_admin())
    assert "knows Velory" in words(colleague, colleague.post(f"{provider.get_absolute_url()}try/"))


ONCE_MORE = "type it once more"


def test_a_secret_that_was_not_saved_is_asked_for_again(openid, desk):
    page = desk.post(f"{HOME}new/", facts(openid, name=""))
    assert (page.status_code, ONCE_MORE in page.text, SECRET in page.text) == (422, True, False)
    provider = openid.set_up(by=None)
    address = provider.get_absolute_url()
    page = desk.post(address, facts(openid, name="", secret="another secret"))
    assert (page.status_code, ONCE_MORE in page.text) == (422, True)
    assert ONCE_MORE not in desk.post(address, facts(openid, name="", secret="")).text  # the one that is there stays
    provider.change(by=None, at=clock.now(), name="Huset")
    stale = desk.post(address, facts(openid, secret="another secret", version=0))
    assert (stale.status_code, ONCE_MORE in stale.text) == (422, True)
    assert IdentityProvider.objects.get().secret == SECRET
