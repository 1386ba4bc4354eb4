"""The letter with the code that links a sign-in at an identity provider, once."""

import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from velory import clock
from velory.people.models import Person
from velory.people.notices import CODE_MINUTES, still_theirs
from velory.post.letters import letter, write_letter
from velory.tenancy.context import current_company


def still_meant(letter, at):
    """To somebody here only while it is their address; to somebody new as long as nobody here has it."""
    if letter.person is not None:
        return still_theirs(letter, at)
    return None


@letter("people/link_code", check=still_meant, security=True, secret=["code"], label=_("Code that links a sign-in"))
def what_the_code_links(letter):
    """A code with which one links a sign-in at a provider."""
    return letter.context


def link_code(address: str, person: Person | None, code: str, provider, *, is_for_somebody: bool) -> None:
    """Write the letter; for an address that is nobody's it is written and taken back, which takes as long (R62)."""
    context = {"code": code, "minutes": CODE_MINUTES, "provider": provider.name}
    to = {"person": person} if person else {"to": address, "language": current_company().language}
    key = f"link_code:{person.ref if person else provider.ref}:{secrets.token_hex(8)}"
    with transaction.atomic():
        write_letter("people/link_code", key=key, at=clock.now(), context=context, **to)
        if not is_for_somebody:
            transaction.set_rollback(True)
