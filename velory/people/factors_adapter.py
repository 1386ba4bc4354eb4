"""Where allauth.mfa keeps the secrets of second factors: sealed (velory/sealing.py)."""

from allauth.mfa.adapter import DefaultMFAAdapter

from velory import sealing

SALT = "people.factors"


class CannotBeOpened(RuntimeError):
    """A secret that no key of ours opens any more. Whoever has it is no less in need of it."""


class FactorsAdapter(DefaultMFAAdapter):
    """allauth's two hooks for secrets at rest."""

    def encrypt(self, text):
        return sealing.seal(text, salt=SALT)

    def decrypt(self, encrypted_text):
        """What was sealed. Never something else in its stead: from an empty seed the codes could be worked out."""
        secret = sealing.unseal(encrypted_text, salt=SALT)
        if secret is None:
            raise CannotBeOpened("The secret key has changed: VELORY_SECRET_KEYS_BEFORE does not have the one before.")
        return secret
