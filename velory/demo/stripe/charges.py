"""Charges, and what moves on an account's balance."""

from velory.demo.stripe.api import Call, call, includes
from velory.demo.stripe.events import tell
from velory.demo.stripe.form import metadata, text
from velory.demo.stripe.lists import PAGING, SEARCHING, page, search
from velory.demo.stripe.money import fee
from velory.demo.stripe.state import Place, State, shown

TWO_DAYS = 2 * 24 * 3600


def charge(state: State, place: Place, intent: dict, method: dict, origin: str, *, captured: bool) -> dict:
    """The bank said yes."""
    made = _add(state, place, intent, method, paid=True, status="succeeded", captured=captured)
    state.change(made, outcome={"type": "authorized", "network_status": "approved_by_network", "risk_level": "normal"})
    state.change(made, receipt_url=f"{origin}/receipts/{made['id']}/")
    if captured:
        _count(state, place, made, intent["amount"])
    tell(state, place, "charge.succeeded", made)
    return made


def charge_in_vain(state: State, place: Place, intent: dict, method: dict, *, code: str, why: str, says: str) -> dict:
    """The bank said no."""
    made = _add(state, place, intent, method, paid=False, status="failed", captured=False)
    state.change(made, failure_code=code, failure_message=says)
    state.change(made, outcome={"type": "issuer_declined", "network_status": "declined_by_network", "reason": why})
    tell(state, place, "charge.failed", made)
    return made


def capture(state: State, place: Place, made: dict, amount: int) -> dict:
    """Take the money that was set aside; the rest of it is let go."""
    state.change(made, captured=True)
    _count(state, place, made, amount)
    if amount < made["amount"]:
        state.change(made, amount_refunded=made["amount"] - amount)
    tell(state, place, "charge.captured", made)
    return made


def let_go(state: State, place: Place, made: dict) -> dict:
    """Give free what was set aside and never taken."""
    state.change(made, amount_refunded=made["amount"], refunded=True)
    tell(state, place, "charge.refunded", made)
    return made


def move(
    state: State, place: Place, kind: str, amount: int, source: dict, currency: str, *, fee=0, category=None
) -> dict:
    """A line on the account's balance."""
    return state.add(
        place, "balance_transaction", "txn", amount=amount, fee=fee, net=amount - fee, currency=currency, type=kind,
        reporting_category=category or kind, source=source["id"], status="pending", exchange_rate=None,
        available_on=state.clock.wall() + TWO_DAYS, description=source.get("description"),
        fee_details=[{"amount": fee, "currency": currency, "type": "stripe_fee", "application": None}] if fee else [],
    )  # fmt: skip


def _add(state, place, intent, method, *, paid, status, captured):
    return state.add(
        place, "charge", "ch", amount=intent["amount"], amount_captured=0, amount_refunded=0, captured=captured,
        currency=intent["currency"], customer=intent["customer"], description=intent["description"], disputed=False,
        livemode=place.live, metadata=dict(intent["metadata"]), paid=paid, payment_intent=intent["id"], status=status,
        payment_method=method["id"], billing_details=dict(method["billing_details"]), refunded=False,
        payment_method_details={"type": "card", "card": dict(method["card"])}, balance_transaction=None,
        receipt_email=intent["receipt_email"], receipt_url=None, failure_code=None, failure_message=None, outcome=None,
        application_fee_amount=intent["application_fee_amount"], statement_descriptor=intent["statement_descriptor"],
        _number=method["_number"],
    )  # fmt: skip


def _count(state, place, made, amount):
    kept = fee(amount) + (made["application_fee_amount"] or 0)
    line = move(state, place, "charge", amount, made, made["currency"], fee=kept)
    state.change(made, amount_captured=amount, balance_transaction=line["id"])
    _send_a_receipt(state, place, made, amount)


def _send_a_receipt(state, place, made, amount):
    account = state.things.get(place.account) or {}
    to = made["receipt_email"] or (made["billing_details"] or {}).get("email")
    if to and (account.get("_receipts") or made["receipt_email"]):
        state.change(made, receipt_email=to)
        state.add(place, "receipt", "rcpt", to=to, charge=made["id"], amount=amount, currency=made["currency"])


@includes("charge", "refunds")
def refunds_of(call: Call, charge: dict) -> dict:
    """The refunds of a charge."""
    found = [one for one in call.state.all(call.place, "refund") if one["charge"] == charge["id"]]
    return {
        "object": "list",
        "data": [shown(r) for r in found],
        "has_more": False,
        "url": f"/v1/charges/{charge['id']}/refunds",
    }


@call("GET", "/v1/charges/search", **SEARCHING)
def find(call: Call):
    """Charges by a query."""
    return search(call.state.all(call.place, "charge"), call.params, "/v1/charges/search")


@call("GET", "/v1/charges/<>")
def retrieve(call: Call, id_):
    """One charge."""
    return call.state.find(call.place, "charge", id_)


@call("POST", "/v1/charges/<>", metadata=metadata, description=text, receipt_email=text)
def update(call: Call, id_):
    """Other words on a charge."""
    charge = call.state.find(call.place, "charge", id_)
    return call.state.change(charge, **{k: v for k, v in call.params.items() if k != "expand"})


@call("GET", "/v1/charges", **PAGING, payment_intent=text, customer=text)
def list_(call: Call):
    """The charges of an account, of an intent, of a customer."""
    return page(of(call, "charge", "payment_intent", "customer"), call.params, "/v1/charges")


@call("GET", "/v1/balance_transactions/<>")
def retrieve_line(call: Call, id_):
    """One line of the balance."""
    return call.state.find(call.place, "balance_transaction", id_)


@call("GET", "/v1/balance_transactions", **PAGING, type=text, source=text, currency=text, payout=text)
def list_lines(call: Call):
    """What moved on the balance of an account."""
    lines = of(call, "balance_transaction", "type", "source", "currency", "payout")
    return page(lines, call.params, "/v1/balance_transactions")


def of(call: Call, kind: str, *filters: str) -> list[dict]:
    """The things of a kind that have what was asked for."""
    asked = {name: call.params[name] for name in filters if name in call.params}
    return [one for one in call.state.all(call.place, kind) if all(one.get(n) == v for n, v in asked.items())]
