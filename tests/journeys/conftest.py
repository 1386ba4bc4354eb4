"""Journeys in a real browser, against a demo that was started as a person starts it."""

import json
import os
import re
import shutil
import time
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
FRESH = 240  # seconds; within ten minutes of signing in nobody is asked again who they are


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


class Rooms:
    """Windows of the browser, each with cookies of its own. Who leaves takes theirs along, and the next comes in:
    making a window takes a second of a core.
    """

    def __init__(self, chromium):
        self.chromium, self.free = chromium, {}

    def take(self, language):
        """A page in which nobody is, whose browser asks for a language."""
        if self.free.get(language):
            return self.free[language].pop()
        context = self.chromium.new_context(locale="sv-SE" if language == "sv" else "en-GB", bypass_csp=False)
        context.set_default_timeout(PATIENCE)
        return context.new_page()

    def give_back(self, page, language):
        """As it was: nobody's cookies, nothing on the page."""
        page.goto("about:blank")
        page.context.clear_cookies()
        self.free.setdefault(language, []).append(page)


@pytest.fixture(scope="session")
def rooms(chromium):
    """The windows of a run."""
    return Rooms(chromium)


class Visitor:
    """Someone with a browser of their own."""

    def __init__(self, rooms, demo, host, size, theme, language):
        width, height = SIZES[size]
        self.demo, self.host, self.size, self.theme, self.language = demo, host, size, theme, language
        self.rooms, self.browser_speaks = rooms, language
        self.page = rooms.take(language)
        self.context = self.page.context
        self.page.set_viewport_size({"width": width, "height": height})
        self.page.emulate_media(color_scheme=theme, reduced_motion="no-preference")
        self.troubles = []
        self.page.on("console", self.hears)
        self.page.on("pageerror", self.hears)

    def hears(self, said):
        """What the browser calls an error."""
        if getattr(said, "type", "error") == "error":
            self.troubles.append(getattr(said, "text", str(said)))

    def leave(self):
        """Make room for the next."""
        self.page.remove_listener("console", self.hears)
        self.page.remove_listener("pageerror", self.hears)
        self.rooms.give_back(self.page, self.browser_speaks)

    def go(self, path="/", host=None):
        """Open an address on the company's host."""
        return self.page.goto(self.demo.url(self.host if host is None else host, path))

    def sign_in(self, email, password="velory-demo"):
        """By password, as a person does; who did so a few minutes ago comes back with the session of then."""
        if not self.is_signed_in_still(email):
            self.sign_in_anew(email, password)
            came = next(one for one in self.context.cookies() if one["name"] == "session")
            self.demo.came_in[self.host, email] = time.monotonic(), came
        return self

    def is_signed_in_still(self, email):
        """Whether a journey before this one has left a session, and it is good."""
        at, came = self.demo.came_in.get((self.host, email), (0, None))
        if came is None or time.monotonic() - at > FRESH:
            return False
        self.context.add_cookies([came])
        self.go("/")
        return "/account/" not in self.page.url

    def sign_in_anew(self, email, password):
        """With the form."""
        self.go("/account/login/")
        self.page.get_by_label("E-post" if self.language == "sv" else "E-mail", exact=False).first.fill(email)
        self.page.locator("input[type=password]").first.fill(password)
        self.page.locator("main form button.btn-primary").first.click()
        self.page.wait_for_load_state()
        assert "/account/" not in self.page.url, self.page.locator("main").inner_text()

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
def visitor(rooms, demo):
    """Someone with a browser: `visitor("nordvik", size="narrow", theme="dark", language="sv")`."""
    open_ones = []

    def arrive(host="nordvik", *, size="wide", theme="light", language="en"):
        someone = Visitor(rooms, demo, host, size, theme, language)
        open_ones.append(someone)
        return someone

    yield arrive
    for someone in open_ones:
        someone.leave()
