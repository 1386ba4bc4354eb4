"""What people are told of their second factor: every change, and each recovery code that was used."""

import secrets

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from velory.people.notices import still_theirs
from velory.post.letters import letter, write_letter
from velory.tenancy.context import current_company


@letter("people/factors_changed", check=still_theirs, security=True, label=_("Sign-in and security changed"))
def what_changed(letter):
    """What was changed, and where one looks whether it was right."""
    return letter.context | {"link": current_company().address(reverse("people:security"))}


def changed(person, what: str, *, at, **facts) -> None:
    """Write to the person. Whoever has no address reads it under Sign-in and security."""
    key = f"factors:{person.ref}:{secrets.token_hex(8)}"
    write_letter("people/factors_changed", key=key, at=at, person=person, context={"what": what, **facts})
