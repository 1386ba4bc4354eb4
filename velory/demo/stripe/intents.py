"""Payment intents: one wish to be paid, whatever number of tries it takes."""

from velory.demo.stripe.accounts import check_that_it_takes_money
from velory.demo.stripe.api import Call, call
from velory.demo.stripe.cards import SAYS, card_of, says
from velory.demo.stripe.charges import capture, charge, charge_in_vain, let_go, of
from velory.demo.stripe.customers import customer_named, merged, method_named
from velory.demo.stripe.disputes import open_dispute
from velory.demo.stripe.errors import StripeError, declined
from velory.demo.stripe.events import tell
from velory.demo.stripe.form import at_most, each, metadata, needed, one_of, text, whole_number, yes_or_no
from velory.demo.stripe.lists import PAGING, SEARCHING, page, search
from velory.demo.stripe.money import check_total, currency
from velory.demo.stripe.state import Place, State, new_word, shown

CHANGEABLE = {
    "amount": whole_number,
    "currency": currency,
    "customer": text,
    "description": text,
    "metadata": metadata,
    "receipt_email": text,
    "payment_method": text,
    "allowed_payment_method_types": each(one_of("card")),
    "payment_method_types": each(one_of("card")),
    "setup_future_usage": one_of("on_session", "off_session"),
    "statement_descriptor": at_most(22),
    "statement_descriptor_suffix": at_most(22),
    "application_fee_amount": whole_number,
}
CONFIRMING = {"off_session": yes_or_no, "return_url": text, "error_on_requires_action": yes_or_no}
REASONS = one_of("duplicate", "fraudulent", "requested_by_customer", "abandoned")
NOT_YET = {"requires_payment_method", "requires_confirmation"}


def open_intent(state: State, place: Place, *, amount: int, currency: str, **facts) -> dict:
    """A new wish to be paid."""
    intent = state.add(
        place, "payment_intent", "pi", amount=amount, currency=currency, amount_capturable=0, amount_received=0,
        application_fee_amount=facts.get("application_fee_amount"), canceled_at=None, cancellation_reason=None,
        capture_method=facts.get("capture_method") or "automatic", confirmation_method="automatic",
        customer=facts.get("customer"), description=facts.get("description"), last_payment_error=None,
        latest_charge=None, livemode=place.live, metadata=merged({}, facts.get("metadata")), next_action=None,
        payment_method=None, payment_method_types=["card"], receipt_email=facts.get("receipt_email"),
        setup_future_usage=facts.get("setup_future_usage"), status="requires_payment_method",
        statement_descriptor=facts.get("statement_descriptor"), transfer_data=None, on_behalf_of=None,
    )  # fmt: skip
    state.change(intent, client_secret=f"{intent['id']}_secret_{new_word(24)}")
    tell(state, place, "payment_intent.created", intent, key=facts.get("key"))
    return intent


def confirm(state: State, place: Place, intent: dict, method: dict, origin: str, *, absent=False, sure=False) -> dict:
    """Charge a card. Raises the bank's refusal; a card that asks for its holder leaves `requires_action`.

    `absent` is a payment without the person there; `sure` is one that its holder has just confirmed.
    """
    check_that_it_takes_money(state, place)
    card = card_of(method["_number"])
    state.change(intent, payment_method=method["id"], next_action=None)
    if card.refusal:
        _refuse(state, place, intent, method, card.refusal, card.decline, says(card))
    if card.asks and not sure:
        if absent:
            _refuse(
                state,
                place,
                intent,
                method,
                "authentication_required",
                "authentication_required",
                SAYS["authentication_required"],
            )
        return _ask_the_holder(state, place, intent, origin)
    captured = intent["capture_method"] != "manual"
    made = charge(state, place, intent, method, origin, captured=captured)
    state.change(intent, latest_charge=made["id"], last_payment_error=None)
    if captured:
        _succeed(state, place, intent, intent["amount"])
    else:
        state.change(intent, status="requires_capture", amount_capturable=intent["amount"])
        tell(state, place, "payment_intent.amount_capturable_updated", intent)
    if card.disputed:
        open_dispute(state, place, made)
    return intent


def _succeed(state, place, intent, amount):
    state.change(intent, status="succeeded", amount_received=amount, amount_capturable=0)
    tell(state, place, "payment_intent.succeeded", intent)


def _refuse(state, place, intent, method, code, decline, message):
    made = charge_in_vain(state, place, intent, method, code=code, why=decline, says=message)
    facts = {
        "code": code,
        "decline_code": decline or None,
        "message": message,
        "type": "card_error",
        "charge": made["id"],
    }
    state.change(intent, latest_charge=made["id"], status="requires_payment_method", payment_method=None)
    state.change(intent, last_payment_error=facts | {"payment_method": shown(method)})
    tell(state, place, "payment_intent.payment_failed", intent)
    raise declined(
        message, code=code, decline_code=decline or None, charge=made["id"], payment_intent=shown(intent),
        payment_method=shown(method),
    )  # fmt: skip


def _ask_the_holder(state, place, intent, origin):
    url = f"{origin}/3ds/{intent['id']}/"
    state.change(intent, status="requires_action", next_action={
        "type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": intent.get("_return_url")},
    })  # fmt: skip
    tell(state, place, "payment_intent.requires_action", intent)
    return intent


def holder_says_no(state: State, place: Place, intent: dict) -> None:
    """The holder did not confirm with their bank. Raises what the bank then says."""
    method = state.things[intent["payment_method"]]
    state.change(intent, next_action=None)
    _refuse(
        state, place, intent, method, "payment_intent_authentication_failure", "",
        "We are unable to authenticate your payment method. Choose a different payment method and try again.",
    )  # fmt: skip


def cancel(state: State, place: Place, intent: dict, reason: str | None = None) -> dict:
    """The wish is withdrawn."""
    if intent["status"] in {"succeeded", "canceled"}:
        raise _in_the_wrong_state("cancel", intent)
    if intent["status"] == "requires_capture":
        let_go(state, place, state.things[intent["latest_charge"]])
    state.change(
        intent, status="canceled", canceled_at=state.clock.wall(), cancellation_reason=reason, amount_capturable=0,
        next_action=None,
    )  # fmt: skip
    tell(state, place, "payment_intent.canceled", intent)
    return intent


def _in_the_wrong_state(verb, intent):
    return StripeError(
        f"You cannot {verb} this PaymentIntent because it has a status of {intent['status']}.",
        code="payment_intent_unexpected_state", payment_intent=shown(intent),
    )  # fmt: skip


@call(
    "POST", "/v1/payment_intents", **CHANGEABLE, **CONFIRMING, confirm=yes_or_no,
    capture_method=one_of("automatic", "automatic_async", "manual"),
    automatic_payment_methods={"enabled": yes_or_no, "allow_redirects": text},
)  # fmt: skip
def create(call: Call):
    """A wish to be paid; with `confirm` a card is charged at once."""
    amount, money = needed(call.params, "amount", "currency")
    check_total(amount, money, "amount")
    check_that_it_takes_money(call.state, call.place)
    if call.params.get("customer"):
        customer_named(call.state, call.place, call.params["customer"])
    intent = open_intent(call.state, call.place, key=call.key, **call.params)
    if call.params.get("payment_method"):
        _take_method(call, intent)
    return _confirm(call, intent) if call.params.get("confirm") else intent


def _take_method(call, intent):
    method = method_named(call.state, call.place, call.params["payment_method"])
    if method.get("_detached"):
        raise StripeError("The provided PaymentMethod was detached and can no longer be used.", param="payment_method")
    if method["customer"] and method["customer"] != intent["customer"]:
        raise StripeError(
            "The provided PaymentMethod belongs to a Customer. Provide the Customer too.", param="payment_method"
        )
    call.state.change(intent, payment_method=method["id"], status="requires_confirmation")


def _confirm(call, intent):
    if not intent["payment_method"]:
        raise StripeError(
            "You cannot confirm this PaymentIntent because it's missing a payment method.",
            code="payment_intent_unexpected_state", payment_intent=shown(intent),
        )  # fmt: skip
    method = call.state.things[intent["payment_method"]]
    call.state.change(intent, _return_url=call.params.get("return_url"))
    return confirm(
        call.state, call.place, intent, method, call.origin,
        absent=call.params.get("off_session") or call.params.get("error_on_requires_action", False),
    )  # fmt: skip


@call("GET", "/v1/payment_intents/search", **SEARCHING)
def find(call: Call):
    """Intents by a query, such as one on their metadata."""
    return search(call.state.all(call.place, "payment_intent"), call.params, "/v1/payment_intents/search")


@call("GET", "/v1/payment_intents/<>", client_secret=text)
def retrieve(call: Call, id_):
    """One intent."""
    return call.state.find(call.place, "payment_intent", id_, "intent")


@call("POST", "/v1/payment_intents/<>", **CHANGEABLE)
def update(call: Call, id_):
    """Other facts about an intent that has not been paid."""
    intent = retrieve(call, id_)
    facts = {k: v for k, v in call.params.items() if k not in {"expand", "payment_method", "metadata"}}
    if intent["status"] not in NOT_YET and {"amount", "currency"} & facts.keys():
        raise _in_the_wrong_state("change the amount of", intent)
    call.state.change(intent, **facts, metadata=merged(intent["metadata"], call.params.get("metadata")))
    check_total(intent["amount"], intent["currency"], "amount")
    if call.params.get("payment_method"):
        _take_method(call, intent)
    return intent


@call("POST", "/v1/payment_intents/<>/confirm", payment_method=text, **CONFIRMING)
def confirm_(call: Call, id_):
    """Charge the card."""
    intent = retrieve(call, id_)
    if intent["status"] not in NOT_YET | {"requires_action"}:
        raise _in_the_wrong_state("confirm", intent)
    if call.params.get("payment_method"):
        _take_method(call, intent)
    return _confirm(call, intent)


@call("POST", "/v1/payment_intents/<>/capture", amount_to_capture=whole_number, metadata=metadata)
def capture_(call: Call, id_):
    """Take what was set aside, or a part of it."""
    intent = retrieve(call, id_)
    if intent["status"] != "requires_capture":
        raise _in_the_wrong_state("capture", intent)
    amount = call.params.get("amount_to_capture", intent["amount_capturable"])
    if not 0 < amount <= intent["amount_capturable"]:
        raise StripeError(
            "The provided amount is more than can be captured.", code="amount_too_large", param="amount_to_capture"
        )
    capture(call.state, call.place, call.state.things[intent["latest_charge"]], amount)
    _succeed(call.state, call.place, intent, amount)
    return intent


@call("POST", "/v1/payment_intents/<>/cancel", cancellation_reason=REASONS)
def cancel_(call: Call, id_):
    """Withdraw the wish."""
    return cancel(call.state, call.place, retrieve(call, id_), call.params.get("cancellation_reason"))


@call("GET", "/v1/payment_intents", **PAGING, customer=text)
def list_(call: Call):
    """The intents of an account or a customer."""
    return page(of(call, "payment_intent", "customer"), call.params, "/v1/payment_intents")
