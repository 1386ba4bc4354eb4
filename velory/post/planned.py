"""Planned mail: what will be written in the coming days, told by whoever will write it.

    @plans
    def planned_reminders(until, words):
        rows = Reminder.objects.until(until)…            (words: what the admin searches for, may be empty)
        return Rows(rows, as_planned)                     as_planned(rows of one page) → a list of Planned
"""

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

_sources: list[Callable[[date, str], Sequence["Planned"]]] = []


@dataclass(frozen=True)
class Deed:
    """Something an admin may do with a planned letter: a button that posts to an address."""

    label: str
    address: str
    icon: str = ""


@dataclass(frozen=True)
class Planned:
    """One letter to come: when (UTC), to whom, about what. `url` is the page of what it is about."""

    at: datetime
    name: str
    address: str
    what: str
    about: str = ""
    url: str = ""
    state: str = ""
    why: str = ""
    paused: bool = False
    preview: str = ""
    deeds: tuple[Deed, ...] = ()


class Rows:
    """Letters to come, made of a queryset (soonest first) only as far as a page shows them."""

    def __init__(self, queryset, as_planned: Callable[[list], list[Planned]]):
        self.queryset = queryset
        self.as_planned = as_planned

    def __len__(self):
        return self.queryset.count()

    def __getitem__(self, part):
        return self.as_planned(list(self.queryset[part]))


def plans(source):
    """Register who plans letters: `source(until, words)` gives them, soonest first."""
    _sources.append(source)
    return source


def planned_until(until: date, words: str, start: int, stop: int) -> tuple[list[Planned], int]:
    """One page of all that is planned, soonest first, and how much there is in all."""
    found = [source(until, words) for source in _sources]
    total = sum(len(rows) for rows in found)
    if len(found) == 1:
        return list(found[0][start:stop]), total
    merged = heapq.merge(*(rows[0:stop] for rows in found), key=lambda letter: letter.at)
    return list(islice(merged, start, stop)), total
