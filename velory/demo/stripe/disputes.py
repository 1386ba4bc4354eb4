"""Disputes: a card's holder asks their bank to take the money back."""

from velory.demo.stripe.api import Call, call
from velory.demo.stripe.charges import move, of
from velory.demo.stripe.errors import StripeError
from velory.demo.stripe.events import tell
from velory.demo.stripe.form import metadata, text, yes_or_no
from velory.demo.stripe.lists import PAGING, page
from velory.demo.stripe.state import Place, State

OPEN = {"needs_response", "under_review"}
A_WEEK = 7 * 24 * 3600
EVIDENCE = dict.fromkeys(("uncategorized_text", "product_description", "customer_name", "customer_email_address"), text)


def open_dispute(state: State, place: Place, charge: dict, amount: int | None = None, reason="fraudulent") -> dict:
    """The bank takes the money back for now."""
    if charge["disputed"]:
        raise StripeError("This charge is disputed already.")
    amount = amount or charge["amount_captured"] - charge["amount_refunded"]
    dispute = state.add(
        place, "dispute", "du", amount=amount, charge=charge["id"], currency=charge["currency"], livemode=place.live,
        payment_intent=charge["payment_intent"], reason=reason, status="needs_response", evidence={}, metadata={},
        is_charge_refundable=False, balance_transactions=[],
        evidence_details={"due_by": state.clock.wall() + A_WEEK, "has_evidence": False, "past_due": False},
    )  # fmt: skip
    state.change(charge, disputed=True)
    tell(state, place, "charge.dispute.created", dispute)
    _move(state, place, dispute, -amount, 15000 if charge["currency"] == "sek" else 1500, "dispute")
    tell(state, place, "charge.dispute.funds_withdrawn", dispute)
    return dispute


def decide(state: State, place: Place, dispute: dict, *, won: bool) -> dict:
    """The bank decides: the money comes back, or is gone."""
    if dispute["status"] not in OPEN:
        raise StripeError(f"This dispute is closed: {dispute['status']}.")
    state.change(dispute, status="won" if won else "lost")
    tell(state, place, "charge.dispute.closed", dispute, {"status": "needs_response"})
    if won:
        _move(state, place, dispute, dispute["amount"], 0, "dispute_reversal")
        tell(state, place, "charge.dispute.funds_reinstated", dispute)
    return dispute


def _move(state, place, dispute, amount, fee, category):
    line = move(state, place, "adjustment", amount, dispute, dispute["currency"], fee=fee, category=category)
    state.change(dispute, balance_transactions=[*dispute["balance_transactions"], {"id": line["id"], "amount": amount}])


@call("GET", "/v1/disputes/<>")
def retrieve(call: Call, id_):
    """One dispute."""
    return call.state.find(call.place, "dispute", id_)


@call("POST", "/v1/disputes/<>", evidence=EVIDENCE, metadata=metadata, submit=yes_or_no)
def update(call: Call, id_):
    """The seller's side; the text `winning_evidence` or `losing_evidence` decides it, as in Stripe's test mode."""
    dispute = call.state.find(call.place, "dispute", id_)
    if dispute["status"] not in OPEN:
        raise StripeError("This dispute is already closed.")
    evidence = dispute["evidence"] | call.params.get("evidence", {})
    call.state.change(dispute, evidence=evidence, metadata=call.params.get("metadata", dispute["metadata"]))
    if call.params.get("submit", True):
        call.state.change(dispute, status="under_review")
        tell(call.state, call.place, "charge.dispute.updated", dispute, {"status": "needs_response"}, call.key)
    word = evidence.get("uncategorized_text")
    if word in {"winning_evidence", "losing_evidence"}:
        decide(call.state, call.place, dispute, won=word == "winning_evidence")
    return dispute


@call("POST", "/v1/disputes/<>/close")
def close(call: Call, id_):
    """Give in."""
    return decide(call.state, call.place, call.state.find(call.place, "dispute", id_), won=False)


@call("GET", "/v1/disputes", **PAGING, charge=text, payment_intent=text)
def list_(call: Call):
    """The disputes of an account, a charge, an intent."""
    return page(of(call, "dispute", "charge", "payment_intent"), call.params, "/v1/disputes")
