"""Whether Stripe signed what came, and when: over the raw bytes, with one of our secrets (reliability R1, R2).

Our own, not the library's: that believes a moment a day ahead, and any age where its tolerance is 0.
"""

import hashlib
import hmac
import re
from datetime import datetime

from django.conf import settings

AHEAD = 60  # seconds that a signed moment may be ahead of our clock
MOST = 16  # signatures that are looked at; Stripe sends one for each secret of a rotation
STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)


class Unsigned(ValueError):
    """It is not from Stripe, or not from now."""


def check(body: bytes, header: str, *, wall: datetime) -> None:
    """Raise Unsigned unless one of our secrets signed these bytes within the tolerance."""
    stamp, signatures = _parts(header)
    age = wall.timestamp() - int(stamp)
    if age > settings.STRIPE_WEBHOOK_TOLERANCE or age < -AHEAD:
        raise Unsigned("It was signed at another time.")
    signed = [
        hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest() for secret in _secrets()
    ]
    if not any(hmac.compare_digest(ours, theirs) for ours in signed for theirs in signatures):
        raise Unsigned("No secret of ours signed it.")


def _secrets():
    return [secret for secret in settings.STRIPE_WEBHOOK_SECRETS if secret]


def _parts(header):
    pairs = [part.strip().partition("=") for part in header.split(",")] if len(header) < 4096 else []
    stamps = [value for name, _, value in pairs if name == "t"]
    signatures = [value for name, _, value in pairs if name == "v1" and value.isascii()]
    if len(stamps) != 1 or not STAMP.fullmatch(stamps[0]) or not 0 < len(signatures) <= MOST:
        raise Unsigned("It carries no signature that could be checked.")
    return stamps[0], signatures
