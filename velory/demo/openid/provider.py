"""The provider itself: discovery, keys, the page where one signs in, and the place where codes are redeemed.

It keeps everything in memory. What a test wants to go wrong stands in `knobs`.
"""

import hashlib
import json
import secrets
import threading
import time
from base64 import b64decode, urlsafe_b64encode
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlencode

from django.template import Context, Engine

from velory import clock
from velory.demo.openid.keys import Key, signed
from velory.demo.stripe.api import Answer, Request
from velory.demo.stripe.showing import style

CODE_FOR = 60  # seconds
TOKEN_FOR = 300
SECRET = "the secret of Velory"


def subject_of(email: str) -> str:
    """The name by which it knows whoever has an address: one that says nothing of them."""
    return hashlib.sha256(email.encode()).hexdigest()[:16]


@dataclass
class Knobs:
    """What goes wrong: each is off unless it is set."""

    is_down: bool = False  # cuts every connection
    delay: float = 0  # seconds before each answer
    status: int = 0  # instead of every answer
    leaves_out: tuple[str, ...] = ()  # of what it says of itself
    says: dict = field(default_factory=dict)  # of itself, instead
    claims: dict = field(default_factory=dict)  # of everybody, instead; None leaves one out
    head: dict = field(default_factory=dict)  # of each token
    key: Key | None = None  # signs instead of its own
    token: str = ""  # instead of any token
    answers: dict = field(default_factory=dict)  # to the browser, instead; None leaves one out
    auth_age: int = 0  # seconds since when people signed in here
    takes_codes_twice: bool = False


class OpenIdProvider:
    """One issuer with its people and the applications that may ask it."""

    def __init__(self, origin: str = "", path: str = ""):
        self.origin, self.path = origin, path
        self.knobs, self.key = Knobs(), Key.new()
        self.codes: dict[str, dict] = {}
        self.asked: list[tuple[str, str]] = []
        self.people: dict[str, dict] = {}
        self.clients: dict[str, str] = {}
        self.lock = threading.Lock()

    @property
    def issuer(self) -> str:
        """By which it calls itself."""
        return self.origin + self.path

    def client(self, client_id: str = "velory", secret: str = SECRET) -> tuple[str, str]:
        """An application that may ask: its ID and secret."""
        self.clients[client_id] = secret
        return client_id, secret

    def person(self, subject: str, **claims) -> str:
        """Somebody who has an account here; returns the subject."""
        self.people[subject] = claims
        return subject

    def answer(self, request: Request) -> Answer:
        """What it answers to one request."""
        self.asked.append((request.method, request.path))
        if self.knobs.delay:
            time.sleep(self.knobs.delay)
        if self.knobs.is_down:
            return Answer(0, b"", cut=True)
        if self.knobs.status:
            return Answer(self.knobs.status, b"{}", JSON)
        pages = {
            "/.well-known/openid-configuration": self.about, "/keys": self.keys, "/authorize": self.authorize,
            "/token": self.token, "/style.css": lambda request: style(),
        }  # fmt: skip
        page = pages.get(request.path.removeprefix(self.path))
        return page(request) if page else Answer(404, b"{}", JSON)

    # What it says of itself

    def about(self, request: Request) -> Answer:
        """The document that everything begins with."""
        said = {
            "issuer": self.issuer, "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token", "jwks_uri": f"{self.issuer}/keys",
            "response_types_supported": ["code"], "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "authorization_response_iss_parameter_supported": True,
        } | self.knobs.says  # fmt: skip
        return _json({name: value for name, value in said.items() if name not in self.knobs.leaves_out})

    def keys(self, request: Request) -> Answer:
        """Its public key."""
        return _json({"keys": [self.key.public]})

    def change_key(self) -> None:
        """Another key from now on, as providers do every few weeks."""
        self.key = Key.new()

    # Signing in

    def authorize(self, request: Request) -> Answer:
        """The page on which one chooses who one is; with `as` it is chosen, and the browser goes back."""
        asks = _fields(request.query)
        if asks.get("client_id") not in self.clients or asks.get("code_challenge_method") != "S256":
            return Answer(400, b"Unknown application", {"Content-Type": "text/plain"})
        chosen = asks.pop("as", "")
        if chosen == "nobody":
            return self._back(asks, {"error": "access_denied"})
        if chosen not in self.people:
            return self._page(asks)
        code = secrets.token_urlsafe(16)
        with self.lock:
            self.codes[code] = asks | {"sub": chosen, "at": _seconds()}
        return self._back(asks, {"code": code})

    def _back(self, asks, says):
        says = {"state": asks.get("state", ""), "iss": self.issuer} | says | self.knobs.answers
        says = {name: value for name, value in says.items() if value is not None}
        return Answer(302, b"", {"Location": f"{asks['redirect_uri']}?{urlencode(says)}"})

    def _page(self, asks):
        def leads(subject):
            return f"{self.path}/authorize?{urlencode(asks | {'as': subject})}"

        people = [
            {"address": leads(subject), "name": claims.get("email") or subject}
            for subject, claims in self.people.items()
        ]
        facts = {"path": self.path, "people": people, "cancel": leads("nobody")}
        content = _engine().get_template("page.html").render(Context(facts, use_l10n=False, use_tz=False))
        return Answer(200, content.encode(), {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"})

    # Codes

    def token(self, request: Request) -> Answer:
        """An ID token for a code, once, to the application that asked and that shows its verifier."""
        fields = _fields(request.body.decode())
        client_id, secret = self._shown(request, fields)
        if self.clients.get(client_id) != secret:
            return _json({"error": "invalid_client"}, 401)
        with self.lock:
            asked = self.codes.get(fields.get("code", ""))
            if not self.knobs.takes_codes_twice:
                self.codes.pop(fields.get("code", ""), None)
        challenge = hashlib.sha256(fields.get("code_verifier", "").encode()).digest()
        if (
            asked is None
            or asked["at"] + CODE_FOR < _seconds()
            or (asked["client_id"], asked["redirect_uri"]) != (client_id, fields.get("redirect_uri"))
            or asked["code_challenge"] != urlsafe_b64encode(challenge).decode().rstrip("=")
        ):
            return _json({"error": "invalid_grant"}, 400)
        return _json(
            {"access_token": secrets.token_urlsafe(8), "token_type": "Bearer", "id_token": self.id_token(asked)}
        )

    def _shown(self, request, fields):
        kind, _, shown = request.headers.get("authorization", "").partition(" ")
        if kind == "Basic":
            client_id, _, secret = b64decode(shown).decode().partition(":")
            return unquote(client_id), unquote(secret)
        return fields.get("client_id", ""), fields.get("client_secret")

    def id_token(self, asked: dict) -> str:
        """What it says of whoever signed in, signed."""
        if self.knobs.token:
            return self.knobs.token
        now, key = _seconds(), self.knobs.key or self.key
        claims = {
            "iss": self.issuer, "sub": asked["sub"], "aud": asked["client_id"], "iat": now, "exp": now + TOKEN_FOR,
            "nonce": asked.get("nonce"), "auth_time": now - self.knobs.auth_age,
        } | self.people.get(asked["sub"], {}) | self.knobs.claims  # fmt: skip
        claims = {name: value for name, value in claims.items() if value is not None}
        return signed({"alg": "RS256", "typ": "JWT", "kid": key.public["kid"]} | self.knobs.head, claims, key)


JSON = {"Content-Type": "application/json"}


@lru_cache
def _engine() -> Engine:
    return Engine(dirs=[str(Path(__file__).with_name("look"))])


def _json(said, status: int = 200) -> Answer:
    return Answer(status, json.dumps(said).encode(), JSON)


def _fields(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}


def _seconds() -> int:
    """The machine's time as tokens state it: seconds since 1970. A provider knows nothing of a demo's pushed clock."""
    return int(clock.wall().timestamp())
