"""Keys that sign tokens, and tokens as they are signed: also in ways in which nobody should."""

import hashlib
import hmac
import json
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa


@dataclass(frozen=True)
class Key:
    """A private key and what is shown of it."""

    private: rsa.RSAPrivateKey
    public: dict

    @classmethod
    def new(cls) -> "Key":
        """A fresh one, under a name of its own."""
        private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        numbers = private.public_key().public_numbers()
        shown = {"kty": "RSA", "use": "sig", "alg": "RS256", "kid": secrets.token_hex(6)}
        return cls(private, shown | {"n": _number(numbers.n), "e": _number(numbers.e)})

    @property
    def pem(self) -> bytes:
        """The public key as text: what a forger of HS256 takes for the shared secret."""
        shape = serialization.PublicFormat.SubjectPublicKeyInfo
        return self.private.public_key().public_bytes(serialization.Encoding.PEM, shape)


def signed(head: dict, claims: dict, key: Key) -> str:
    """A token, signed as its head says: RS256, HS256 with the public key as secret, or not at all."""
    body = ".".join(_text(json.dumps(part).encode()) for part in (head, claims))
    if head["alg"] == "HS256":
        signature = hmac.new(key.pem, body.encode(), hashlib.sha256).digest()
    elif head["alg"].lower() == "none":
        signature = b""
    else:
        signature = key.private.sign(body.encode(), padding.PKCS1v15(), hashes.SHA256())
    return f"{body}.{_text(signature)}"


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _number(value: int) -> str:
    return _text(value.to_bytes((value.bit_length() + 7) // 8, "big"))
