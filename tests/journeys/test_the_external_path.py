"""A device bought outside the store, from the mail that says so to the archive (spec 2, the external path).

The seed, sentence by sentence: a mail at 30 days whose only step is *Start the process*; the store opens; the
distributor does the rest; the admin presses *Confirm return*, then *Mark as released*; the device is gone.
"""

import re
import time

import pytest
from django.utils import translation
from django.utils.translation import gettext

pytestmark = pytest.mark.browser
MORNING = "2026-11-22T08:10"

CASES = [
    pytest.param("bjorn.persson@nordvik.example", "D-00069", "nils.wikstrom@nordvik.example", "wide", "light", "en",
                 id="in English, wide, light"),
    pytest.param("soren.strom@nordvik.example", "D-00185", "orjan.jensen@nordvik.example", "narrow", "dark", "sv",
                 id="in Swedish, narrow, dark"),
]  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def that_morning(demo):
    """Ten past eight: the letters of the day have gone."""
    if demo.type("demo_clock").strip() < MORNING:
        demo.push(MORNING)


def words(language, text):
    """A text of the product in a language."""
    with translation.override(language):
        return gettext(text)


def letters_to(demo, email, *, fits=lambda letter: True):
    """What was written to an address, once all of it has gone."""
    for _second in range(120):
        letters = [m for m in demo.json("mails", "--company", "nordvik", "--json") if m["recipient"] == email]
        found = [m for m in letters if fits(m)]
        if found and all(m["sent"] for m in found):
            return found
        time.sleep(0.5)
    raise AssertionError(letters)


def letter_to(demo, email):
    letters = letters_to(demo, email)
    assert len(letters) == 1, letters
    assert letters[0]["state"] in {"sent", "delivered"}
    return letters[0]


def button(someone, text):
    return someone.page.get_by_role("button", name=words(someone.language, text), exact=True)


@pytest.mark.parametrize(("email", "number", "admin", "size", "theme", "language"), CASES)
def test_from_the_mail_to_the_archive(demo, visitor, email, number, admin, size, theme, language):
    look = {"size": size, "theme": theme, "language": language}
    letter = letter_to(demo, email)
    assert letter["language"] == language
    before = demo.json("device", "--company", "nordvik", number, "--json")
    assert before["status"] == "active"

    # The holder, from the mail, signed in to nothing
    holder = visitor(**look)
    link = next(address for address in letter["links"] if "/l/" in address)
    holder.page.goto(link)
    holder.look("external-link")
    button(holder, "Start the process").click()
    holder.page.wait_for_load_state()
    holder.look("external-started")
    assert demo.json("device", "--company", "nordvik", number, "--json")["status"] == "return_pending"

    # The store's gate is open for that category; the page says what happens now
    holder.sign_in(email)
    holder.look("home-after-start")
    holder.go(f"/devices/{before['ref']}/")
    holder.look("device-return-pending")
    assert words(language, "Return pending") in holder.page.locator("main").inner_text()

    # The distributor has been told
    assert letters_to(
        demo,
        "service@atea.example",
        fits=lambda letter: before["serial"] in str(letter) or before["ref"] in str(letter),
    )

    # The admin: Confirm return, and only then Mark as released
    office = visitor(**look)
    office.sign_in(admin)
    office.look("overview")
    office.go("/renewals/awaiting-confirmation/")
    office.look("awaiting-confirmation")
    office.go(f"/devices/{before['ref']}/")
    assert button(office, "Mark as released").count() == 0
    press(office, "Confirm return", before["ref"], "confirm_return")
    press(office, "Mark as released", before["ref"], "release")

    after = demo.json("device", "--company", "nordvik", number, "--json")
    assert after["status"] == "removed"
    assert after["holder"] is None
    steps = [entry["step"] for entry in after["journal"]]
    assert steps[-4:] == ["start_renewal", "confirm_return", "release", "close_contract"]

    office.go("/hardware/?view=archive")
    office.look("archive")
    assert before["serial"] in office.page.locator("main").inner_text()
    office.go(f"/devices/{before['ref']}/?tab=activity")
    office.look("device-activity")
    assert re.search(
        re.escape(after["journal"][-1]["sentence"]) if language == "en" else ".", office.page.inner_text("main")
    )

    # It is gone from the holder's hardware
    holder.go("/")
    assert f"/devices/{before['ref']}/" not in holder.page.content()
    holder.go("/devices/")
    holder.look("your-hardware")
    assert f"/devices/{before['ref']}/" not in holder.page.content()


def press(office, text, ref, name):
    """A step with a page of its own: what follows from it is read before the button is pressed."""
    office.go(f"/devices/{ref}/{name}/")
    office.look(f"ask-{name}")
    main = office.page.locator("main form[method=post]")
    main.get_by_role("button", name=words(office.language, text)).click()
    office.page.wait_for_load_state()
    office.look(f"after-{name}")


def test_the_keyboard_alone_is_enough(demo, visitor):
    email, number = "ragnhild.dahlgren@nordvik.example", "D-00353"
    holder = visitor(language="sv")
    letter = letter_to(demo, email)
    holder.page.goto(next(address for address in letter["links"] if "/l/" in address))
    tab_to(holder, words("sv", "Start the process"))
    enter(holder)
    device = demo.json("device", "--company", "nordvik", number, "--json")
    assert device["status"] == "return_pending"

    office = visitor()
    office.go("/account/login/")
    tab_to(office, None, kind="email")
    office.page.keyboard.type("nils.wikstrom@nordvik.example")
    office.page.keyboard.press("Tab")
    office.page.keyboard.type("velory-demo")
    enter(office)
    for name, text in (("confirm_return", "Confirm return"), ("release", "Mark as released")):
        office.go(f"/devices/{device['ref']}/{name}/")
        tab_to(office, text)
        enter(office)
    assert demo.json("device", "--company", "nordvik", number, "--json")["status"] == "removed"


def enter(someone):
    """Press Enter and wait for the page that answers."""
    with someone.page.expect_navigation():
        someone.page.keyboard.press("Enter")


def tab_to(someone, text, kind=None):
    """Press Tab until the focus is on a button with this text, or on a field of this kind."""
    for _press in range(60):
        someone.page.keyboard.press("Tab")
        here = someone.page.evaluate(
            "[document.activeElement.innerText?.trim(), document.activeElement.type, document.activeElement.tagName]"
        )
        if (text and here[0] == text and here[2] == "BUTTON") or (kind and here[1] == kind):
            return
    raise AssertionError(f"Tab never reached {text or kind}")
