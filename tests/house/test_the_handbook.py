"""The handbook can’t lie: words, addresses and pictures in it are those of the product."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.urls import Resolver404, get_resolver, resolve

from tests.journeys.pictures import languages_of
from velory.help.handbook import BOOKS, FOLDER, read
from velory.help.rendering import PAGE, PICTURE
from velory.ui import texts

pytestmark = pytest.mark.nowhere
EDITIONS = [(name, language) for name in BOOKS for language in languages_of(name)]
JOURNEYS = Path(__file__).resolve().parents[1] / "journeys"
PICTURES = FOLDER / "pictures"
KB = 1024
BOLD = re.compile(r"\*\*(?P<words>[^*]+)\*\*")
CODE = re.compile(r"(?<!`)`(?P<words>/[^`]*)`")
LINK = re.compile(r"(?<!!)\[[^\]]*\]\((?P<to>[^)]+)\)")
IMAGE = re.compile(r"!\[(?P<says>[^\]]*)\]\((?P<path>[^)]+)\)")
LEFT_OPEN = re.compile(r"%\(\w+\)s|\{\w+\}|%s")


def pages():
    return [
        (f"{name}/{language}/{page.name}", page) for name, language in EDITIONS for page in read(name, language).pages
    ]


@cache
def words_of_the_product(language):
    """Every text of the product in a language; what is left open in one may be anything."""
    if language == "en":
        found = {m.id for m in texts.found() if m.id}
    else:
        found = {m.string for m in texts.read() if m.id and m.string}
    each = {form for one in found for form in ((one,) if isinstance(one, str) else one) if form}
    whole = {plain(one) for one in each if not LEFT_OPEN.search(one)}
    open_ones = []
    for one in each - {one for one in each if not LEFT_OPEN.search(one)}:
        parts = LEFT_OPEN.split(plain(one))
        open_ones.append((re.compile(".+".join(map(re.escape, parts))), sum(map(len, parts))))
    return whole, open_ones


def plain(text):
    return " ".join(text.split()).rstrip(".:").replace("\N{NO-BREAK SPACE}", " ")


def is_said(words, language):
    whole, open_ones = words_of_the_product(language)
    half = len(words) / 2
    return plain(words) in whole or any(one.fullmatch(plain(words)) for one, said in open_ones if said > half)


def test_what_stands_in_bold_stands_in_the_product_in_these_letters():
    unknown = [
        f"{name}: {found['words']}"
        for name, page in pages()
        for found in BOLD.finditer(page.source)
        if not is_said(found["words"], page.language)
    ]
    assert unknown == []


def test_every_place_that_is_named_is_there():
    lost = []
    for name, page in pages():
        for found in CODE.finditer(page.source):
            path = re.sub(r"<[^>]+>", "x", found["words"]).partition("?")[0]
            if not any(leads_somewhere(path, urls) for urls in ("velory.urls", *OTHER_HOSTS.get(page.book, ()))):
                lost.append(f"{name}: {found['words']}")
    assert lost == []


OTHER_HOSTS = {
    "operators": ("velory.operators.site_urls", "velory.public_urls"), "partners": ("velory.public_urls",)
}  # fmt: skip


def leads_somewhere(path, urls):
    try:
        resolve(path, urls)
    except Resolver404:
        return False
    return True


def test_links_lead_to_pages_of_the_handbook():
    lost = []
    for name, page in pages():
        for found in LINK.finditer(page.source):
            to = PAGE.fullmatch(found["to"])
            there = to and read(to["book"] or page.book, page.language if not to["book"] else "en").page(to["name"])
            if not there:
                lost.append(f"{name}: {found['to']}")
    assert lost == []


@pytest.mark.parametrize(("name", "language"), EDITIONS)
def test_the_contents_name_each_page_by_its_title(name, language):
    book, folder = read(name, language), FOLDER / name / language
    listed = dict(re.findall(r"^- \[([^\]]+)\]\(([a-z0-9-]+)\.md\)", (folder / "README.md").read_text(), re.MULTILINE))
    assert {page.title: page.name for page in book.pages} == listed
    assert {page.name for page in book.pages} == {path.stem for path in folder.glob("*.md")} - {"README"}


def test_what_is_written_in_two_languages_is_the_same_twice():
    shapes = {language: [shape(page) for page in read("employees", language).pages] for language in ("en", "sv")}
    assert shapes["en"] == shapes["sv"]


def shape(page):
    """What a translation keeps: the page, what it is about, its pictures, places and number of words in bold."""
    pictures = [Path(found["path"]).stem for found in IMAGE.finditer(page.source)]
    places = [found["words"] for found in CODE.finditer(page.source)]
    return page.name, page.about, pictures, places, len(BOLD.findall(page.source))


def test_what_a_page_is_about_is_a_page_of_the_product():
    hosts = ("velory.urls", "velory.public_urls", "velory.operators.site_urls")
    known = {name for urls in hosts for name in names_of(get_resolver(urls))}
    told = [(name, about.partition("?")[0]) for name, page in pages() for about in page.about]
    assert [(name, about) for name, about in told if about not in known] == []
    for name, language in EDITIONS:
        abouts = [about for page in read(name, language).pages for about in page.about]
        assert len(abouts) == len(set(abouts)), name


def names_of(resolver, prefix=""):
    for pattern in resolver.url_patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_of(pattern, prefix + (f"{pattern.namespace}:" if pattern.namespace else ""))
        elif pattern.name:
            yield prefix + pattern.name


# Pictures


def pictures_that_pages_show():
    for name, page in pages():
        for found in IMAGE.finditer(page.source):
            path = PICTURE.fullmatch(found["path"])
            assert path, f"{name}: {found['path']} is no address of a picture."
            assert path["path"].startswith(f"{page.book}/{page.language}/"), f"{name}: {found['path']}"
            assert len(found["says"]) > 7, f"{name}: {found['path']} is not described."
            yield path["path"]


def pictures_that_journeys_take():
    for path in sorted(JOURNEYS.glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "handbook":
                book, _slash, name = ast.literal_eval(node.args[0]).partition("/")
                yield from (f"{book}/{language}/{name}.webp" for language in languages_of(book))


def test_every_picture_is_taken_by_a_journey_and_shown_by_a_page():
    taken = set(pictures_that_journeys_take())
    assert set(pictures_that_pages_show()) == taken
    assert {str(path.relative_to(PICTURES)) for path in PICTURES.rglob("*.*")} == taken


def test_pictures_are_small():
    sizes = {str(path.relative_to(PICTURES)): path.stat().st_size for path in PICTURES.rglob("*.webp")}
    assert {name: size for name, size in sizes.items() if size > 60 * KB} == {}
    assert sum(sizes.values()) < 3 * KB * KB
