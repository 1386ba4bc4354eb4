"""Planned mail: what will be written in the coming days, told by whoever will write it.

    @plans("loans", letter=letter_to_come, label=gettext_lazy("Loan due back"), may=(PAUSE,), why_not=…)
    def planned_loans(until, words):
        rows = Loan.objects.out()…                        (words: what the admin searches for, may be empty)
        return Rows(rows, as_planned)                     as_planned(rows of one page) → a list of Planned

`letter_to_come(ref)` is a draft (`velory.post.letters.draft`), not written, of what a Planned with that `ref` would be;
None where there is none any more. Its page shows it in the recipient's language, with no link that works.

A draft has the very key under which its writer will write it. So an admin can hold it back or send it ahead of its day
without its writer knowing (`holding.py`): `may` says which of both its words allow, `why_not` why not the other. Who
plans letters of several kinds gives `kinds`, and is asked with those that the admin has ticked; whose letters are each
about a device says `on_devices=True`.
"""

import heapq
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import islice
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from velory.post.models import Hold, Letter
from velory.ui.dates import moment

PAUSE, SEND_NOW = "pause", "send-now"
ON_DEVICES, ON_OTHERS = "devices", "others"  # what letters are about, for the filter

_sources: dict[str, "Source"] = {}


@dataclass(frozen=True)
class Source:
    """Somebody who plans letters. `why_not`: why they can't be held back or sent ahead, where they can't."""

    name: str
    rows: Callable[..., Sequence["Planned"]]
    letter: Callable[[str], Letter | None]
    label: Any = ""
    kinds: Callable[[], list[tuple[str, str]]] | None = None
    may: tuple[str, ...] = ()
    why_not: Any = ""
    on_devices: bool = False

    def choices(self) -> list[tuple[str, str]]:
        """Its kinds, for the filter."""
        if self.kinds is None:
            return [(self.name, str(self.label or self.name))]
        return [(f"{self.name}.{kind}", str(label)) for kind, label in self.kinds()]

    def until(self, day: date, words: str, chosen: Iterable[str]) -> Sequence["Planned"]:
        """Its letters until a date; of the chosen kinds, where any are chosen."""
        own = [kind for kind in chosen if kind.partition(".")[0] == self.name]
        if chosen and not own:
            return []
        if self.kinds is None:
            return self.rows(day, words)
        return self.rows(day, words, kinds=[kind.partition(".")[2] for kind in own])


@dataclass(frozen=True)
class Deed:
    """Something an admin may do with a planned letter: a button that posts to an address."""

    label: str
    address: str
    icon: str = ""


@dataclass(frozen=True)
class Planned:
    """One letter to come: when (UTC), to whom, about what. `url` is the page of what it is about.

    `ref` is what its source knows it by; where it is empty, there is no preview. `key` is the letter's, where it can be
    held back here; `why_not` says why something can't be done with it.
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
    key: str = ""
    deeds: tuple[Deed, ...] = ()
    why_not: str = ""
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


class Reckoned:
    """Letters to come whose moments are reckoned one by one, by the key of their row: put in order here, and made of
    their rows only as far as a page shows them."""

    def __init__(self, queryset, moments: dict[int, datetime], as_planned: Callable[[list], list[Planned]]):
        pks = queryset.filter(pk__in=list(moments)).order_by("pk").values_list("pk", flat=True)
        self.pks = sorted(pks, key=lambda pk: moments[pk])
        self.queryset = queryset
        self.as_planned = as_planned

    def __len__(self):
        return len(self.pks)

    def __getitem__(self, part):
        rows = self.queryset.in_bulk(self.pks[part])
        return self.as_planned([rows[pk] for pk in self.pks[part]])


def plans(name: str, *, letter: Callable[[str], Letter | None], **facts):
    """Register who plans letters: `source(until, words)` gives them, soonest first. Other facts: see Source."""

    def register(rows):
        _sources[name] = Source(name, rows, letter, **facts)
        return rows

    return register


def source_named(name: str) -> Source | None:
    """Who plans letters under a name."""
    return _sources.get(name)


def kinds_of_planned() -> list[tuple[str, str]]:
    """Every kind of letter that somebody plans, for the filter."""
    return sorted(
        (choice for source in _sources.values() for choice in source.choices()), key=lambda kind: kind[1].lower()
    )


def letter_to_come(source: str, ref: str) -> Letter | None:
    """The draft of a planned letter, or None."""
    return _sources[source].letter(ref) if source in _sources else None


class Soonest:
    """Everything that is planned until a date, soonest first: what a list page asks of its rows.

    `about`: letters on devices, on everything else, or both.
    """

    def __init__(self, until: date, words: str, kinds: Iterable[str] = (), about: Iterable[str] = ()):
        chosen, asked = list(kinds), set(about) or {ON_DEVICES, ON_OTHERS}
        sources = {
            name: source
            for name, source in _sources.items()
            if (ON_DEVICES if source.on_devices else ON_OTHERS) in asked
        }
        self.found = {name: source.until(until, words, chosen) for name, source in sources.items()}

    def count(self) -> int:
        """How much there is in all."""
        return sum(len(rows) for rows in self.found.values())

    def order_by(self, *fields):
        """The order is what it is."""
        return self

    def __getitem__(self, part: slice) -> list[Planned]:
        pages = (_named(name, rows[0 : part.stop]) for name, rows in self.found.items() if rows)
        return _with_deeds(list(islice(heapq.merge(*pages, key=lambda letter: letter.at), part.start, part.stop)))


def _named(source, letters):
    return [replace(letter, source=source) for letter in letters]


# Held back, or sent ahead: the same for every letter that has a key


def _with_deeds(letters: list[Planned]) -> list[Planned]:
    keys = [letter.key for letter in letters if letter.key]
    holds = {hold.key: hold for hold in Hold.objects.on(keys)} if keys else {}
    return [_as_it_stands(letter, holds.get(letter.key)) for letter in letters]


def _as_it_stands(letter: Planned, hold: Hold | None) -> Planned:
    source = _sources[letter.source]
    if not letter.key:
        return replace(letter, why_not=letter.why_not or ("" if letter.deeds else str(source.why_not)))
    why_not = str(source.why_not)
    if hold is None:
        return replace(letter, deeds=tuple(_deed(letter, name) for name in source.may), why_not=why_not)
    deeds = [_deed(letter, "resume"), *(_deed(letter, name) for name in source.may if name != PAUSE)]
    return replace(letter, paused=True, state=_("Paused"), why=since(hold), deeds=tuple(deeds), why_not=why_not)


def since(hold: Hold) -> str:
    """By whom it is held back, and since when."""
    return _("by %(name)s, %(when)s") % {"name": hold.by_name, "when": moment(hold.since)}


def _deed(letter: Planned, name: str) -> Deed:
    label, icon = {
        PAUSE: (_("Pause"), "circle-pause"),
        "resume": (_("Resume"), "circle-play"),
        SEND_NOW: (_("Send now"), "send"),
    }[name]
    return Deed(label, reverse("post:change_planned", args=[letter.source, letter.ref, name]), icon)
