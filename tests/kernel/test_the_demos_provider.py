"""The demo's identity provider: Saimaa's people have accounts there, beside their passwords."""

from pathlib import Path

import pytest
from django.conf import settings as product

from tests.making import a_person, an_admin
from velory.demo import signing_in
from velory.demo.openid.__main__ import take_in
from velory.demo.openid.provider import SECRET, OpenIdProvider, subject_of
from velory.demo.stripe.api import Request
from velory.people.federated import ways
from velory.people.federated.models import Identity
from velory.tenancy.context import inside

FLEET = Path(signing_in.__file__).with_name("fleets") / "saimaa.csv"
ADMIN = "axel.hassan@saimaa.example"


@pytest.fixture
def runs_at(settings):
    """The stand-in runs on a port."""

    def move(port):
        settings.ENV = product.ENV.model_copy(update={"velory_demo_openid_port": port})

    move(4344)
    return move


@pytest.fixture
def axel(saimaa):
    with inside(saimaa):
        return an_admin(first_name="Axel", last_name="Hassan", email=ADMIN)


def test_everybody_in_the_file_has_an_account():
    provider = OpenIdProvider("http://127.0.0.1:4344")
    take_in(provider, FLEET)

    assert len(provider.people) == 60
    assert provider.people[subject_of(ADMIN)] == {
        "email": ADMIN, "email_verified": True, "given_name": "Axel", "family_name": "Hassan",
    }  # fmt: skip


def test_its_page_asks_who_one_is_and_lets_one_go_back():
    provider = OpenIdProvider("http://127.0.0.1:4344")
    provider.client()
    take_in(provider, FLEET)
    asks = "client_id=velory&code_challenge_method=S256&redirect_uri=http%3A%2F%2Fsaimaa.localhost%2Fback%2F&state=s"

    page = provider.answer(Request("GET", "/authorize", asks))

    words = page.body.decode()
    assert ADMIN in words
    assert "It asks nobody for a password" in words
    assert f"as={subject_of(ADMIN)}" in words
    assert provider.answer(Request("GET", "/style.css")).headers["Content-Type"].startswith("text/css")


@pytest.mark.usefixtures("runs_at")
def test_only_one_of_the_samples_has_it(nordvik, saimaa):
    assert signing_in.has_a_provider(saimaa)
    assert not signing_in.has_a_provider(nordvik)


def test_without_the_stand_in_nobody_is_sent_there(saimaa):
    assert not signing_in.has_a_provider(saimaa)
    assert signing_in.where_it_is_offered() == []


@pytest.mark.usefixtures("runs_at")
def test_the_admin_is_linked_and_passwords_stay(saimaa, axel):
    signing_in.set_up_provider(saimaa)
    signing_in.set_up_provider(saimaa)

    assert [name for _address, name in signing_in.where_it_is_offered()] == ["Saimaa ID"]
    with inside(saimaa):
        (provider,) = ways.providers_of(axel)
        assert (provider.issuer, provider.secret) == ("http://127.0.0.1:4344", SECRET)
        assert ways.has_passwords()


def test_after_a_start_on_another_port_everybody_is_known_as_before(saimaa, axel, runs_at):
    signing_in.set_up_provider(saimaa)
    runs_at(4345)

    signing_in.follow_provider(saimaa)

    with inside(saimaa):
        (provider,) = ways.providers_of(axel)
        assert provider.issuer == "http://127.0.0.1:4345"
        assert Identity.objects.count() == 1


@pytest.mark.usefixtures("runs_at", "axel")
def test_what_somebody_made_of_it_stays_so(saimaa):
    signing_in.set_up_provider(saimaa)
    with inside(saimaa):
        signing_in.ours().get().turn(False, by=None, at=signing_in.clock.now())

    signing_in.follow_provider(saimaa)

    assert signing_in.where_it_is_offered() == []


@pytest.mark.usefixtures("runs_at", "axel")
def test_whoever_is_somebody_else_at_the_company_is_not_linked(saimaa):
    with inside(saimaa):
        other = a_person(email="lars.johansen@saimaa.example")
    signing_in.set_up_provider(saimaa)

    with inside(saimaa):
        assert ways.providers_of(other) == []
