"""Search from anywhere: devices, people, orders, pages. Whoever knows things of a kind registers how they are found.

    @finds(_("Devices"), order=20)
    def devices(words, by, most):
        return Found([Hit(…), …], more="/hardware/?q=…")

Registered in each app's `ready()`; the page and the palette never know who answers. `by` sees what they may see.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext_lazy as _

from velory.folding import fold, words_of
from velory.in_order import InOrder
from velory.ui.navigation import Menu

SHOWN = 5  # of each kind, in the palette; the list behind has them all
SHORTEST = 2  # letters

_finders: InOrder[tuple[Any, Callable]] = InOrder()
_tellers: list[Callable] = []


@dataclass(frozen=True)
class Hit:
    """One thing that was found: what it is called, what tells it apart, where it stands."""

    title: str
    about: str
    address: str
    icon: str


@dataclass(frozen=True)
class Found:
    """What was found of a kind; `more` leads to the list of all of them, where there are more than are shown."""

    hits: list[Hit]
    more: str = ""


@dataclass(frozen=True)
class Group:
    """What was found of a kind, under its heading."""

    label: Any
    hits: list[Hit]
    more: str


def finds(label, *, order: int = 100):
    """Register how things of a kind are found: `find(words, by, most)` gives a Found, or nothing."""

    def register(find):
        _finders.register(order)((label, find))
        return find

    return register


def search(q: str, by) -> list[Group]:
    """What somebody may see and that holds every word, kind by kind; nothing for less than two letters."""
    if len(fold(q).strip()) < SHORTEST:
        return []
    found = ((label, find(q, by, SHOWN)) for label, find in _finders)
    return [Group(label, answer.hits, answer.more) for label, answer in found if answer and answer.hits]


def shown(rows, hit: Callable, *, most: int, address: str, q: str) -> Found:
    """The first rows of a queryset as hits; where there are more, the list at `address` has them."""
    rows = list(rows[: most + 1])
    more = f"{address}?{urlencode({'q': q})}" if len(rows) > most else ""
    return Found([hit(row) for row in rows[:most]], more)


def adds_pages(tell):
    """Register pages of somebody's own: `tell(by)` gives label, address and icon of each."""
    _tellers.append(tell)
    return tell


@finds(_("Pages"), order=90)
def pages(q, by, most):
    """The places of the menus and the pages behind them, by their name."""
    menu, words = Menu(""), words_of(q)
    if by.is_admin:
        places = [*(place for group in menu.admin for place in group["places"]), *menu.beneath]
    else:
        places = [*menu.employee]
    places += [place for tell in _tellers for place in tell(by)]
    fit = [place for place in places if all(word in fold(str(place["label"])) for word in words)]
    return Found([Hit(str(place["label"]), "", place["address"], place["icon"]) for place in fit[:most]])
