"""5,000 devices in one change, in a real browser: looked at, applied while the page tells how far it is, taken back.

Too long for `make test`; `make fivethousand` runs it and prints its figures.
"""

import re
import subprocess
import sys
import time

import pytest

from tests.journeys.a_large_company import ADMIN, OTHER, SLUG
from tests.running_demo import ROOT

pytestmark = pytest.mark.browser
NUMBER = 5_000
PREVIEW = 5  # seconds until the page of the plan stands there
LONG = 900  # seconds that applying may take


@pytest.fixture(scope="module")
def one_of_them(demo):
    """The company, with all its devices; the reference of one in their midst."""
    return said_by(demo, "make", str(NUMBER))


def test_a_change_of_5000_devices_is_looked_at_applied_and_undone(visitor, demo, one_of_them):
    before = said_by(demo, "dates")
    admin = visitor(SLUG).sign_in(ADMIN)
    begin(admin.page, admin.demo.url(SLUG, "/hardware/"))
    shown = look_at_it(admin.page, "Preview")
    assert told(admin.page) == {"Will change": NUMBER, "Unchanged": 0, "Refused": 0}
    assert shown < PREVIEW
    admin.look("five-thousand-previewed")

    somebody_moves(visitor(SLUG).sign_in(OTHER), one_of_them)
    values, lasted = apply_it(admin)
    assert told(admin.page) == {"Changed": NUMBER - 1, "Unchanged": 0, "Refused": 1}
    admin.page.get_by_role("link", name=re.compile("^Refused")).first.click()
    admin.page.locator(f"tbody a[href='/devices/{one_of_them}/']").wait_for()
    admin.look("five-thousand-refused")
    assert said_by(demo, "dates") != before
    sound(demo)

    shown_again = look_at_it(admin.page, "Look at undoing it")
    assert told(admin.page)["Will change"] == NUMBER - 1
    assert shown_again < PREVIEW
    values_again, lasted_again = apply_it(admin)
    assert told(admin.page) == {"Changed": NUMBER - 1, "Unchanged": 0, "Refused": 0}
    assert said_by(demo, "dates") == before
    sound(demo)
    assert admin.troubles == []
    print(
        f"\n{NUMBER} devices: looked at in {shown:.1f} s, applied in {lasted:.0f} s, the bar in {len(values)} states."
    )
    print(f"Undoing: looked at in {shown_again:.1f} s, undone in {lasted_again:.0f} s, in {len(values_again)} states.")


def begin(page, address):
    """Tick one, then all that match, and say what."""
    page.goto(address)
    page.locator("tbody input[name=device]").first.check()
    page.locator("input[name=scope]").check()
    page.locator("select[name=action]").select_option("move_renewal")
    page.get_by_role("button", name="Continue").click()
    page.get_by_label("Months").fill("12")


def look_at_it(page, button):
    """The seconds from the press to the page of the plan."""
    start = time.monotonic()
    page.get_by_role("button", name=button).click()
    page.locator("form[action$='/apply/'] button.btn-primary").wait_for(timeout=60_000)
    return time.monotonic() - start


def told(page):
    """The three numbers at the head of the page."""
    facts = page.locator("#bulk-change dl > div").evaluate_all("all => all.map(a => a.innerText.split('\\n'))")
    return {words[0].strip(): int(re.sub(r"\D", "", words[-1])) for words in facts}


def apply_it(admin):
    """Press the button and watch the bar: what it showed, each once, and the seconds until it is done."""
    page, values, start = admin.page, [], time.monotonic()
    page.locator("form[action$='/apply/'] button.btn-primary").click()
    page.locator("progress").wait_for()
    admin.check_accessibility()
    while page.locator("progress").count():
        value = page.evaluate("document.querySelector('progress')?.value ?? null")
        if value is not None and value not in values:
            values.append(value)
        assert time.monotonic() - start < LONG
        page.wait_for_timeout(300)
    assert values == sorted(values)
    assert len(values) >= 3, f"the bar stood still: {values}"
    return values, time.monotonic() - start


def somebody_moves(other, ref):
    """Another admin changes one of them, after the plan was made."""
    other.go(f"/devices/{ref}/unassign/")
    other.page.locator("main form .btn-primary").first.click()
    other.page.wait_for_url(re.compile("tab=assignment"))


def sound(demo):
    """Every journal tells its device's story without a gap."""
    demo.manage("verify_journal", "--company", SLUG, patience=1800)
    demo.manage("check_invariants", "--company", SLUG, patience=1800)


def said_by(demo, *words):
    """What the company's own script prints."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.journeys.a_large_company", *words],
        cwd=ROOT, env=demo.env, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip().splitlines()[-1]
