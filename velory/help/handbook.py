"""The handbook: books of pages, kept as Markdown in docs/handbook/<book>/<language>/.

A book's README.md is its contents: a heading for each section, a list of links to the pages beneath. A page begins with
its title. Before it may stand, for the product alone, which of its own pages the text is about:

    <!-- about: assets:hardware renewals:due -->
    # What waits for you
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from django.conf import settings
from django.utils.translation import get_language

from velory.help.rendering import in_html, in_words

FOLDER = Path(settings.ROOT) / "docs" / "handbook"
EMPLOYEES, ADMINS, PARTNERS, OPERATORS = BOOKS = ("employees", "admins", "partners", "operators")
FALLBACK = "en"
ABOUT = re.compile(r"\A\s*<!-- about: (?P<names>[^>]*?) -->\s*")
TITLE = re.compile(r"\A# (?P<title>.+)\n")
CONTENTS = re.compile(r"^(?:## (?P<section>.+)|- \[(?P<title>[^\]]+)\]\((?P<name>[a-z0-9-]+)\.md\).*)$", re.MULTILINE)


@dataclass(frozen=True)
class Page:
    """One page: how one task is done."""

    book: str
    language: str
    name: str
    title: str
    about: tuple[str, ...]
    source: str

    def get_absolute_url(self) -> str:
        """Where the product shows it."""
        return f"/help/{self.book}/{self.name}/"

    @cached_property
    def html(self) -> str:
        """The text below its title, as markup."""
        return in_html(self.source, self.book)

    @cached_property
    def words(self) -> str:
        """The same as plain words, to be searched."""
        return in_words(self.source)


@dataclass(frozen=True)
class Section:
    """Pages under one heading of the contents."""

    title: str
    pages: tuple[Page, ...]


@dataclass(frozen=True)
class Book:
    """What one kind of reader needs to know, in one language."""

    name: str
    language: str
    title: str
    lead: str
    sections: tuple[Section, ...]

    def get_absolute_url(self) -> str:
        """Where its contents stand."""
        return f"/help/{self.name}/"

    @property
    def pages(self) -> Iterator[Page]:
        """Every page, in the order of the contents."""
        return (page for section in self.sections for page in section.pages)

    def page(self, name: str) -> Page | None:
        """The page of a name."""
        return next((page for page in self.pages if page.name == name), None)

    def neighbours(self, page: Page) -> tuple[Page | None, Page | None]:
        """What stands before and after a page."""
        around = [None, *self.pages, None]
        here = around.index(page)
        return around[here - 1], around[here + 1]


def book(name: str) -> Book:
    """A book in the reader's language where it is written in it, else in English."""
    language = (get_language() or FALLBACK)[:2]
    return read(name, language if (FOLDER / name / language).is_dir() else FALLBACK)


@cache
def read(name: str, language: str) -> Book:
    """A book as it stands in its folder, read once a process."""
    folder = FOLDER / name / language
    contents = (folder / "README.md").read_text(encoding="utf-8")
    title = TITLE.match(contents)
    assert title, f"{folder}/README.md has no title."
    sections: list[tuple[str, list[Page]]] = []
    for found in CONTENTS.finditer(contents):
        if found["section"]:
            sections.append((found["section"], []))
        else:
            sections[-1][1].append(_page(folder / f"{found['name']}.md", name, language))
    lead = contents[title.end() :].partition("\n## ")[0].strip()
    return Book(name, language, title["title"], lead, tuple(Section(head, tuple(pages)) for head, pages in sections))


def _page(path: Path, book: str, language: str) -> Page:
    text = path.read_text(encoding="utf-8")
    about = ABOUT.match(text)
    text = text[about.end() :] if about else text
    title = TITLE.match(text)
    assert title, f"{path} has no title."
    names = tuple(about["names"].split()) if about else ()
    return Page(book, language, path.stem, title["title"], names, text[title.end() :].strip() + "\n")
