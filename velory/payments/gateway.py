"""Stripe, and nothing but Stripe. The one file that imports its library.

What it raises stands in errors.py, what it says in seen.py.

Every call is made as the payee: with `Stripe-Account`, so that the payment is charged directly on that account. Calls
that write carry an idempotency key that follows from our row (R10). Amounts are whole numbers of the smallest unit.
"""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import stripe
from django.conf import settings

from velory.payments.errors import Declined, Gone, NotSetUp, Stored, Unreachable
from velory.payments.line import PATIENCE, patience, pause, refuse_in_transaction, time_left
from velory.payments.seen import Account, Back, Charge, Dispute, Intent, Method, Saving, Seen, Session, Span

log = logging.getLogger(__name__)

VERSION = "2026-10-28.endive"  # of Stripe's API; raised together with the library, after reading what has changed
stripe.enable_telemetry = False
Data = dict[str, Any]


def set_up() -> bool:
    """Whether there is a key to pay with."""
    return bool(settings.STRIPE_SECRET_KEY)


def livemode() -> bool:
    """Whether the key is one for real money."""
    return "_live_" in settings.STRIPE_SECRET_KEY


# Sessions


def create_session(params: Data, *, account: str, key: str) -> Session:
    """A Checkout Session on an account; the same one again for the same key."""
    made = _ask(lambda s, o: s.v1.checkout.sessions.create(params, o), account, key=key)  # type: ignore[arg-type]
    return _session(made, account)


def find_session(attempt: str, *, account: str, since: int) -> Session | None:
    """The session that names an attempt as its own, among those made since a moment (seconds, the machine's clock)."""
    found = _all(lambda s, o, p: s.v1.checkout.sessions.list(p, o), account, {"created": {"gte": since}, "limit": 100})
    ours = [one for one in found if _text(one, "client_reference_id") == attempt and _mark(one, "attempt") == attempt]
    chosen = next((one for one in ours if one["status"] == "complete"), ours[0] if ours else None)
    return _session(chosen, account) if chosen else None


def expire_session(session: str, *, account: str) -> bool:
    """Whether the session is over unpaid. False where Stripe refuses: perhaps it was paid, and only `look` says so."""
    try:
        gone = _ask(lambda s, o: s.v1.checkout.sessions.expire(session, {}, o), account)
    except Declined as refusal:
        log.info("Stripe does not expire %s: %s", session, refusal)
        return False
    return gone["status"] == "expired"


def look(session: str, *, account: str) -> Seen:
    """Everything about one session and what was paid through it, page by page."""
    with patience():
        seen = _session(*_asked_of(lambda s, o: s.v1.checkout.sessions.retrieve(session, {}, o), account))
        return _seen_through(seen, seen.intent, account) if seen.intent else Seen(seen)


def _seen_through(session: Session | None, id_: str, account: str) -> Seen:
    intent, answered_for = _asked_of(lambda s, o: s.v1.payment_intents.retrieve(id_, {}, o), account)
    of_it = {"payment_intent": id_, "limit": 100}
    charges = _all(lambda s, o, p: s.v1.charges.list(p, o), account, of_it)
    taken = [_charge(one) for one in charges if one["status"] == "succeeded" and one["amount_captured"]]
    if not taken:
        return Seen(session, _intent(intent, answered_for))
    return Seen(
        session,
        _intent(intent, answered_for),
        taken,
        [_back(one) for one in _all(lambda s, o, p: s.v1.refunds.list(p, o), account, of_it)],
        [_dispute(one) for one in _all(lambda s, o, p: s.v1.disputes.list(p, o), account, of_it)],
    )


# Saved cards


def create_customer(params: Data, *, account: str, key: str) -> str:
    """Somebody at an account for whom a card can be saved: their id; the same again for the same key."""
    return _ask(lambda s, o: s.v1.customers.create(params, o), account, key=key)["id"]  # type: ignore[arg-type]


def find_customer(customer: str, *, account: str, since: int) -> str:
    """The one that names ours, among those made since a moment; empty where there is none."""
    found = _all(lambda s, o, p: s.v1.customers.list(p, o), account, {"created": {"gte": since}, "limit": 100})
    return next((one["id"] for one in found if _mark(one, "customer") == customer), "")


def create_saving(params: Data, *, account: str, key: str) -> Saving:
    """A Checkout Session at which a card is saved; the same one again for the same key."""
    return _saving(_ask(lambda s, o: s.v1.checkout.sessions.create(params, o), account, key=key), account)  # type: ignore[arg-type]


def find_saving(card: str, *, customer: str, account: str) -> Saving | None:
    """The session of a customer that names a card of ours."""
    found = _all(lambda s, o, p: s.v1.checkout.sessions.list(p, o), account, {"customer": customer, "limit": 100})
    return next((_saving(one, account) for one in found if _mark(one, "card") == card), None)


def look_at_saving(session: str, *, account: str) -> tuple[Saving, Method | None]:
    """A session at which a card is saved, and the card once it is."""
    with patience():
        said = _saving(*_asked_of(lambda s, o: s.v1.checkout.sessions.retrieve(session, {}, o), account))
        if said.status != "complete" or not said.setup:
            return said, None
        setup = _ask(lambda s, o: s.v1.setup_intents.retrieve(said.setup, {}, o), account)
        id_ = _id(setup.get("payment_method")) if setup["status"] == "succeeded" else ""
        return said, method(id_, account=account) if id_ else None


def method(id_: str, *, account: str) -> Method | None:
    """A card, or None where Stripe knows of none."""
    try:
        return _method(_ask(lambda s, o: s.v1.payment_methods.retrieve(id_, {}, o), account))
    except Gone as gone:
        if gone.code != "resource_missing":
            raise
        return None


def detach(id_: str, *, account: str) -> None:
    """Take a card away from whoever saved it: it can never be charged again. Once more changes nothing."""
    try:
        _ask(lambda s, o: s.v1.payment_methods.detach(id_, {}, o), account)
    except Declined:
        there = method(id_, account=account)
        if there is not None and there.customer:
            raise


def charge_card(params: Data, *, account: str, key: str) -> Intent:
    """Charge a saved card: the intent, whatever the bank said; the same one again for the same key."""
    try:
        return _intent(_ask(lambda s, o: s.v1.payment_intents.create(params, o), account, key=key), account)  # type: ignore[arg-type]
    except Declined as refusal:
        if refusal.intent is None:
            raise
        return _intent(refusal.intent, account)


def find_intent(attempt: str, *, customer: str, account: str) -> Intent | None:
    """The intent of a customer that names an attempt as its own."""
    found = _all(lambda s, o, p: s.v1.payment_intents.list(p, o), account, {"customer": customer, "limit": 100})
    ours = [one for one in found if _mark(one, "attempt") == attempt]
    chosen = next((one for one in ours if one["status"] == "succeeded"), ours[0] if ours else None)
    return _intent(chosen, account) if chosen else None


def look_at_intent(intent: str, *, account: str) -> Seen:
    """Everything about the charge of a saved card, page by page."""
    with patience():
        return _seen_through(None, intent, account)


def cancel_intent(intent: str, *, account: str) -> bool:
    """Whether nobody can pay it any more. False where Stripe refuses: perhaps it was paid, and only `look` says so."""
    try:
        gone = _ask(lambda s, o: s.v1.payment_intents.cancel(intent, {}, o), account)
    except Gone:
        raise
    except Declined as refusal:
        log.info("Stripe does not cancel %s: %s", intent, refusal)
        return False
    return gone["status"] == "canceled"


# Refunds


def create_refund(intent: str, amount: int, *, refund: str, account: str, key: str) -> Back:
    """A refund on the card that paid; the same one again for the same key."""
    params = {"payment_intent": intent, "amount": amount, "metadata": {"velory_refund": refund}}
    return _back(_ask(lambda s, o: s.v1.refunds.create(params, o), account, key=key))  # type: ignore[arg-type]


def find_refund(refund: str, *, intent: str, account: str) -> Back | None:
    """The refund of an intent that names ours."""
    found = _all(lambda s, o, p: s.v1.refunds.list(p, o), account, {"payment_intent": intent, "limit": 100})
    return next((_back(one) for one in found if _mark(one, "refund") == refund), None)


# For the nightly comparison


def charges_between(span: Span, *, account: str) -> list[Charge]:
    """Every charge that succeeded in a span of time."""
    found = _all(lambda s, o, p: s.v1.charges.list(p, o), account, {"created": span.params, "limit": 100})
    return [_charge(one) for one in found if one["status"] == "succeeded" and one["amount_captured"]]


def charge(id_: str, *, account: str) -> Charge | None:
    """One charge, or None where Stripe knows of none."""
    try:
        return _charge(_ask(lambda s, o: s.v1.charges.retrieve(id_, {}, o), account))
    except Gone:
        return None


# Accounts


def account(id_: str) -> Account:
    """A connected account as it is now. Raises Gone where we may no longer ask."""
    return _account(_ask(lambda s, o: s.v1.accounts.retrieve(id_, {}, o), ""))


def open_account(*, name: str, email: str, country: str, key: str) -> Account:
    """A new connected account with a dashboard of its own; the same one again for the same key."""
    params = {
        "type": "standard", "country": country, "email": email or None, "business_profile": {"name": name[:100]},
    }  # fmt: skip
    sent = {name: value for name, value in params.items() if value}
    return _account(_ask(lambda s, o: s.v1.accounts.create(sent, o), "", key=key))  # type: ignore[arg-type]


def onboarding_link(id_: str, *, back: str, again: str) -> str:
    """Where the owner of an account tells Stripe who they are. Good for one visit, for some minutes."""
    params = {"account": id_, "type": "account_onboarding", "return_url": back, "refresh_url": again}
    return _ask(lambda s, o: s.v1.account_links.create(params, o), "")["url"]  # type: ignore[arg-type]


# Asking


class _Line(stripe.RequestsClient):
    """Stripe's own client, which never asks inside a transaction and never waits longer than there is time."""

    @property
    def _timeout(self):
        return time_left()

    @_timeout.setter
    def _timeout(self, _given):
        pass

    def request(self, *args, **kwargs):
        refuse_in_transaction()
        return super().request(*args, **kwargs)


@lru_cache(maxsize=4)
def _client(key: str, base: str) -> stripe.StripeClient:
    return stripe.StripeClient(
        key, base_addresses={"api": base}, stripe_version=VERSION, http_client=_Line(), max_network_retries=0
    )


def _ask(call: Callable[[stripe.StripeClient, Any], Any], account: str, *, key: str = "") -> Data:
    """One call; one that finds its own key in use waits a little and asks again."""
    return _answer(call, account, key).to_dict()


def _asked_of(call: Callable[[stripe.StripeClient, Any], Any], account: str) -> tuple[Data, str]:
    """An answer, and the account for which Stripe gave it."""
    said = _answer(call, account)
    return said.to_dict(), said.last_response.headers.get("Stripe-Account", account)


def _answer(call, account, key=""):
    if not set_up():
        raise NotSetUp("No STRIPE_SECRET_KEY is set.")
    client = _client(settings.STRIPE_SECRET_KEY, settings.STRIPE_API_BASE)
    options = {name: value for name, value in (("stripe_account", account), ("idempotency_key", key)) if value}
    with patience(PATIENCE):
        while True:
            try:
                with _in_our_words(key):
                    return call(client, options)
            except _InUse:
                if not pause(0.25):
                    raise Unreachable("The same is being asked at this moment.")


class _InUse(Exception):
    """Another call with the same key has not ended."""


@contextmanager
def _in_our_words(key: str) -> Iterator[None]:
    try:
        yield
    except stripe.StripeError as said:
        raise _translated(said, key) from said


def _translated(said: stripe.StripeError, key: str) -> Exception:
    status, code = said.http_status or 0, said.code or ""
    words = said.user_message or type(said).__name__
    if status == 409 or code == "idempotency_key_in_use":
        return _InUse(words)
    if isinstance(said, stripe.APIConnectionError | stripe.RateLimitError) or not status:
        return Unreachable(type(said).__name__)
    if isinstance(said, stripe.IdempotencyError):
        return Stored(words)
    if status >= 500:
        replayed = (said.headers or {}).get("Idempotent-Replayed") == "true"
        return Stored(words) if key and replayed else Unreachable(words)
    if isinstance(said, stripe.PermissionError | stripe.AuthenticationError) or status == 404:
        return Gone(words, code)
    return Declined(words, code, _intent_in(said))


def _intent_in(said: stripe.StripeError) -> Data | None:
    """The intent of which the bank said no."""
    error = (said.json_body or {}).get("error") if isinstance(said.json_body, dict) else None
    intent = (error or {}).get("payment_intent")
    return intent if isinstance(intent, dict) and intent.get("id") else None


def _all(call: Callable[[stripe.StripeClient, Any, Any], Any], account: str, params: Data) -> list[Data]:
    """Every page of a list."""
    found: list[Data] = []
    while True:
        page = _ask(lambda s, o: call(s, o, params), account)  # noqa: B023 - asked at once
        found += page["data"]
        if not page["has_more"]:
            return found
        params = params | {"starting_after": page["data"][-1]["id"]}


# Reading


def _session(one: Data, account: str) -> Session:
    return Session(
        id=one["id"], url=one.get("url") or "", status=one["status"], paid=one["payment_status"] == "paid",
        amount=one.get("amount_total"), currency=_text(one, "currency").upper(), livemode=one["livemode"],
        reference=_text(one, "client_reference_id"), attempt=_mark(one, "attempt"),
        intent=_id(one.get("payment_intent")), account=account,
    )  # fmt: skip


def _saving(one: Data, account: str) -> Saving:
    return Saving(
        id=one["id"], url=one.get("url") or "", status=one["status"], livemode=one["livemode"],
        reference=_text(one, "client_reference_id"), card=_mark(one, "card"), customer=_id(one.get("customer")),
        setup=_id(one.get("setup_intent")), account=account,
    )  # fmt: skip


def _method(one: Data) -> Method:
    card = one.get("card") or {}
    return Method(
        one["id"], _id(one.get("customer")), _text(card, "brand")[:30], _text(card, "last4")[:4],
        int(card.get("exp_month") or 0), int(card.get("exp_year") or 0),
    )  # fmt: skip


def _intent(one: Data, account: str = "") -> Intent:
    return Intent(
        one["id"], one["status"], one["amount"], one["currency"].upper(), one["livemode"],
        attempt=_mark(one, "attempt"), customer=_id(one.get("customer")), method=_id(one.get("payment_method")),
        error=_text(one.get("last_payment_error") or {}, "code"), account=account,
    )  # fmt: skip


def _charge(one: Data) -> Charge:
    return Charge(
        one["id"], one["amount_captured"], one["currency"].upper(), one["livemode"],
        one["amount_refunded"], _mark(one, "attempt"), _mark(one, "company"),
    )  # fmt: skip


def _back(one: Data) -> Back:
    return Back(
        one["id"], one["amount"], one["currency"].upper(), one["status"], _mark(one, "refund"),
        _text(one, "failure_reason"),
    )  # fmt: skip


def _dispute(one: Data) -> Dispute:
    return Dispute(one["id"], one["amount"], one["currency"].upper(), one["status"])


def _account(one: Data) -> Account:
    return Account(
        one["id"],
        _text(one.get("business_profile") or {}, "name"),
        _text(one, "country"),
        _text(one, "default_currency").upper(),
        bool(one["charges_enabled"]),
    )


def _text(one: Data, name: str) -> str:
    return str(one.get(name) or "")


def _mark(one: Data, name: str) -> str:
    """What stands in the metadata under a name of ours."""
    return str((one.get("metadata") or {}).get(f"velory_{name}") or "")


def _id(one: Any) -> str:
    """An object's id, whether Stripe sent the id or the object."""
    return str(one["id"] if isinstance(one, dict) else one or "")
