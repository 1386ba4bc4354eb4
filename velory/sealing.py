"""Secrets at rest: sealed with a key that follows from SECRET_KEY, so that a copy of the database signs nothing.

Each kind of secret names its own `salt`: what was sealed as one is never opened as another. While SECRET_KEY is changed
the one before stands in SECRET_KEY_FALLBACKS and still opens what it sealed.
"""

import hashlib
from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


def seal(secret: str, *, salt: str) -> str:
    """A secret as it may be kept."""
    return _keys(salt).encrypt(secret.encode()).decode()


def unseal(sealed: str, *, salt: str) -> str | None:
    """What was sealed; None where no key of ours opens it any more."""
    try:
        return _keys(salt).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def digest(raw: str) -> str:
    """What the database keeps of a token that opens something: who reads it there has no token."""
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()


def _keys(salt) -> MultiFernet:
    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    return MultiFernet([Fernet(_key(str(key), salt)) for key in keys])


def _key(key: str, salt: str) -> bytes:
    return urlsafe_b64encode(salted_hmac(salt, "key", secret=key, algorithm="sha256").digest())
