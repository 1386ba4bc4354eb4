"""Journeys in a real browser, against a demo that was started as a person starts it."""

import json
import os
import re
import shutil
from pathlib import Path

import pytest

from tests.journeys.pictures import ANEW, keep, languages_of, width_of
from tests.running_demo import ROOT, RunningDemo

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
REFUSED = re.compile(r"^\s*(400|403|404|409|500)\s*$")
PATIENCE = 90_000  # milliseconds, for a machine with much else to do
SIZES = {"wide": (1280, 900), "narrow": (375, 800)}


@pytest.fixture(autouse=True)
def at_nordvik():
    """The journey itself is nowhere: it has a browser."""


@pytest.fixture(autouse=True)
def at():
    """The demo has its own clock."""


@pytest.fixture(scope="session")
def demo():
    """The demo on 22 November 2026, 07:00, with both samples."""
    running = RunningDemo()
    try:
        yield running.start()
    finally:
        running.forget()


@pytest.fixture(scope="session")
def chromium():
    """Chromium, from wherever this machine has it."""
    from playwright.sync_api import sync_playwright

    names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
    path = os.environ.get("VELORY_CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield browser
        browser.close()


class Visitor:
    """Someone with a browser of their own."""

    def __init__(self, chromium, demo, host, size, theme, language):
        width, height = SIZES[size]
        self.demo, self.host, self.size, self.theme, self.language = demo, host, size, theme, language
        self.context = chromium.new_context(
            viewport={"width": width, "height": height},
            color_scheme=theme,
            locale="sv-SE" if language == "sv" else "en-GB",
            bypass_csp=False,
        )
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.troubles = []
        self.page.on("console", lambda m: self.troubles.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda e: self.troubles.append(str(e)))

    def go(self, path="/", host=None):
        """Open an address on the company's host."""
        return self.page.goto(self.demo.url(self.host if host is None else host, path))

    def sign_in(self, email, password="velory-demo"):
        """By password, as a person does."""
        self.go("/account/login/")
        self.page.get_by_label("E-post" if self.language == "sv" else "E-mail", exact=False).first.fill(email)
        self.page.locator("input[type=password]").first.fill(password)
        self.page.locator("main form button.btn-primary").first.click()
        self.page.wait_for_load_state()
        assert "/account/" not in self.page.url, self.page.locator("main").inner_text()
        return self

    def picture(self, name):
        """A screenshot of the whole page, where `make screenshots` asks for them."""
        folder = os.environ.get("VELORY_SCREENSHOTS")
        if folder:
            Path(folder).mkdir(parents=True, exist_ok=True)
            path = Path(folder) / f"{name}-{self.size}-{self.theme}-{self.language}.png"
            self.page.screenshot(path=path, full_page=True)

    def speak(self, language):
        """Read the present page in another language, and all that come after it."""
        if self.page.locator("html").get_attribute("lang") != language:
            button = self.page.locator(f"button[name=language][value={language}]").first
            with self.page.expect_navigation():
                button.evaluate("button => button.form.requestSubmit(button)")
        self.language = language
        return self

    def handbook(self, name, around="#main", tall=640):
        """A picture of this step for docs/handbook, `book/name`, in each language of the book: light, never wide.

        It shows what stands `around` (a selector), down to so many pixels. `make screenshots` takes it; at other times
        this only looks whether there is something to be taken.
        """
        self.page.locator(around).first.wait_for()
        assert not self.page.locator("main p", has_text=REFUSED).count(), f"{self.page.url}: an error is no picture."
        if not ANEW:
            return
        before, book = self.language, name.partition("/")[0]
        self.page.set_viewport_size({"width": width_of(book), "height": 1500})
        self.page.emulate_media(color_scheme="light")
        for language in languages_of(book):
            self.speak(language)
            keep(self.page, around, tall, book, language, name.partition("/")[2])
        self.speak(before)
        width, height = SIZES[self.size]
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=self.theme)

    def check_accessibility(self):
        """What axe-core finds serious or critical on the present page: nothing."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(
            "async () => (await axe.run(document, {resultTypes: ['violations'], preload: false, runOnly: ['wcag2a',"
            "'wcag2aa','wcag21a','wcag21aa','wcag22aa','best-practice']})).violations"
            ".map(v => [v.id, v.impact, v.nodes.slice(0, 3).map(n => n.html)])"
        )
        assert found == [], f"{self.page.url}: {json.dumps(found, indent=1)}"

    def look(self, name):
        """A screen as a journey leaves it: no sideways scrolling, no errors, nothing that axe finds; a picture."""
        wider = self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wider <= 0, f"{self.page.url} scrolls sideways by {wider} px"
        self.check_accessibility()
        assert self.troubles == [], f"{self.page.url}: {self.troubles}"
        self.picture(name)


@pytest.fixture
def visitor(chromium, demo):
    """Someone with a browser: `visitor("nordvik", size="narrow", theme="dark", language="sv")`."""
    open_ones = []

    def arrive(host="nordvik", *, size="wide", theme="light", language="en"):
        someone = Visitor(chromium, demo, host, size, theme, language)
        open_ones.append(someone)
        return someone

    yield arrive
    for someone in open_ones:
        someone.context.close()
