"""The token of a password reset: for one person of one company, until it is used, an hour has passed,
or the password, the address or the last sign-in has changed (reliability R53)."""

from django.contrib.auth.tokens import PasswordResetTokenGenerator

from velory import clock
from velory.tenancy.context import current_company


class ResetTokens(PasswordResetTokenGenerator):
    """Django's tokens, signed for the current company and dated by our clock."""

    @property
    def key_salt(self):  # type: ignore[override]
        return f"velory.people.reset.{current_company().uuid}"

    def _now(self):
        return clock.now().replace(tzinfo=None)
