"""Somebody protects their account in a browser: an app, recovery codes, a passkey; and signs in with each of them."""

import re

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value

from velory import clock

pytestmark = pytest.mark.browser

WHO = "noor.akesson@nordvik.example"
AUTHENTICATOR = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
    "isUserVerified": True, "automaticPresenceSimulation": True,
}  # fmt: skip


def code_of(secret, later=0):
    """What the app shows."""
    return format_hotp_value(hotp_value(secret, int(clock.wall().timestamp()) // 30 + later))


def a_device_that_knows_its_person(page):
    """From now on the browser has a device that makes and uses passkeys."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": AUTHENTICATOR})
    return session


def sign_out(page, someone):
    someone.go("/account/logout/")
    page.locator("main form button.btn-primary").first.click()
    page.get_by_role("heading", name="Sign in", level=1).wait_for()


def test_an_app_then_a_passkey_protect_an_account(visitor):
    protect(visitor("nordvik", size="narrow"), WHO)


def protect(someone, email):
    """The whole way, on a phone."""
    page = someone.page
    someone.sign_in(email)
    someone.go("/you/")
    page.get_by_role("link", name="Sign-in and security").click()
    page.get_by_role("heading", name="Sign-in and security", level=1).wait_for()
    someone.look("security-none")

    page.get_by_role("link", name="Set up an app").click()
    secret = page.locator("main .code.select-all").inner_text().replace(" ", "")
    assert re.fullmatch(r"[A-Z2-7]{32}", secret)
    someone.look("security-app")
    page.get_by_label("Code in the app").fill(code_of(secret, -1))
    page.get_by_role("button", name="Set up the app").click()
    page.get_by_role("heading", name="Recovery codes", level=1).wait_for()
    codes = page.locator("main li").all_inner_texts()
    assert len([code for code in codes if re.fullmatch(r"\d{5}-\d{5}", code)]) == 10
    someone.look("security-codes")
    page.get_by_role("button", name="I have put them away").click()
    page.get_by_text("10 codes are left.").wait_for()

    device = a_device_that_knows_its_person(page)
    page.get_by_role("link", name="Add a passkey").click()
    someone.look("security-passkey")
    page.get_by_label("Name of the passkey").fill("My phone")
    page.get_by_role("button", name="Make a passkey").click()
    page.get_by_text("My phone", exact=True).wait_for()
    someone.look("security-both")

    sign_out(page, someone)
    page.get_by_label("E-mail").fill(email)
    page.locator("input[type=password]").fill("velory-demo")
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.get_by_role("heading", name="One more step", level=1).wait_for()
    someone.look("second-factor")
    page.get_by_label("Code", exact=True).fill(code_of(secret))
    page.get_by_role("button", name="Go on with the code").click()
    page.wait_for_url(re.compile(r"^https?://[^/]+/$"))

    sign_out(page, someone)
    someone.look("sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    page.wait_for_url(re.compile(r"^https?://[^/]+/$"))
    someone.go("/you/security/")
    page.get_by_role("link", name=re.compile(r"Remove\s*: My phone")).click()
    someone.look("security-remove")
    page.get_by_role("button", name="Remove the passkey").click()
    page.get_by_role("heading", name="Sign-in and security", level=1).wait_for()
    page.get_by_role("link", name="Remove the app").click()
    page.get_by_role("button", name="Remove the app").click()
    page.get_by_text("One factor protects your account").wait_for()
    device.detach()
