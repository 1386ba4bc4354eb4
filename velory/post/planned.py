"""Planned mail: what will be written in the coming days, told by whoever will write it.

    @plans("reminders", letter=letter_to_come)
    def planned_reminders(until, words):
        rows = Reminder.objects.until(until)…            (words: what the admin searches for, may be empty)
        return Rows(rows, as_planned)                     as_planned(rows of one page) → a list of Planned

`letter_to_come(ref)` is a draft (`velory.post.letters.draft`), not written, of what a Planned with that `ref` would be;
None where there is none any more. Its page shows it in the recipient's language, with no link that works.
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice

from velory.post.models import Letter

_sources: dict[str, "Source"] = {}


@dataclass(frozen=True)
class Source:
    """Somebody who plans letters."""

    name: str
    rows: Callable[[date, str], Sequence["Planned"]]
    letter: Callable[[str], Letter | None]


@dataclass(frozen=True)
class Deed:
    """Something an admin may do with a planned letter: a button that posts to an address."""

    label: str
    address: str
    icon: str = ""


@dataclass(frozen=True)
class Planned:
    """One letter to come: when (UTC), to whom, about what. `url` is the page of what it is about.

    `ref` is what its source knows it by; where it is empty, there is no preview.
    """

    at: datetime
    name: str
    address: str
    what: str
    about: str = ""
    url: str = ""
    state: str = ""
    why: str = ""
    paused: bool = False
    ref: str = ""
    deeds: tuple[Deed, ...] = ()
    source: str = ""

    @property
    def preview(self) -> str:
        """Where its preview stands."""
        return f"/mail/planned/{self.source}/{self.ref}/" if self.ref else ""


class Rows:
    """Letters to come, made of a queryset (soonest first) only as far as a page shows them."""

    def __init__(self, queryset, as_planned: Callable[[list], list[Planned]]):
        self.queryset = queryset
        self.as_planned = as_planned

    def __len__(self):
        return self.queryset.count()

    def __getitem__(self, part):
        return self.as_planned(list(self.queryset[part]))


def plans(name: str, *, letter: Callable[[str], Letter | None]):
    """Register who plans letters: `source(until, words)` gives them, soonest first."""

    def register(rows):
        _sources[name] = Source(name, rows, letter)
        return rows

    return register


def letter_to_come(source: str, ref: str) -> Letter | None:
    """The draft of a planned letter, or None."""
    return _sources[source].letter(ref) if source in _sources else None


class Soonest:
    """Everything that is planned until a date, soonest first: what a list page asks of its rows."""

    def __init__(self, until: date, words: str):
        self.found = {name: source.rows(until, words) for name, source in _sources.items()}

    def count(self) -> int:
        """How much there is in all."""
        return sum(len(rows) for rows in self.found.values())

    def order_by(self, *fields):
        """The order is what it is."""
        return self

    def __getitem__(self, part: slice) -> list[Planned]:
        if len(self.found) == 1:
            [(name, rows)] = self.found.items()
            return _named(name, rows[part])
        pages = (_named(name, rows[0 : part.stop]) for name, rows in self.found.items())
        return list(islice(heapq.merge(*pages, key=lambda letter: letter.at), part.start, part.stop))


def _named(source, letters):
    return [replace(letter, source=source) for letter in letters]
