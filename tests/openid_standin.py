"""The fixture `openid`: the demo's stand-in for an identity provider, in the test's own process, speaking over HTTP.

subject = openid.person("nils-1", email="nils.wikstrom@nordvik.example")
provider = openid.set_up(by=admin)                      # at this company, turned on
answer = openid.sign_in(browser, provider, subject)     # what the product answers when the browser is back
openid.knobs.claims = {"aud": "somebody-else"}          # what goes wrong: velory/demo/openid/provider.py
"""

import threading
import urllib.error
import urllib.request
from types import SimpleNamespace
from urllib.parse import urlencode

import pytest
from django.core.cache import cache

from velory import clock, outgoing
from velory.demo.openid.keys import Key
from velory.demo.openid.provider import Knobs, OpenIdProvider
from velory.demo.stripe.server import Server
from velory.people.federated.models import IdentityProvider

__all__ = ["Key", "Knobs", "OpenId"]


class Stay(urllib.request.HTTPRedirectHandler):
    """Nothing is followed: where the provider sends the browser is read."""

    def redirect_request(self, *args):
        return None


class OpenId(OpenIdProvider):
    """What a test can do with a provider."""

    def __init__(self):
        super().__init__()
        self.server = Server(self)
        self.origin = f"http://127.0.0.1:{self.server.port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def reset(self):
        """With nothing in it, and nothing wrong."""
        self.knobs, self.people, self.clients, self.codes, self.asked = Knobs(), {}, {}, {}, []
        self.path = ""

    def set_up(self, *, by=None, name="Kontoret", on=True, client_id="velory", **facts):
        """This provider at the present company."""
        client_id, secret = self.client(client_id)
        made = IdentityProvider.set_up(
            secret=secret, by=by, at=clock.now(), name=name, client_id=client_id, **{"issuer": self.issuer} | facts
        )
        if on:
            made.turn(True, by=by, at=clock.now())
        return made

    def begin(self, browser, provider, **asks):
        """The browser sets out; the provider's address to which it is led."""
        answer = browser.get(f"/account/with/{provider.ref}/?{urlencode(asks)}")
        assert answer.status_code == 303, answer.content.decode()[:500]
        return answer.url

    def choose(self, address, subject):
        """Somebody signs in there; where the provider leads the browser."""
        with pytest.raises(urllib.error.HTTPError) as led:
            urllib.request.build_opener(Stay()).open(f"{address}&{urlencode({'as': subject})}", timeout=5)
        assert led.value.code == 302, led.value.read()
        return led.value.headers["Location"]

    def sign_in(self, browser, provider, subject, **asks):
        """There and back: what the product answers."""
        return browser.get(path_of(self.choose(self.begin(browser, provider, **asks), subject)))


def path_of(address):
    """An address without its host."""
    return "/" + address.split("/", 3)[3]


@pytest.fixture(scope="session")
def openid_server():
    """One server of a run."""
    return OpenId()


@pytest.fixture(scope="session")
def other_openid_server():
    """Somebody else's."""
    return OpenId()


@pytest.fixture
def openid(openid_server, monkeypatch):
    """A provider with nobody in it. As in the demo alone, a machine on loopback may be asked."""
    monkeypatch.setattr(outgoing, "settings", SimpleNamespace(DEMO=True))
    cache.clear()
    openid_server.reset()
    return openid_server


@pytest.fixture
def other_openid(other_openid_server, openid):
    """Another provider beside it."""
    other_openid_server.reset()
    return other_openid_server
