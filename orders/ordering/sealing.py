"""Secrets at rest: sealed with a key that follows from SECRET_KEY, so that a copy of the database signs nothing.

While SECRET_KEY is changed the one before stands in SECRET_KEY_FALLBACKS and still opens what it sealed.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

SALT = "orders.channel"


def seal(secret: str) -> str:
    """A secret as it may be kept."""
    return _keys().encrypt(secret.encode()).decode()


def unseal(sealed: str) -> str | None:
    """What was sealed; None where no key of ours opens it any more."""
    try:
        return _keys().decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def _keys() -> MultiFernet:
    return MultiFernet([Fernet(_key(str(key))) for key in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _key(key: str) -> bytes:
    return urlsafe_b64encode(salted_hmac(SALT, "key", secret=key, algorithm="sha256").digest())
