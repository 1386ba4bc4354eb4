"""What an identity provider says of itself: where people sign in, where codes are redeemed, what its keys are.

Kept for ten minutes. A key that is not among those kept is looked for once more, as providers change their keys.
"""

import json
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.core.cache import cache
from redis import RedisError

from velory import outgoing
from velory.people.federated import trouble
from velory.people.federated.trouble import Trouble

PATIENCE = 5  # seconds for each question
MOST = 256 * 1024
KEPT = 600
PATH = "/.well-known/openid-configuration"
ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")
SIGNATURES = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


@dataclass(frozen=True)
class Provider:
    """Its own words, checked; `keys` are as they were found."""

    issuer: str
    authorize: str
    redeem: str
    keys_at: str
    signatures: tuple[str, ...]
    basic: bool  # whether the secret goes in the header
    names_itself: bool  # whether its answers say who gives them (RFC 9207)
    keys: list[dict] = field(default_factory=list, compare=False)


def about(issuer: str) -> Provider:
    """What it says of itself, from what is kept or asked now. Raises Trouble."""
    said = _kept(f"openid:{issuer}", lambda: fetch(address_of(issuer)))
    return read(said, issuer)


def ask_anew(issuer: str) -> Provider:
    """The same, asked now, with its keys: what *Try the connection* does. Raises Trouble."""
    found = read(fetch(address_of(issuer)), issuer)
    if not usable(fetch(found.keys_at)):
        raise Trouble(trouble.NO_KEYS)
    return found


def keys_of(found: Provider, kid: str | None) -> list[dict]:
    """The keys that may have signed what names `kid`; looked for once more where none has that name."""
    name = f"openid:keys:{found.keys_at}"
    keys = usable(_kept(name, lambda: fetch(found.keys_at)))
    if not _named(keys, kid):
        keys = usable(_keep(name, fetch(found.keys_at)))
    return _named(keys, kid)


def _named(keys, kid):
    return [key for key in keys if kid is None or key.get("kid") == kid]


def usable(said: dict) -> list[dict]:
    """Keys that check signatures: public ones, and never a shared secret."""
    keys = said.get("keys")
    found = [key for key in keys if isinstance(key, dict)] if isinstance(keys, list) else []
    return [key for key in found if key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"]


def address_of(issuer: str) -> str:
    """Where a provider says what it offers."""
    return issuer.rstrip("/") + PATH


def read(said: dict, issuer: str) -> Provider:
    """Its words, checked one by one. Raises Trouble that names what is missing."""
    if said.get("issuer") != issuer:
        raise Trouble(trouble.OTHER_ISSUER, (("said", str(said.get("issuer", "–"))[:200]), ("meant", issuer)))
    authorize, redeem, keys_at = (_place(said, what) for what in ENDPOINTS)
    if "code" not in _texts(said, "response_types_supported", ("code",)):
        raise Trouble(trouble.NO_CODE)
    offered = _texts(said, "id_token_signing_alg_values_supported", ("RS256",))
    signatures = tuple(alg for alg in SIGNATURES if alg in offered)
    if not signatures:
        raise Trouble(trouble.NO_SIGNATURES)
    methods = _texts(said, "token_endpoint_auth_methods_supported", ("client_secret_basic",))
    return Provider(
        issuer, authorize, redeem, keys_at, signatures=signatures, basic="client_secret_basic" in methods,
        names_itself=said.get("authorization_response_iss_parameter_supported") is True,
    )  # fmt: skip


def _place(said, what):
    place = said.get(what)
    if not isinstance(place, str) or not place:
        raise Trouble(trouble.NO_ENDPOINT, (("what", what),))
    _parts(place)
    return place


def _texts(said, name, usual):
    texts = said.get(name)
    return [text for text in texts if isinstance(text, str)] if isinstance(texts, list) else list(usual)


def fetch(address: str) -> dict:
    """A document of a provider's. Raises Trouble."""
    status, body = ask("GET", address, {"Accept": "application/json"})
    if status != 200:
        raise Trouble(trouble.NOT_FOUND, (("address", address), ("status", str(status))))
    return parsed(body, address)


def parsed(body: bytes, address: str) -> dict:
    """What was answered, as the object that it has to be. Raises Trouble."""
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Trouble(trouble.UNREADABLE, (("address", address),))
    return said


def ask(method: str, address: str, headers: dict[str, str], body: bytes | None = None) -> tuple[int, bytes]:
    """One question; its status and words. Raises Trouble where there is no answer."""
    parts = _parts(address)
    try:
        line = outgoing.Line(parts, outgoing.reachable(parts), patience=PATIENCE)
    except outgoing.NotAllowed as no:
        raise Trouble(trouble.NOT_ALLOWED) from no
    except outgoing.NotReached as unknown:
        raise Trouble(trouble.NOT_REACHED, (("host", str(parts.hostname)),)) from unknown
    try:
        return line.ask(method, body, {"User-Agent": "Velory", "Accept-Encoding": "identity"} | headers, most=MOST)
    except outgoing.CUT as cut:
        if line.was_asked:
            raise Trouble(trouble.NO_ANSWER) from cut
        raise Trouble(trouble.NOT_REACHED, (("host", str(parts.hostname)),)) from cut
    finally:
        line.hang_up()


def _parts(address):
    try:
        return outgoing.parts_of(address)
    except outgoing.NotAllowed as no:
        raise Trouble(trouble.NOT_ALLOWED) from no


def origin(address: str) -> str:
    """Scheme and host of an address."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _kept(name, fetched):
    try:
        known = cache.get(name)
    except (RedisError, OSError):
        return fetched()
    return known if isinstance(known, dict) else _keep(name, fetched())


def _keep(name, said):
    with suppress(RedisError, OSError):
        cache.set(name, said, timeout=KEPT)
    return said
