"""Signing in with two factors: after the password or the code, and before anybody is let in.

A stage of allauth's: what was proven so far stays with the browser's session, together with where they were going, and
the session gets another id once both are proven (reliability R60).
"""

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from allauth.mfa.stages import AuthenticateStage

from velory import clock
from velory.people import factors

METHOD = "mfa"
HOLDS_FOR = 600  # seconds in which a factor that was proven before signing in counts for it


class SecondFactorStage(AuthenticateStage):
    """Asked of whoever has a second factor. Not after a passkey, which is two, nor where a provider answers for two,
    nor of whoever has just proven it to choose a new password."""

    def _should_handle(self, request):
        person = self.login.user
        if person is None or not factors.has_two(person) or came_by_passkey(request, person):
            return False
        if proven_lately(request, person):
            return False
        return factors.is_needed(person, request.session)


def note_factor(request, person, kind: str, *, alone: bool = False) -> None:
    """This session's person has just proven a second factor; `alone`: with a passkey, which needs no first one."""
    record_authentication(request, person, METHOD, type=kind, passwordless=alone or None)


def came_by_passkey(request, person) -> bool:
    """Whether this session's person has come with a passkey alone."""
    return any(record.get("passwordless") for record in get_authentication_records(request, person))


def proven_lately(request, person) -> bool:
    """Whether this person has proven a second factor in this browser within ten minutes."""
    since = clock.wall().timestamp() - HOLDS_FOR
    records = get_authentication_records(request, person)
    return any(record["method"] == METHOD and record.get("at", 0) > since for record in records)


def has_proven_it(request, person) -> bool:
    """Whether this person has proven a second factor that they have, in this session."""
    records = get_authentication_records(request, person)
    return factors.has_two(person) and any(record["method"] == METHOD for record in records)


def sign_in(request, person, *, redirect_url=None):
    """Let a person in who has proven who they are: through the stages, so that the second factor is asked."""
    return perform_login(request, Login(user=person, redirect_url=redirect_url))
