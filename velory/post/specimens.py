"""Specimens: a letter of each kind with invented facts, for previews and for the gallery.

    @specimen("renewals/bought", device="device.name", day="bought_on")
    def a_buyout():
        return {"device": DEVICE, …}

The function gives what the kind's own context function would, without a look at the company's data. What is named
beside it are the facts that a company's own words may name, with where they stand in the context: both in one place, so
that a variable that is offered is one that can be filled.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import translation

from velory.people.models import Person
from velory.post.models import Letter
from velory.post.own_words import EVERYWHERE, TO_A_PERSON

_specimens: dict[str, "Specimen"] = {}


@dataclass(frozen=True)
class Specimen:
    """Of one kind of letter: its invented facts, what may be named, and whether it goes to an address outside."""

    template: str
    facts: Callable[[], dict]
    named: dict[str, str]
    to_partner: bool = False

    @property
    def variables(self) -> dict[str, str]:
        """What a company's own words may name in it, with where that stands."""
        return (EVERYWHERE if self.to_partner else TO_A_PERSON | EVERYWHERE) | self.named


class Thing:
    """Stands in for something in a specimen: it has the facts that it was given, and nothing else."""

    def __init__(self, called: str = "", **facts):
        self.called = called
        self.__dict__.update(facts)

    def __str__(self):
        return self.called


def specimen(*templates: str, to_partner: bool = False, **named: str):
    """Register the invented facts of some kinds of letter, and which of them may be named."""

    def register(facts):
        for template in templates:
            _specimens[template] = Specimen(template, facts, named, to_partner)
        return facts

    return register


def specimen_of(template: str) -> Specimen | None:
    """The specimen of a kind, or None where nobody has made one."""
    return _specimens.get(template)


def variables_of(template: str) -> dict[str, str]:
    """What may be named in a kind of letter."""
    found = _specimens.get(template)
    return found.variables if found else dict(EVERYWHERE)


def specimen_letter(template: str, language: str, *, at: datetime) -> Letter:
    """A letter of a kind to somebody invented, not written."""
    found = _specimens[template]
    person = Person(first_name="Karin", last_name="Ström", email="karin.strom@nordvik.example", language=language)
    person.ref = "P-SPECIMEN"
    whom: dict[str, Any] = {"to": "orders@atea.example", "to_name": "Atea"}
    if not found.to_partner:
        whom = {"person": person, "to": person.email, "to_name": person.get_full_name()}
    return Letter(template=template, key=f"specimen/{template}", language=language, written_at=at, context={}, **whom)


def facts_of(template: str, language: str) -> dict:
    """The invented facts, in a language."""
    with translation.override(language):
        return _specimens[template].facts()
