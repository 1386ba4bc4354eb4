"""Signatures, as docs/partners.md describes them; written anew here, as a distributor would."""

import hashlib
import hmac
from datetime import datetime

HEADER = "Velory-Signature"
FRESH = 300  # seconds


def sign(body: bytes, secret: str, wall: datetime) -> str:
    """The header that goes with a body."""
    stamp = str(int(wall.timestamp()))
    return f"t={stamp},v1={_signature(body, secret, stamp)}"


def is_signed(body: bytes, header: str, secret: str, wall: datetime) -> bool:
    """Whether a body was signed with a secret, not long ago."""
    parts = [part.partition("=") for part in header.split(",")]
    stamp = next((value for name, _, value in parts if name == "t"), "")
    if not stamp.isdigit() or abs(int(stamp) - wall.timestamp()) > FRESH:
        return False
    right = _signature(body, secret, stamp)
    return any(hmac.compare_digest(right.encode(), value.encode()) for name, _, value in parts if name == "v1")


def _signature(body, secret, stamp):
    return hmac.new(secret.encode(), stamp.encode() + b"." + body, hashlib.sha256).hexdigest()
