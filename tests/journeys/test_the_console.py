"""The console in a real browser: what a change would switch off, and a company opened from the sign-up page."""

import re
import time
from email import message_from_bytes
from email.policy import default

import pytest

from tests.journeys.readers import OPERATOR

pytestmark = pytest.mark.browser
FOUNDER = "ebba.nystrom@fjallvik.example"
READY = 120_000  # milliseconds that the making of a company may take


def test_what_would_be_switched_off_is_shown_before_it_is(visitor):
    operator = visitor("ops")
    operator.sign_in(OPERATOR)
    operator.go("/companies/nordvik/plan/")
    operator.page.get_by_label("Starter").check()
    operator.page.get_by_role("button", name="Change the plan").click()
    operator.page.get_by_role("heading", name="Switch this off for Nordvik Energi AB?").wait_for()
    operator.look("console-switch-off")
    operator.page.get_by_role("link", name="Not now").click()
    assert operator.page.get_by_text("Pro", exact=True).first.is_visible()


def test_a_company_is_opened_from_the_sign_up_page(visitor, demo):
    founder = visitor("")
    founder.go("/sign-up/")
    founder.page.get_by_label("Name of the company").fill("Fjällvik Teknik AB")
    founder.page.get_by_label("Short name").fill("fjallvik")
    founder.page.get_by_label("Your e-mail at work").fill(FOUNDER)
    founder.page.get_by_role("button", name="Send me the link").click()
    founder.page.get_by_role("heading", name="Look into your mail").wait_for()

    founder.page.goto(the_link(demo, FOUNDER, "/sign-up/confirm/"))
    founder.page.get_by_role("button", name="Open the company").click()
    founder.page.get_by_text("The company is open.").wait_for(timeout=READY)
    founder.look("sign-up-ready")

    founder.page.goto(the_link(demo, FOUNDER, "/welcome/"))
    for name, value in (("first_name", "Ebba"), ("last_name", "Nyström"), ("password1", "on-the-fells-it-is-quiet")):
        founder.page.locator(f"[name={name}]").fill(value)
    founder.page.locator("main form button.btn-primary").click()
    founder.page.wait_for_url(re.compile(r"fjallvik\.[^/]+/$"))


def the_link(demo, address, path):
    """The link to a page in a letter that the mail catcher took for somebody; secrets stand there alone."""
    for _second in range(120):
        for caught in (demo.folder / "mail").glob("*.eml"):
            message = message_from_bytes(caught.read_bytes(), policy=default)
            text = message.get_body(("plain",)).get_content()
            if address in message["To"] and (link := re.search(rf"http://\S+{path}\S+", text)):
                return link[0]
        time.sleep(0.5)
    raise AssertionError(f"Nothing with {path} was written to {address}.")
