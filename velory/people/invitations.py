"""Inviting: a letter with a link at which a person chooses a password, and is signed in (reliability R64).

One invitation of a person is open at a time; a newer one takes the place of the older. It works once, for the
address it was sent to, until it expires, and only while whoever invited still has access and may invite. What the
person may do is read from them when they accept, never from the letter. The database keeps the token's digest.
"""

import secrets
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from velory import clock
from velory.journal.reason import NotYours, Reason, Refused
from velory.people import notices, rules
from velory.people.journal import note_change
from velory.people.models import Invitation, Person
from velory.sealing import digest

HOLDS_FOR = timedelta(days=notices.INVITATION_DAYS)


@transaction.atomic
def invite(person, *, by, at=None) -> Invitation:
    """Write a person an invitation; any that is still open is taken back. Raises Refused or NotYours."""
    at = at or clock.now()
    if by is not None and not rules.administrator(by):
        raise NotYours(_("This is for somebody else to do."))
    person = Person.objects.select_for_update().get(pk=person.pk)
    if reason := why_not_invited(person, at=at):
        raise Refused(reason)
    person.take_invitation_back(at)
    raw = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        person=person, token=digest(raw), invited_by=by, email=person.email, invited_at=at, expires_at=at + HOLDS_FOR
    )
    person.invited_at = at
    person.save(update_fields=["invited_at"])
    note_change(person, "invited", by=by, at=at)
    notices.invitation(made, raw)
    return made


def why_not_invited(person, *, at) -> Reason | None:
    """Why a person cannot be invited now, or None."""
    if not person.email:
        return Reason("no_address", _("There is no e-mail to write to."))
    if not person.works_on(clock.local_date(at)):
        return Reason("no_access", _("This person has no access. Give them access first."))
    return None


def open_invitation(raw: str, *, at) -> Invitation | None:
    """The invitation that a token opens now, or None: unknown, used, replaced, expired, or no longer good."""
    made = Invitation.objects.select_related("person", "invited_by").filter(token=digest(raw)).first()
    return made if made is not None and still_good(made, at=at) else None


def still_good(made, *, at) -> bool:
    """Whether an invitation may be accepted: everything is asked anew at that moment."""
    person, inviter = made.person, made.invited_by
    return (
        made.accepted_at is None
        and made.revoked_at is None
        and at < made.expires_at
        and person.email == made.email
        and person.works_on(clock.local_date(at))
        and (inviter is None or (rules.administrator(inviter) and inviter.works_on(clock.local_date(at))))
    )


@transaction.atomic
def accept(raw: str, password: str | None, *, at=None, also=None, **name) -> Person | None:
    """Set the person's first password (and name) and use the invitation up. None where it is not good any more.

    Without a password where there are none; `also(person, at)` is done in the same transaction, their row held.
    """
    at = at or clock.now()
    known = Invitation.objects.filter(token=digest(raw)).values_list("person_id", flat=True).first()
    if known is None:
        return None
    person = Person.objects.select_for_update().get(pk=known)
    made = open_invitation(raw, at=at)
    if made is None:
        return None
    made.accepted_at = at
    made.save(update_fields=["accepted_at"])
    if password is not None:
        person.set_password(password)
    for part, words in name.items():
        setattr(person, part, words)
    person.save(update_fields=["password", *name])
    note_change(person, "accepted", by=person, at=at)
    if also is not None:
        also(person, at)
    return person
