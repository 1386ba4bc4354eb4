"""A sign-in that has begun: kept in the browser's own session, answered once, within ten minutes.

The state binds the answer to this browser, the nonce the token to this sign-in, the verifier (PKCE) the code to whoever
began. Each provider has an address of its own to come back to, and the answer has to come from the one that was asked:
a second provider's answer is not taken for the first's (mix-up).
"""

import hashlib
import hmac
import secrets
from base64 import b64encode, urlsafe_b64encode
from dataclasses import asdict, dataclass
from urllib.parse import quote, urlencode

from django.urls import reverse

from velory import clock
from velory.people.federated import id_token, provider_says, trouble
from velory.people.federated.trouble import Trouble
from velory.tenancy.context import current_company

KEPT = "federated_begun"
WITHIN = 600  # seconds
FRESH = 60  # seconds by which the provider's clock may be behind when somebody says once more who they are
SIGN_IN, LINK, AGAIN, ACCEPT = "sign_in", "link", "again", "accept"


@dataclass(frozen=True)
class Begun:
    """What is known when somebody leaves for their provider."""

    provider: str  # its reference
    why: str
    state: str
    nonce: str
    verifier: str
    back: str  # where to go in the end
    at: int
    token: str = ""  # of an invitation


def begin(request, provider, *, why: str, back: str, token: str = "") -> str:
    """Begin; returns the provider's address to which the browser goes. Raises Trouble."""
    found = provider_says.about(provider.issuer)
    state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
    begun = Begun(provider.ref, why, state, nonce, verifier, back=back, at=_now(), token=token)
    request.session[KEPT] = asdict(begun)
    asks = {
        "response_type": "code", "client_id": provider.client_id, "redirect_uri": address_back(provider),
        "scope": "openid email profile", "state": begun.state, "nonce": begun.nonce,
        "code_challenge": challenge(begun.verifier), "code_challenge_method": "S256",
    } | ({"prompt": "login", "max_age": "0"} if why == AGAIN else {})  # fmt: skip
    joint = "&" if "?" in found.authorize else "?"
    return f"{found.authorize}{joint}{urlencode(asks)}"


def take(request, provider) -> Begun:
    """The sign-in that this answer belongs to; it is used up. Raises Trouble."""
    kept = request.session.pop(KEPT, None)
    begun = Begun(**kept) if isinstance(kept, dict) else None
    state = request.GET.get("state", "")
    if begun is None or not hmac.compare_digest(begun.state.encode(), state.encode()):
        raise Trouble(trouble.BEGIN_AGAIN)
    if begun.provider != provider.ref or not begun.at <= _now() <= begun.at + WITHIN:
        raise Trouble(trouble.BEGIN_AGAIN)
    return begun


def answer(request, provider, begun: Begun) -> id_token.Said:
    """What the provider says of whoever comes back. Raises Trouble."""
    said_by = request.GET.get("iss")
    if said_by is not None and said_by != provider.issuer:
        raise Trouble(trouble.ELSEWHERE)
    if "error" in request.GET or not request.GET.get("code"):
        raise Trouble(trouble.REFUSED_THERE)
    found = provider_says.about(provider.issuer)
    if found.names_itself and said_by is None:
        raise Trouble(trouble.ELSEWHERE)
    said = id_token.believe(
        redeem(provider, found, request.GET["code"], begun.verifier), provider=found, client_id=provider.client_id,
        nonce=begun.nonce, keys_of=lambda kid: provider_says.keys_of(found, kid), at=_now(),
    )  # fmt: skip
    if begun.why == AGAIN and not said.signed_in_at >= begun.at - FRESH:
        raise id_token.not_good("auth_time")
    return said


def redeem(provider, found, code: str, verifier: str) -> str:
    """The ID token for a code. Raises Trouble."""
    if not provider.secret:
        raise Trouble(trouble.NO_SECRET)
    headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    fields = {
        "grant_type": "authorization_code", "code": code, "redirect_uri": address_back(provider),
        "code_verifier": verifier,
    }  # fmt: skip
    if found.basic:
        headers["Authorization"] = basic(provider.client_id, provider.secret)
    else:
        fields |= {"client_id": provider.client_id, "client_secret": provider.secret}
    status, body = provider_says.ask("POST", found.redeem, headers, urlencode(fields).encode())
    if status >= 500:
        raise Trouble(trouble.NO_ANSWER)
    said = provider_says.parsed(body, found.redeem)
    if status != 200:
        wrong = status == 401 or said.get("error") in ("invalid_client", "unauthorized_client")
        raise Trouble(trouble.SECRET_REFUSED if wrong else trouble.CODE_REFUSED)
    return said.get("id_token", "")


def basic(client_id: str, secret: str) -> str:
    """Name and secret as a header says them (RFC 6749, 2.3.1)."""
    pair = f"{quote(client_id, safe='')}:{quote(secret, safe='')}"
    return "Basic " + b64encode(pair.encode()).decode()


def address_back(provider) -> str:
    """Where a provider sends people back to: the company's own address, never one that a request names (R63)."""
    return current_company().address(reverse("federated:back", args=[provider.ref], urlconf="velory.urls"))


def challenge(verifier: str) -> str:
    """What the provider is told of the verifier."""
    return urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")


def _now() -> int:
    return int(clock.wall().timestamp())
