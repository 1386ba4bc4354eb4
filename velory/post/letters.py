"""Writing letters: a row in the transaction of its cause, under a key that is never used twice.

Each template is registered once, with what it needs to know and when it no longer holds good:

    @letter("renewals/due", check=still_due)
    def what_is_due(letter):
        return {"device": Device.objects.get(ref=letter.context["device"]), …}

The function beneath gives the template's whole context, from the references that stand in `letter.context`; it is
asked when the letter is sent, in the recipient's language, and writes nothing. `check(letter, at)` is asked just
before: a Reason means that nothing is sent (reliability R25). `attaches(letter)` names the files that go with it:
they stay where they are kept, and are read when it goes. `heard(letter)` hears how it fared (gone, not sent, come
back) in the transaction that notes it and that holds the letter: it may put something on the agenda, and no more.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files import File
from django.db import transaction

from velory.agenda import book
from velory.journal.reason import Reason
from velory.post.models import Letter
from velory.post.reasons import NO_ADDRESS
from velory.tenancy.context import current_company

SENDING = "post.send"

_kinds: dict[str, "Kind"] = {}


def nothing_attached(letter: Letter) -> list["Attachment"]:
    """What goes with most letters."""
    return []


def nobody_waits(letter: Letter) -> None:
    """How most letters fare concerns nobody but the mail page."""


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a letter, under a name of ours; `file` is kept elsewhere."""

    name: str
    content_type: str
    file: File


@dataclass(frozen=True)
class Kind:
    """What is known of a template, wherever its letters go.

    `required` letters go even to an address that has bounced; `security` ones even where mail to employees is off;
    what `secret` names in the context is forgotten once the letter has gone, and never shown to anybody else;
    those `by_operators` leave from the operators' outbox alone, those `of_companies` never from there.
    """

    template: str
    context: Callable[[Letter], dict]
    check: Callable[[Letter, datetime], Reason | None]
    required: bool = True
    security: bool = False
    by_operators: bool = False
    of_companies: bool = False
    secret: tuple[str, ...] = ()
    label: Any = ""
    attaches: Callable[[Letter], list[Attachment]] = nothing_attached
    heard: Callable[[Letter], None] = nobody_waits

    @property
    def about_accounts(self) -> bool:
        """Whether everybody needs it who signs in, whichever the host."""
        return self.template.startswith("people/") and not self.of_companies

    @property
    def name(self) -> str:
        """What this kind of letter is called on pages."""
        return str(self.label or self.template.rpartition("/")[2].replace("_", " ").capitalize())


def holds_good(letter: Letter, at: datetime) -> Reason | None:
    """The check of letters that nothing can overtake."""
    return None


def letter(template, *, check=holds_good, secret=(), **facts):
    """Register a template (`emails/<template>.html`) with the function that gives its context. `facts`: see Kind."""

    def register(context):
        _kinds[template] = Kind(template, context, check, secret=tuple(secret), **facts)
        return context

    return register


def kind_of(letter: Letter) -> Kind:
    """What is known of a letter's template; next to nothing where it is no longer written."""
    return _kinds.get(letter.template) or Kind(letter.template, lambda letter: letter.context, holds_good)


def kind_named(template: str) -> Kind | None:
    """What is known of a template; None where none is written by it."""
    return _kinds.get(template)


def name_of(template: str) -> str:
    """What a kind is called on pages; its template where it is no longer written."""
    return _kinds[template].name if template in _kinds else template


def kinds() -> list[Kind]:
    """Every kind of letter, by template."""
    return [_kinds[template] for template in sorted(_kinds)]


def kinds_here() -> list[Kind]:
    """Those that the present company may write; at the operators, who have no devices, what operators write and what
    people need to sign in."""
    if current_company().is_operators:
        return [kind for kind in kinds() if kind.by_operators or kind.about_accounts]
    return [kind for kind in kinds() if not kind.by_operators]


def kinds_called(words: str) -> list[str]:
    """The templates whose name, in the reader's language, holds some words."""
    return [kind.template for kind in kinds() if words.lower() in kind.name.lower()]


def draft(
    template, *, key, at, person=None, to=None, to_name="", language=None, context=None, resent_from=None
) -> Letter:
    """A letter, not yet written: to a person, or to an address outside the company.

    Somebody without an address gets a letter that is called off at once, so that an admin can see it.
    """
    assert template in _kinds, f"No letter is registered as {template}."
    to = to or (person.email if person else None) or ""
    return Letter(
        key=key,
        template=template,
        person=person,
        to=to,
        to_name=to_name or (person.get_full_name() if person else ""),
        language=language or (person.language if person else current_company().language),
        context=context or {},
        resent_from=resent_from,
        written_at=at,
        state=Letter.State.QUEUED if to else Letter.State.VOIDED,
        reason="" if to else NO_ADDRESS,
    )


def write_letter(template, *, key, at, send_at=None, **facts) -> Letter | None:
    """Write a letter and put it on the agenda, in the present transaction; None if its key is already taken.

    `at` is the moment of its cause; it is sent then, or at `send_at`. Other facts: see `draft`.
    """
    letter = draft(template, key=key, at=at, **facts)
    with transaction.atomic():
        made = Letter.objects.write_once([letter])
        if letter.state == Letter.State.QUEUED and made:
            book.put(SENDING, str(made[0].pk), send_at or at)
    return made[0] if made else None


def write_letters(drafts: Iterable[Letter], *, at: datetime) -> list[Letter]:
    """Write many letters at once, in the present transaction; returns those whose key was not yet taken."""
    with transaction.atomic():
        made = Letter.objects.write_once(list(drafts))
        book.put_many(SENDING, [str(letter.pk) for letter in made if letter.state == Letter.State.QUEUED], at)
    return made


def write_outside(template, addresses, *, key, at, **facts) -> None:
    """Write one letter to people who are nobody here: (address, name, language) each."""
    for to, name, language in addresses:
        write_letter(template, key=f"{key}/{to}"[:200], to=to, to_name=name, language=language, at=at, **facts)


def call_off(letters, reason: Reason | str) -> int:
    """Call off those of some letters (a queryset) that have not yet gone; returns how many that were."""
    with_secrets = [kind.template for kind in kinds() if kind.secret]
    waiting = letters.in_state(Letter.State.QUEUED, Letter.State.HELD)
    waiting.filter(template__in=with_secrets).update(context={})
    return waiting.update(state=Letter.State.VOIDED, reason=str(reason)[:255])


def write_again(letter: Letter, *, at: datetime) -> Letter | None:
    """Send a letter once more, as a new one with a key of its own; None where it held a secret."""
    if kind_of(letter).secret:
        return None
    number = Letter.objects.copies_of(letter).count() + 1
    return write_letter(
        letter.template,
        key=f"{letter.key[:180]}/again-{letter.pk}-{number}",
        person=letter.person,
        to=None if letter.person else letter.to,
        to_name=letter.to_name,
        language=letter.person.language if letter.person else letter.language,
        context=letter.context,
        resent_from=letter,
        at=at,
    )
