"""Who may be given a device: people who work here, and spaces. In a form each is named by what people can say."""

from dataclasses import dataclass
from typing import Any

from assets.models import Space
from velory.folding import words_of
from velory.people.models import Person

SHOWN = 20
SPACE = "space:"


@dataclass(frozen=True)
class Taker:
    """A person or a space as a choice: `value` in the form, `about` beside the name."""

    value: str
    thing: Any
    about: str
    is_space: bool


def takers(q: str, *, today, among=None) -> list[Taker]:
    """The people and spaces whose name, e-mail or number holds every word, people first; a page of them.

    `among`: only these people, and no space.
    """
    words = words_of(q)
    known = Person.objects.all() if among is None else among
    people = known.working(today).select_related("location", "team").order_by("last_name", "first_name", "pk")
    spaces = Space.objects.select_related("location").order_by("name") if among is None else Space.objects.none()
    for word in words:
        people, spaces = people.filter(search__contains=word), spaces.filter(name__folded__contains=word)
    return [*map(_person, people[:SHOWN]), *map(_space, spaces[:SHOWN])]


def taker_called(value: str, *, today):
    """The person or the space behind a form's value; None where there is none."""
    if "\0" in value:
        return None
    if value.startswith(SPACE):
        return Space.objects.filter(name__iexact=value.removeprefix(SPACE)).first()
    return Person.objects.working(today).filter(ref=value).first()


def value_of(thing) -> str:
    """How a person or a space is named in a form; empty for nobody."""
    if thing is None:
        return ""
    return f"{SPACE}{thing.name}" if isinstance(thing, Space) else thing.ref


def _person(person):
    where = ", ".join(str(part) for part in (person.location, person.team) if part)
    return Taker(person.ref, person, " · ".join(part for part in (person.email, where) if part), False)


def _space(space):
    return Taker(value_of(space), space, str(space.location or ""), True)
