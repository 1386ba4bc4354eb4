"""One call of the API: who calls, for which account, was it made before, what is answered.

Each kind of object registers its calls with `@call`, and says which parameters it takes.
"""

import hashlib
import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from importlib import import_module

from velory.demo.stripe import VERSION
from velory.demo.stripe.errors import StripeError, no_access
from velory.demo.stripe.form import each, parse, read, text
from velory.demo.stripe.knobs import Fault, Knobs
from velory.demo.stripe.state import PLATFORM, Place, State, new_word, shown

KEYS_LIVE = 24 * 3600  # seconds that an idempotency key is remembered
NOT_REMEMBERED = {"parameter_unknown", "parameter_missing", "parameter_invalid_integer"}
NOUNS = ("accounts", "charges", "customers", "disputes", "events", "intents", "refunds", "sessions", "setups")
CALLS: list[tuple[str, re.Pattern, Callable, dict]] = []
INCLUDES: dict[tuple[str, str], Callable] = {}  # what is left out unless it is asked for by expand[]


@dataclass
class Call:
    """A call as its answerer sees it."""

    state: State
    knobs: Knobs
    place: Place
    path: str
    origin: str  # of the hosted pages
    params: dict = field(default_factory=dict)
    key: str | None = None  # idempotency key
    request_id: str = ""


@dataclass
class Request:
    """What came over the wire."""

    method: str
    path: str
    query: str = ""
    headers: dict = field(default_factory=dict)
    body: bytes = b""


@dataclass
class Answer:
    """What goes back over it. A cut one goes nowhere: the line is dropped."""

    status: int
    body: bytes
    headers: dict = field(default_factory=dict)
    cut: bool = False


def call(method: str, path: str, **takes):
    """Register who answers a call; `<>` in the path is an id and becomes an argument."""

    def register(answerer):
        pattern = re.compile(re.escape(path).replace("<>", r"([A-Za-z0-9_]+)") + "$")
        CALLS.append((method, pattern, answerer, takes | {"expand": each(text)}))
        return answerer

    return register


def includes(kind: str, name: str):
    """Register what is put into an object where expand[] asks for it."""

    def register(finder):
        INCLUDES[kind, name] = finder
        return finder

    return register


def answer(state: State, knobs: Knobs, request: Request, origin: str) -> Answer:
    """Answer one call of the API."""
    request_id = f"req_{new_word(14)}"
    headers = {
        "Content-Type": "application/json",
        "Request-Id": request_id,
        "Stripe-Version": request.headers.get("stripe-version") or VERSION,
    }
    fault = knobs.take_fault(request.method, request.path)
    replayed = False
    try:
        caller, run = _understood(state, knobs, request, origin, request_id)
        headers |= {"Stripe-Account": caller.place.account} if caller.place.account != PLATFORM else {}
        headers |= {"Idempotency-Key": caller.key} if caller.key else {}
        status, body, replayed = _once(caller, run, _fingerprint(request), fault)
        _happens_after(state, fault)
    except StripeError as refusal:
        status, body = refusal.status, refusal.body
    except Forgotten:
        return Answer(500, b"", cut=True)
    if replayed:
        headers["Idempotent-Replayed"] = "true"
    if "error" in body:
        body = {
            "error": body["error"] | {"request_log_url": f"{origin}/_standin/", "doc_url": "https://docs.stripe.com"}
        }
    cut = fault is not None and fault.does == "cut"
    return Answer(status, json.dumps(body, indent=2, ensure_ascii=False).encode(), headers, cut=cut)


class Forgotten(Exception):
    """While a call stalled, everything was forgotten: it belongs to a test that is over."""


def _happens_before(state: State, fault: Fault | None):
    if fault and not fault.done:
        _happens(state, fault)


def _happens_after(state: State, fault: Fault | None):
    if fault and fault.done:
        _happens(state, fault)


def _happens(state, fault):
    if fault.does == "call":
        fault.call()
    if fault.does == "stall":
        things, until = state.things, time.monotonic() + fault.seconds
        while time.monotonic() < until:
            time.sleep(0.05)
            if state.things is not things:
                raise Forgotten


def _understood(state, knobs, request, origin, request_id):
    """The call, and what carries it out. Raises StripeError where it cannot be."""
    for noun in NOUNS:
        import_module(f"velory.demo.stripe.{noun}")
    place = _place_of(state, request.headers)
    sent = parse(request.query if request.method in {"GET", "DELETE"} else request.body)
    for method, pattern, answerer, takes in CALLS:
        found = pattern.match(request.path)
        if found and method == request.method:
            caller = Call(state, knobs, place, request.path, origin, request_id=request_id)
            caller.key = request.headers.get("idempotency-key") if method == "POST" else None
            return caller, partial(_carry_out, caller, answerer, found.groups(), sent, takes)
    raise StripeError(
        f"Unrecognized request URL ({request.method}: {request.path}). The stand-in knows what Velory uses.", status=404
    )


def _carry_out(caller, answerer, ids, sent, takes):
    caller.params = read(sent, takes)
    thing = answerer(caller, *ids)
    body = shown(thing)
    for path in caller.params.get("expand", ()):
        _expand(caller, body, path, path)
    return body


def _place_of(state, headers) -> Place:
    kind, _, key = headers.get("authorization", "").partition(" ")
    if not key or kind.lower() != "bearer":
        raise StripeError("You did not provide an API key.", status=401)
    found = re.fullmatch(r"[sr]k_(test|live)_\w+", key)
    if not found:
        raise StripeError(f"Invalid API Key provided: {key[:8]}****{key[-4:]}", status=401)
    live, account = found[1] == "live", headers.get("stripe-account")
    if not account or account == PLATFORM:
        return Place(PLATFORM, live)
    known = state.things.get(account)
    if not known or known["object"] != "account" or known["_place"][1] != live or known.get("_disconnected"):
        raise no_access(account)
    return Place(account, live)


# A call that was made before is not made again


def _fingerprint(request):
    return hashlib.sha256(f"{request.method} {request.path}\n".encode() + request.body).hexdigest()


def _once(caller, run, fingerprint, fault):
    """Status, body and whether it is a repetition."""
    state = caller.state
    if not caller.key:
        return *_outcome(caller, run, None, fault), False
    if len(caller.key) > 255:
        raise StripeError("Idempotency keys can have 255 characters at most.", type="idempotency_error")
    name = "idem_" + hashlib.sha256(f"{caller.place} {caller.key}".encode()).hexdigest()[:32]
    with state.whole():
        known = _remembered(state, name)
        if known:
            if known["fingerprint"] != fingerprint:
                raise StripeError(
                    "Keys for idempotent requests can only be used with the same parameters they were first used "
                    f"with. Try using a key other than '{caller.key}' if you meant to execute a different request.",
                    type="idempotency_error",
                )
            return known["status"], known["body"], True
        if name in state.in_use:
            raise StripeError(
                "There is currently another in-progress request using this Stripe Idempotency-Key. Try again later.",
                status=409, type="idempotency_error", code="idempotency_key_in_use",
            )  # fmt: skip
        state.in_use.add(name)
    try:
        return *_outcome(caller, run, (name, fingerprint), fault), False
    finally:
        state.in_use.discard(name)


def _remembered(state, name):
    known = state.things.get(name)
    if not known or known.get("_gone"):
        return None
    if state.clock.lived() - known["_born"] >= KEYS_LIVE:
        state.forget(known)
        return None
    return known


def _outcome(caller, run, remember, fault):
    _happens_before(caller.state, fault)
    fails = fault is not None and fault.does == "error"
    oops = {"error": {"message": "An unknown error occurred", "type": "api_error"}}
    if fails and not fault.done:
        with caller.state.whole():
            return _remember(caller, remember if fault.stored else None, fault.status, oops)
    if fails and not fault.stored:
        remember = None
    try:
        with caller.state.whole():
            body = run()
            return _remember(caller, remember, *((fault.status, oops) if fails else (200, body)))
    except StripeError as refusal:
        if refusal.facts.get("code") in NOT_REMEMBERED:
            raise
        with caller.state.whole():
            return _remember(caller, remember, refusal.status, refusal.body)


def _remember(caller, remember, status, body):
    if remember:
        name, fingerprint = remember
        caller.state.things.pop(name, None)
        caller.state.add(
            caller.place,
            "idempotent",
            "idem",
            id_=name,
            key=caller.key,
            fingerprint=fingerprint,
            status=status,
            body=body,
        )
    return status, body


# expand[]


def _expand(caller, body, path, whole):
    head, _, rest = path.partition(".")
    if head == "data" and body.get("object") in {"list", "search_result"}:
        for one in body["data"]:
            _expand(caller, one, rest, whole)
        return
    finder = INCLUDES.get((body.get("object", ""), head))
    if finder:
        body[head] = finder(caller, body)
    elif head not in body or not isinstance(body[head], str | dict | None):
        raise StripeError(f"This property cannot be expanded ({whole}).", param="expand")
    elif isinstance(body[head], str):
        thing = caller.state.things.get(body[head])
        if thing is None:
            raise StripeError(f"This property cannot be expanded ({whole}).", param="expand")
        body[head] = shown(thing)
    if rest and body[head]:
        _expand(caller, body[head], rest, whole)
