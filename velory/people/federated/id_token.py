"""Whether what a provider says of somebody can be believed: signature first, then every claim (R65).

Each check has a name, which stands in the sentence that people read: it tells whoever looks after the provider what
to look at, and nobody anything about anybody.
"""

import hmac
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import jwt
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

from velory.people.federated import trouble
from velory.people.federated.trouble import Trouble
from velory.unseen import holds_unseen

SKEW = 60  # seconds that two clocks may differ by
LONGEST = 64 * 1024
FAMILIES = {"RS": "RSA", "PS": "RSA", "ES": "EC", "Ed": "OKP"}
KINDS = {
    "known": {"pwd", "pin", "kba"},
    "had": {"otp", "hwk", "swk", "sms", "tel", "sc", "pop"},
    "been": {"fpt", "face", "iris", "retina", "vbm"},
}  # of factors, by the names of RFC 8176: two of one kind are one
STATES_TWO = {
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    "urn:rsa:names:tc:SAML:2.0:ac:classes:MultiFactor",
}


@dataclass(frozen=True)
class Said:
    """What a provider says of somebody; all but the subject is only read, never relied on."""

    issuer: str
    subject: str
    email: str = ""
    email_is_verified: bool = False
    first_name: str = ""
    last_name: str = ""
    two_factor: bool = False
    signed_in_at: int = 0  # there, in seconds since 1970; 0 where it does not say

    @property
    def called(self) -> str:
        """How to name them on a page."""
        return self.email or f"{self.first_name} {self.last_name}".strip()


def believe(token: str, *, provider, client_id: str, nonce: str, keys_of: Callable, at: int) -> Said:
    """What an ID token says, once every check has passed. Raises Trouble with the name of the one that did not.

    `keys_of(kid)` gives the provider's keys; `at` is the machine's own time in seconds.
    """
    said = signed(token, provider.signatures, keys_of)
    subject = said.get("sub")
    for what, holds in (
        ("iss", said.get("iss") == provider.issuer),
        ("aud", meant_for(said, client_id)),
        ("sub", isinstance(subject, str) and 0 < len(subject) <= 255 and subject.isprintable()),
        ("exp", _number(said, "exp") > at - SKEW),
        ("iat", 0 < _number(said, "iat") <= at + SKEW),
        ("nbf", _number(said, "nbf") <= at + SKEW),
        ("nonce", hmac.compare_digest(_text(said, "nonce").encode(), nonce.encode())),
    ):
        if not holds:
            raise not_good(what)
    return Said(
        issuer=provider.issuer, subject=str(subject), email=_address(said),
        email_is_verified=said.get("email_verified") in (True, "true"),
        first_name=_text(said, "given_name", 80), last_name=_text(said, "family_name", 80),
        two_factor=states_two(said), signed_in_at=min(at, max(0, _number(said, "auth_time"))),
    )  # fmt: skip


def signed(token: str, signatures, keys_of) -> dict:
    """What stands in a token that one of the provider's own keys has signed, in a way that the provider offers.

    The token names the way, so it is compared with what the provider offers before any key is looked at: `none` and
    the ways with a shared secret are never among them, and each key signs in its own family only.
    """
    if not isinstance(token, str) or len(token) > LONGEST:
        raise not_good("id_token")
    try:
        head = jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, RecursionError) as no:
        raise not_good("id_token") from no
    alg, kid = head.get("alg"), head.get("kid")
    if not isinstance(alg, str) or alg not in signatures or "crit" in head:
        raise not_good("alg")
    for key in keys_of(kid if isinstance(kid, str) else None):
        if key.get("kty") == FAMILIES[alg[:2]] and key.get("alg", alg) == alg:
            try:
                return _decoded(token, key, alg)
            except (jwt.PyJWTError, ValueError, TypeError, KeyError, RecursionError):
                continue
    raise not_good("signature")


def _decoded(token, key, alg):
    public = jwt.PyJWK.from_json(json.dumps(key), algorithm=alg)
    options: Any = {f"verify_{claim}": False for claim in ("exp", "iat", "nbf", "aud", "iss", "sub", "jti")}
    return jwt.decode(token, public.key, algorithms=[alg], options=options | {"verify_signature": True})


def meant_for(said: dict, client_id: str) -> bool:
    """Whether a token is for us: for us alone, or issued to us among others."""
    aud = said.get("aud")
    if isinstance(aud, list) and len(aud) > 1:
        return client_id in aud and said.get("azp") == client_id
    return aud in (client_id, [client_id]) and said.get("azp", client_id) == client_id


def states_two(said: dict) -> bool:
    """Whether a provider says that two factors were used: outright, or by naming ways of two kinds."""
    ways = said.get("amr")
    ways = {way for way in ways if isinstance(way, str)} if isinstance(ways, list) else set()
    kinds = sum(bool(ways & kind) for kind in KINDS.values())
    return "mfa" in ways or kinds > 1 or _text(said, "acr") in STATES_TWO


def not_good(what: str) -> Trouble:
    """A check that did not pass, by its name."""
    return Trouble(trouble.NOT_GOOD, (("what", what),))


def _number(said, name) -> int:
    value = said.get(name, 0)
    is_one = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e11
    return int(value) if is_one else 0


def _address(said) -> str:
    address = _text(said, "email", 254).strip().lower()
    try:
        validate_email(address)
    except ValidationError:
        return ""
    return "" if holds_unseen(address) else address


def _text(said, name, longest=1000) -> str:
    value = said.get(name)
    return value if isinstance(value, str) and len(value) <= longest and value.isprintable() else ""
