"""An admin sets the company's identity provider up, and a colleague comes in with it: from the settings to the desk."""

import re
import threading
import time
from email import message_from_bytes
from email.policy import default

import pytest

from velory.demo.openid.provider import SECRET, OpenIdProvider
from velory.demo.stripe.server import Server

pytestmark = pytest.mark.browser
ADMIN, APPROVER = "nils.wikstrom@nordvik.example", "renee.jonsson@nordvik.example"


@pytest.fixture
def provider():
    """A stand-in on a port of loopback, which the demo alone may ask."""
    made = OpenIdProvider()
    server = Server(made)
    made.origin = f"http://127.0.0.1:{server.port}"
    made.client()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield made
    server.shutdown()


def the_code(demo, address):
    """What the letter to somebody says, which links their sign-in."""
    for _second in range(120):
        for caught in (demo.folder / "mail").glob("*.eml"):
            message = message_from_bytes(caught.read_bytes(), policy=default)
            found = re.search(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}\b", message["Subject"])
            if address in message["To"] and found:
                return found[0]
        time.sleep(0.5)
    raise AssertionError(f"No code was written to {address}.")


def test_from_the_settings_to_the_first_sign_in(visitor, demo, provider):
    colleague = APPROVER
    provider.person("colleague", email=colleague)
    someone = visitor("nordvik").sign_in(ADMIN).speak("en")
    page = someone.page

    someone.go("/settings/")
    page.get_by_role("link", name="Ways to sign in").click()
    someone.look("sign-in-settings")
    page.get_by_role("link", name="Add a provider").first.click()
    for name, value in (("name", "Kontoret"), ("issuer", provider.issuer), ("client_id", "velory"), ("secret", SECRET)):
        page.locator(f"[name={name}]").fill(value)
    someone.look("add-a-provider")
    page.get_by_role("button", name="Save provider").click()
    page.get_by_role("button", name="Try the connection").click()
    page.get_by_text("knows Velory by its client ID and secret").wait_for()
    page.get_by_role("button", name="Turn on").click()
    page.get_by_text("People can sign in with Kontoret.").wait_for()
    someone.look("a-provider")

    other = visitor("nordvik", size="narrow")
    other.go("/account/login/")
    other.speak("en")
    other.look("sign-in-with-a-provider")
    page = other.page
    page.get_by_role("link", name="Continue with Kontoret").click()
    page.get_by_role("link", name=colleague).click()
    page.get_by_role("heading", name="Who are you here?").wait_for()
    other.look("who-are-you-here")
    page.get_by_role("button", name="Send the code").click()
    page.locator("[name=code]").fill(the_code(demo, colleague))
    other.look("the-code-that-links")
    page.get_by_role("button", name="Link Kontoret and sign in").click()
    page.wait_for_load_state()
    other.go("/you/security/")
    page.get_by_text(f"You sign in as {colleague}").wait_for()
    other.look("linked-sign-in")

    page.context.clear_cookies()
    other.go("/account/login/")
    page.get_by_role("link", name="Kontoret").click()
    page.get_by_role("link", name=colleague).click()
    other.go("/you/")
    assert colleague in page.locator("main").inner_text()
    assert other.troubles == []
