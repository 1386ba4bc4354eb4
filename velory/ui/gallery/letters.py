"""Every kind of letter, as it reads with invented facts in both languages."""

from dataclasses import dataclass

from velory import clock
from velory.post.letters import kinds
from velory.post.specimens import facts_of, specimen_letter, specimen_of
from velory.post.wording import Words
from velory.post.wording import render as in_words

LANGUAGES = {"en": "English", "sv": "Svenska"}


@dataclass(frozen=True)
class Shown:
    """One kind of letter: its name, and its subject in each language; none where there is no specimen."""

    template: str
    name: str
    subjects: tuple[tuple[str, str], ...]


def letters() -> list[Shown]:
    """Every kind that is registered, by template."""
    return [Shown(kind.template, kind.name, tuple(_subjects(kind.template))) for kind in kinds()]


def _subjects(template):
    return [(code, specimen(template, code).subject) for code in LANGUAGES] if specimen_of(template) else []


def specimen(template: str, language: str) -> Words:
    """A letter of a kind in a language, with no link that works."""
    letter = specimen_letter(template, language, at=clock.now())
    return in_words(letter, for_show=True, facts=facts_of(template, language))
