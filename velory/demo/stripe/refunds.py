"""Refunds: never more than was paid; some banks need days, and some send the money back."""

from velory.demo.stripe.api import Call, call
from velory.demo.stripe.cards import card_of
from velory.demo.stripe.charges import move, of
from velory.demo.stripe.customers import merged
from velory.demo.stripe.errors import StripeError, missing_param
from velory.demo.stripe.events import tell
from velory.demo.stripe.form import metadata, one_of, text, whole_number, yes_or_no
from velory.demo.stripe.lists import PAGING, page
from velory.demo.stripe.money import shown as shown_money
from velory.demo.stripe.state import Place, State

TAKES = 3600  # seconds until a bank has thought about it


def refund(state: State, place: Place, charge: dict, amount: int | None, *, fate: str, **facts) -> dict:
    """Send money back. `fate` is what the bank does: "", pending, fails, refused."""
    left = charge["amount_captured"] - charge["amount_refunded"]
    amount = left if amount is None else amount
    _check(charge, amount, left)
    status = {"pending": "pending", "refused": "failed"}.get(fate, "succeeded")
    made = state.add(
        place, "refund", "re", amount=amount, charge=charge["id"], currency=charge["currency"], status=status,
        payment_intent=charge["payment_intent"], reason=facts.get("reason"), failure_reason=None,
        failure_balance_transaction=None, balance_transaction=None, metadata=merged({}, facts.get("metadata")),
        destination_details={"type": "card"}, receipt_number=None,
    )  # fmt: skip
    tell(state, place, "refund.created", made, key=facts.get("key"))
    if status == "failed":
        state.change(made, failure_reason="lost_or_stolen_card")
        tell(state, place, "refund.failed", made)
        return made
    state.change(made, balance_transaction=move(state, place, "refund", -amount, made, charge["currency"])["id"])
    back = charge["amount_refunded"] + amount
    state.change(charge, amount_refunded=back, refunded=back == charge["amount_captured"])
    tell(state, place, "charge.refunded", charge, {"amount_refunded": back - amount})
    if fate in {"pending", "fails"}:
        state.change(made, _then="succeed" if fate == "pending" else "fail", _due=state.clock.lived() + TAKES)
    return made


def _check(charge, amount, left):
    if charge["disputed"]:
        raise StripeError(
            f"Charge {charge['id']} has been charged back; cannot issue a refund.", code="charge_disputed"
        )
    if charge["refunded"]:
        raise StripeError(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if amount < 1:
        raise StripeError("Invalid positive integer", code="parameter_invalid_integer", param="amount")
    if amount > left:
        asked, there = (shown_money(n, charge["currency"], "en") for n in (amount, left))
        raise StripeError(
            f"Refund amount ({asked}) is greater than unrefunded amount on charge ({there})", param="amount"
        )


def succeed(state: State, place: Place, refund: dict) -> dict:
    """The bank has taken it."""
    before = refund["status"]
    state.change(refund, status="succeeded", _then=None)
    tell(state, place, "refund.updated", refund, {"status": before})
    tell(state, place, "charge.refund.updated", refund, {"status": before})
    return refund


def fail(state: State, place: Place, refund: dict, reason="lost_or_stolen_card") -> dict:
    """The bank sends it back: the charge is as little refunded as before."""
    before, charge = refund["status"], state.things[refund["charge"]]
    line = move(state, place, "refund_failure", refund["amount"], refund, refund["currency"])
    state.change(refund, status="failed", failure_reason=reason, failure_balance_transaction=line["id"], _then=None)
    state.change(charge, amount_refunded=charge["amount_refunded"] - refund["amount"], refunded=False)
    tell(state, place, "refund.failed", refund, {"status": before})
    tell(state, place, "refund.updated", refund, {"status": before})
    tell(state, place, "charge.refund.updated", refund, {"status": before})
    return refund


def settle(state: State, *, at_once=False) -> list[dict]:
    """What banks have thought about long enough, succeeds or fails."""
    now = state.clock.lived()
    due = [one for one in state.all(None, "refund") if one.get("_then") and (at_once or one["_due"] <= now)]
    return [(succeed if one["_then"] == "succeed" else fail)(state, Place(*one["_place"]), one) for one in due]


@call(
    "POST", "/v1/refunds", charge=text, payment_intent=text, amount=whole_number, metadata=metadata,
    reason=one_of("duplicate", "fraudulent", "requested_by_customer"), refund_application_fee=yes_or_no,
    reverse_transfer=yes_or_no,
)  # fmt: skip
def create(call: Call):
    """Send back a charge, or a part of it."""
    fates = {"": "", "pending": "pending", "fail_later": "fails", "fail": "refused"}
    charge = _charge_of(call)
    fate = fates[call.knobs.refunds] or card_of(charge["_number"]).refund
    facts = {"reason": call.params.get("reason"), "metadata": call.params.get("metadata"), "key": call.key}
    return refund(call.state, call.place, charge, call.params.get("amount"), fate=fate, **facts)


def _charge_of(call):
    if "charge" in call.params:
        return call.state.find(call.place, "charge", call.params["charge"], "charge")
    if "payment_intent" not in call.params:
        raise missing_param("payment_intent")
    intent = call.state.find(call.place, "payment_intent", call.params["payment_intent"], "payment_intent")
    charge = call.state.things.get(intent["latest_charge"] or "")
    if not charge or not charge["captured"] or not charge["paid"]:
        raise StripeError(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return charge


@call("GET", "/v1/refunds/<>")
def retrieve(call: Call, id_):
    """One refund."""
    return call.state.find(call.place, "refund", id_)


@call("POST", "/v1/refunds/<>", metadata=metadata)
def update(call: Call, id_):
    """Other words on a refund."""
    made = call.state.find(call.place, "refund", id_)
    return call.state.change(made, metadata=merged(made["metadata"], call.params.get("metadata")))


@call("GET", "/v1/refunds", **PAGING, charge=text, payment_intent=text)
def list_(call: Call):
    """The refunds of an account, a charge, an intent."""
    return page(of(call, "refund", "charge", "payment_intent"), call.params, "/v1/refunds")
