"""Mail that nobody has to get: each of it carries an address at which its reader stops that kind (reliability R34).

The address stands in the headers alone, where mail programs make a button of it. It names a person and a kind of
letter, signed for this company; it stops nothing else and signs nobody in. Letters that are required carry none:
sign-in, decisions with a deadline, orders and payments would be missed.
"""

from django.contrib.auth import get_user_model
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from velory.journal.deeds import write
from velory.journal.sentences import says
from velory.post.letters import Kind, kind_named, kind_of, name_of
from velory.post.models import Letter
from velory.tenancy.context import current_company

PERSON = "people.person"


def headers_of(letter: Letter) -> dict[str, str]:
    """What a letter carries so that its reader can stop its kind; nothing where it is required or goes outside."""
    if letter.person is None or kind_of(letter).required:
        return {}
    address = current_company().address(reverse("post:stop", args=[token_of(letter.person, letter.template)]))
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def token_of(person, template: str) -> str:
    """What names a person's letters of a kind in an address."""
    return _signer().sign_object([person.ref, template])


def behind(token: str):
    """The person and the kind that a token names; None where it is not ours or the kind can't be stopped."""
    try:
        ref, template = _signer().unsign_object(token)
    except (BadSignature, ValueError, TypeError):
        return None
    person = get_user_model().objects.filter(ref=ref).first()
    kind = kind_named(template)
    return (person, kind) if person is not None and kind is not None and not kind.required else None


def is_stopped(person, template: str) -> bool:
    """Whether a person has stopped a kind of letter."""
    return template in person.stopped_mail


@transaction.atomic
def stop(person, kind: Kind, *, at) -> None:
    """No letter of the kind goes to the person any more; told twice it is the same."""
    held = type(person).objects.select_for_update().get(pk=person.pk)
    if not is_stopped(held, kind.template):
        held.stopped_mail = sorted([*held.stopped_mail, kind.template])
        held.save(update_fields=["stopped_mail"])
        write(held, "stopped_mail", by=None, at=at, details={"kind": kind.template})


@transaction.atomic
def resume(person, kind: Kind, *, at) -> None:
    """Letters of the kind go to the person again, from the next one on."""
    held = type(person).objects.select_for_update().get(pk=person.pk)
    if is_stopped(held, kind.template):
        held.stopped_mail = [template for template in held.stopped_mail if template != kind.template]
        held.save(update_fields=["stopped_mail"])
        write(held, "resumed_mail", by=None, at=at, details={"kind": kind.template})


def _signer() -> Signer:
    return Signer(salt=f"velory.post.stopping.{current_company().uuid}")


def _of_kind(words: str, details: dict) -> str:
    return words.replace("{kind}", name_of(details["kind"]))


says(PERSON, "stopped_mail", lambda details: _of_kind(_("{thing} gets no mail “{kind}” any more."), details))
says(PERSON, "resumed_mail", lambda details: _of_kind(_("{thing} gets the mail “{kind}” again."), details))
