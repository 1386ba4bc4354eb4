"""What can be wrong with signing in through an identity provider, in words."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop


@dataclass(eq=False)
class Trouble(Exception):
    """Why it did not work; `facts` stand in the sentence by name."""

    words: str
    facts: tuple[tuple[str, str], ...] = ()

    def about(self, provider) -> str:
        """The sentence, which begins with the provider's name."""
        said = _(self.words) % {"name": provider.name, **dict(self.facts)}
        return said if said.startswith(provider.name) else f"{provider.name}: {said}"

    def __str__(self):
        return self.words


NOT_ALLOWED = gettext_noop("Its address can’t be used: it must begin with https:// and be public.")
NOT_REACHED = gettext_noop("It could not be reached at %(host)s.")
NO_ANSWER = gettext_noop("It did not answer in time.")
NOT_FOUND = gettext_noop(
    "There is nothing about signing in at %(address)s (it answered %(status)s). Is the issuer right?"
)
UNREADABLE = gettext_noop("What it answered at %(address)s can’t be read.")
OTHER_ISSUER = gettext_noop(
    "It calls itself %(said)s, not %(meant)s. Write the issuer exactly so, if it is the right one."
)
NO_ENDPOINT = gettext_noop("It does not say where people sign in (%(what)s).")
NO_CODE = gettext_noop("It does not offer the way of signing in that Velory uses (response type “code”).")
NO_SIGNATURES = gettext_noop("It signs in no way that Velory can check. It has to offer RS256, PS256, ES256 or EdDSA.")
NO_KEYS = gettext_noop("It shows no key with which its signatures could be checked.")
NO_SECRET = gettext_noop("Its secret can’t be read any more. Give it once more in the settings.")

BEGIN_AGAIN = gettext_noop("This sign-in was begun in another browser, too long ago, or has been used. Begin again.")
REFUSED_THERE = gettext_noop("%(name)s did not sign you in. Try again, or choose another way.")
ELSEWHERE = gettext_noop("The answer did not come from %(name)s. Nobody has been signed in.")
CODE_REFUSED = gettext_noop("%(name)s did not confirm the sign-in. Begin again.")
SECRET_REFUSED = gettext_noop(
    "%(name)s does not accept what Velory shows it. An admin has to check client ID and secret."
)
NOT_GOOD = gettext_noop("What %(name)s says can’t be trusted (%(what)s). Nobody has been signed in.")
