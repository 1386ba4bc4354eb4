"""Which letters people get about signing in. Each is written to the outbox; a worker sends it at once.

Whether an address is known here must not be felt: for an unknown one the same letter is written and taken back
in the same transaction, so that both take the same time and say the same (reliability R62).
"""

import secrets

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from velory import clock
from velory.journal.reason import Reason
from velory.people.federated.ways import has_passwords
from velory.people.models import Person
from velory.people.tokens import ResetTokens
from velory.post.letters import letter, write_letter
from velory.tenancy.context import current_company

CODE_MINUTES = 10
RESET_MINUTES = 60
INVITATION_DAYS = 14
ENDED = gettext_noop("The recipient has no access any more, or another address.")


def still_theirs(letter, at):
    """Nothing that signs somebody in goes to an address that is no longer theirs."""
    person = letter.person
    if person is not None and person.works_on(clock.today()) and person.email == letter.to:
        return None
    return Reason("ended", ENDED)


@letter("people/sign_in_code", check=still_theirs, security=True, secret=["code"], label=_("Sign-in code"))
def what_the_code_is(letter):
    """A code with which one signs in without a password."""
    return letter.context


@letter("people/password_reset", check=still_theirs, security=True, secret=["link"], label=_("Password reset"))
def where_to_choose_a_password(letter):
    """A link to choose a new password."""
    return letter.context


@letter("people/invitation", check=still_theirs, security=True, secret=["link"], label=_("Invitation"))
def where_to_begin(letter):
    """A link to choose a first password, or to come in where the company uses none."""
    return letter.context | {"without_passwords": not has_passwords()}


@letter("people/first_admin", check=still_theirs, security=True, secret=["link"], of_companies=True,
        label=_("Invitation of the first admin"))  # fmt: skip
def where_to_open(letter):
    """A link with which a new company's first admin comes in."""
    return letter.context


def sign_in_code(person, code: str) -> None:
    """Write the letter with a code."""
    _write("sign_in_code", person, {"code": code, "minutes": CODE_MINUTES})


def sign_in_code_taken_back(address: str) -> None:
    """What `sign_in_code` costs, for an address that is nobody's."""
    _and_take_back(sign_in_code, _nobody(address), secrets.token_hex(4))


def password_reset(address: str) -> None:
    """Write the letter with a link, if the address is somebody's who has access."""
    person = Person.objects.at_address(address).working(clock.today()).first()
    if person is not None:
        _password_reset(person)
    else:
        _and_take_back(_password_reset, _nobody(address))


def invitation(made, raw: str) -> None:
    """Write the letter of an Invitation; `raw` is its token. Whom Velory itself invites opens a new company."""
    link = current_company().address(reverse("people:accept", args=[raw]))
    inviter = str(made.invited_by) if made.invited_by else ""
    is_first = not inviter and made.person.is_admin and not current_company().is_operators
    _write(
        "first_admin" if is_first else "invitation",
        made.person,
        {"link": link, "inviter": inviter, "days": INVITATION_DAYS},
    )


def _password_reset(person):
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": person.ref.partition("-")[2], "key": ResetTokens().make_token(person)},
    )
    _write("password_reset", person, {"link": current_company().address(path), "minutes": RESET_MINUTES})


def _write(template, person, context):
    to = {"person": person} if person.pk else {"to": person.email, "language": person.language}
    key = f"{template}:{person.ref}:{secrets.token_hex(8)}"
    write_letter(f"people/{template}", key=key, at=clock.now(), context=context, **to)


def _nobody(address):
    return Person(email=address, language=current_company().language)


def _and_take_back(write, *args):
    with transaction.atomic():
        write(*args)
        transaction.set_rollback(True)
