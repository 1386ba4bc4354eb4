"""How we sign what goes to a distributor's machine, and what it signs for us: one form for both (docs/partners.md).

    Velory-Signature: t=1795331520,v1=<HMAC-SHA256 of "t.body" in hex>[,v1=…]

While a secret is being changed there is one `v1` for each that is valid.
"""

import hashlib
import hmac
from datetime import datetime

HEADER = "Velory-Signature"


def signature(secret: str, stamp: str, body: bytes) -> str:
    """What a secret makes of a moment (seconds since 1970) and the bytes of a body."""
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def signed(body: bytes, secrets: list[str], *, wall: datetime) -> str:
    """The header that says when a body was signed, and by each of some secrets how."""
    stamp = str(int(wall.timestamp()))
    return ",".join([f"t={stamp}", *(f"v1={signature(secret, stamp, body)}" for secret in secrets)])
