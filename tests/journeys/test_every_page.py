"""Every page as its reader sees it: nothing for axe to find, no sideways scrolling, no errors.

`make everypage` looks at all of them in both themes, both languages and both widths, and at what their links lead to.
Otherwise each page that the day's share holds is looked at once: which pages and how is drawn from their addresses.
"""

import json
import os
import re
import subprocess
import sys
from itertools import product
from urllib.parse import parse_qsl, urlsplit
from zlib import crc32

import pytest
from django.conf import settings
from django.urls import Resolver404, resolve
from playwright.sync_api import Error as PlaywrightError

from tests.journeys import walk
from tests.journeys.conftest import SIZES
from tests.journeys.readers import INVITED, TWO_FACTORS
from tests.journeys.test_the_console import the_link
from tests.running_demo import ROOT
from velory.help.handbook import BOOKS, book
from velory.post import links
from velory.post.letters import kinds
from velory.post.specimens import specimen_of

pytestmark = pytest.mark.browser
ALL = "VELORY_EVERY_PAGE" in os.environ
SHARE = 5  # of so many pages, one
LOOKS = list(product(["light", "dark"], ["en", "sv"], SIZES))
ANSWERS = {200, 403, 404, 409, 410}
# Nothing glides from one theme into the other, or axe would judge the colours on the way
SETTLED = """() => new Promise((done) => {
  const still = new CSSStyleSheet();
  still.replaceSync("*, ::before, ::after { transition: none !important; }");
  document.adoptedStyleSheets = [still];
  requestAnimationFrame(() => requestAnimationFrame(() => done(null)));
})"""
URLS = {"": "velory.public_urls", "ops": "velory.operators.site_urls", "mail": "velory.demo.mail_urls"}


@pytest.fixture(scope="module")
def world(demo):
    """What stands in the addresses: one of each thing in a company of its own, and what the demo's letters lead to."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.journeys.one_of_each", *(["all"] if ALL else [])],
        cwd=ROOT, env=demo.env, capture_output=True, text=True,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    letters = [m for slug in ("nordvik", "saimaa", walk.SLUG) for m in demo.json("mails", "--company", slug, "--json")]
    return json.loads(made.stdout) | {
        "D-00061": demo.json("device", "--company", "nordvik", "D-00061", "--json")["ref"],
        "invitation": urlsplit(the_link(demo, INVITED, "/welcome/")).path,
        "links": one_of_each_kind(letters, links.OWN),
        "partners": one_of_each_kind(letters, links.PARTNER),
        "caught": [f"/{path.stem}/" for path in sorted((demo.folder / "mail").glob("*.eml"))[:2]],
        "gallery letters": [f"/ui/letters/{kind}/{'sv' if crc32(kind.encode()) % 2 else 'en'}/" for kind in shown()],
    } | {f"pages of {name}": [page.get_absolute_url() for page in book(name).pages] for name in BOOKS}  # fmt: skip


def one_of_each_kind(letters, place):
    """The first link of each kind of letter to where such links stand."""
    found = {}
    for letter in letters:
        for link in letter["links"]:
            if f"/{place}/" in link:
                found.setdefault(letter["template"], link)
    return sorted(found.values())


def shown():
    """The kinds of letters that the gallery shows."""
    return [kind.template for kind in kinds() if specimen_of(kind.template)]


def the_same_for_all(path):
    """An address without what is drawn by lot, so that the same pages are looked at each time."""
    return re.sub(r"\b[A-Z]{1,2}-[0-9A-Z]{6}\b|\b[0-9a-f]{16,20}\b|[\w-]{48}", "", path)


def drawn(reader, path):
    """The looks of a page: all of them, or the one that its address draws; none where it is not in the share."""
    if ALL:
        return LOOKS
    lot = crc32(f"{reader.name} {the_same_for_all(path)}".encode())
    return [LOOKS[lot // SHARE % len(LOOKS)]] if lot % SHARE == 0 else []


class Walker:
    """A reader with a browser, and what is not as it should be where they have been."""

    def __init__(self, someone, reader):
        self.someone, self.reader, self.faults = someone, reader, []
        self.seen, self.found, self.looked_at = set(), [], 0
        if reader.email:
            someone.sign_in(reader.email)

    def walk(self, paths):
        """Look at each page in its looks, one language after the other."""
        for language in ("en", "sv"):
            looks = {path: self.looks_at(path, language) for path in paths}
            if any(looks.values()):
                self.speak(language)
            for path in filter(looks.get, paths):
                self.visit(path, looks[path])
        self.speak("en")

    def looks_at(self, path, language):
        return [(size, theme) for theme, spoken, size in drawn(self.reader, path) if spoken == language]

    def speak(self, language):
        """From here on in a language: as a person by the button, as nobody by what the browser keeps."""
        if self.reader.email:
            self.someone.go("/")
            self.someone.speak(language)
        urls = [self.someone.demo.url(host) for host in ("nordvik", "saimaa", self.someone.host)]
        self.someone.context.add_cookies([{"name": "language", "value": language, "url": url} for url in urls])

    def visit(self, path, looks):
        """One page, in its looks. Whatever is wrong is kept, and the walk goes on."""
        someone = self.someone
        someone.troubles.clear()
        self.put_on(*looks[0])
        try:
            answer = someone.page.goto(path) if path.startswith("http") else someone.go(path)
        except PlaywrightError as fault:  # an answer without a page, a file
            self.keep(path, str(fault).partition("\n")[0])
            return
        if answer.status not in ANSWERS or "html" not in answer.headers.get("content-type", ""):
            self.keep(path, f"{answer.status} {answer.headers.get('content-type')}")
            return
        if answer.status != 200:  # the browser itself calls a refusal an error
            someone.troubles.clear()
        for look in looks:
            self.put_on(*look)
            self.look(path, *look)
        self.looked_at += len(looks)
        self.remember_links()

    def put_on(self, size, theme):
        """Another width or theme; the page has settled when this returns."""
        width, height = SIZES[size]
        self.someone.page.set_viewport_size({"width": width, "height": height})
        self.someone.page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        self.someone.page.evaluate(SETTLED)

    def look(self, path, size, theme):
        try:
            self.someone.look(
                re.sub(r"[^a-z0-9-]+", "-", f"{self.reader.name}-{urlsplit(path).path}".lower()).strip("-")
            )
        except AssertionError as fault:
            language = self.someone.page.locator("html").get_attribute("lang")
            self.keep(f"{size}, {theme}, {language}", str(fault).partition("\nassert ")[0])

    def keep(self, where, fault):
        self.faults.append(f"{self.reader.name}, {where}: {fault}")
        print(self.faults[-1], flush=True)

    def remember_links(self):
        """What the page's links lead to at the same host: of each kind of address the first."""
        host = self.someone.demo.url(self.someone.host, "")
        links_there = "all => all.filter(a => !a.hasAttribute('download')).map(a => a.href)"
        for link in self.someone.page.locator("a[href]").evaluate_all(links_there):
            if link.startswith(host) and (kind := kind_of(self.reader.host, link)) and kind not in self.seen:
                self.seen.add(kind)
                self.found.append(link.removeprefix(host).partition("#")[0])


def kind_of(host, link):
    """The name of the door behind a link and what is asked of it; None where it is no page."""
    parts = urlsplit(link)
    try:
        name = resolve(parts.path, URLS.get(host, settings.ROOT_URLCONF)).view_name
    except Resolver404:
        return None
    return None if name in walk.left_out() else (name, tuple(sorted({key for key, _value in parse_qsl(parts.query)})))


READERS = [reader for reader in walk.READERS if ALL or reader != walk.FIRST_RUN]  # whose journey is one of its own


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_the_pages_of(reader, visitor, world):
    paths = [path for path in walk.pages(reader, world) if drawn(reader, path)]
    walker = Walker(visitor(reader.host), reader)
    walker.walk(paths)
    if ALL:
        walker.walk([path for path in walker.found if path not in paths])
        print(f"{reader.name}: {walker.looked_at} looks at {len(set(paths + walker.found))} pages", flush=True)
    assert not walker.faults, "\n".join(walker.faults)


@pytest.mark.parametrize(("theme", "language", "size"), LOOKS if ALL else LOOKS[1::5])
def test_the_page_between_the_two_factors(theme, language, size, visitor, world):
    someone = visitor(walk.SLUG, size=size, theme=theme, language=language)
    someone.go("/account/login/")
    someone.page.locator("[name=login]").fill(TWO_FACTORS)
    someone.page.locator("input[type=password]").first.fill("velory-demo")
    with someone.page.expect_navigation():
        someone.page.locator("main form button.btn-primary").first.click()
    assert "/account/second/" in someone.page.url
    someone.look("second-factor")
