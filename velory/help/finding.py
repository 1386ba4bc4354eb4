"""Searching the handbook: every word has to be there, whatever its case and marks; titles count most."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from velory.folding import fold, words_of
from velory.help.handbook import Book, Page, book
from velory.help.readers import names_of
from velory.ui.search import Found as FoundAnywhere
from velory.ui.search import Hit, finds

MOST = 20
AROUND = 80  # characters of the text before and after what was found


@dataclass(frozen=True)
class Found:
    """A page that has all the words: a piece of its text in three parts, the middle one being what was searched."""

    page: Page
    book: Book
    before: str
    words: str
    after: str


def find(books: Iterable[Book], query: str) -> list[Found]:
    """The pages of some books that have every word of the query, those whose title has them first."""
    words = words_of(query)
    found = [] if not words else [(book, page) for book in books for page in book.pages if _has(page, words)]
    found.sort(key=lambda pair: -sum(word in fold(pair[1].title) for word in words))
    return [_found(book, page, words) for book, page in found[:MOST]]


def _has(page, words):
    text = fold(f"{page.title}\n{page.words}")
    return all(word in text for word in words)


def _found(book, page, words):
    text = " ".join(page.words.split())
    flat = "".join(fold(character)[:1] or " " for character in text)  # as long as the text
    at = min((place for word in words if (place := flat.find(word)) >= 0), default=0)
    long = next((len(word) for word in words if flat.startswith(word, at)), 0)
    start, end = max(0, at - AROUND), at + long + AROUND
    before = re.sub(r"^\S*\s", "… ", text[start:at]) if start else text[:at]
    after = re.sub(r"\s\S*$", " …", text[at + long : end]) if end < len(text) else text[at + long :]
    return Found(page, book, before, text[at : at + long], after)


@finds(_("Handbook"), order=95)
def pages_of_the_handbook(q, by, most):
    """By every word of their text, those whose title has them first."""
    found = find([book(name) for name in names_of(by)], q)
    hits = [Hit(one.page.title, one.book.title, one.page.get_absolute_url(), "book-open") for one in found[:most]]
    return FoundAnywhere(hits, f"/help/?{urlencode({'q': q})}" if len(found) > most else "")
