"""Setup intents: a card is saved now, to be charged later."""

from velory.demo.stripe.api import Call, call
from velory.demo.stripe.cards import card_of, says
from velory.demo.stripe.charges import of
from velory.demo.stripe.customers import attach, customer_named, merged, method_named
from velory.demo.stripe.errors import StripeError, declined
from velory.demo.stripe.events import tell
from velory.demo.stripe.form import each, metadata, one_of, text, yes_or_no
from velory.demo.stripe.lists import PAGING, page
from velory.demo.stripe.state import Place, State, new_word

USAGE = one_of("on_session", "off_session")


def open_setup(state: State, place: Place, **facts) -> dict:
    """A wish to save a card."""
    setup = state.add(
        place, "setup_intent", "seti", customer=facts.get("customer"), description=facts.get("description"),
        livemode=place.live, metadata=merged({}, facts.get("metadata")), next_action=None, payment_method=None,
        payment_method_types=["card"], status="requires_payment_method", usage=facts.get("usage") or "off_session",
        last_setup_error=None, cancellation_reason=None, latest_attempt=None,
    )  # fmt: skip
    state.change(setup, client_secret=f"{setup['id']}_secret_{new_word(24)}")
    tell(state, place, "setup_intent.created", setup)
    return setup


def save(state: State, place: Place, setup: dict, method: dict, origin: str, *, sure=False) -> dict:
    """Save the card. Raises the bank's refusal; a card that asks for its holder leaves `requires_action`."""
    card = card_of(method["_number"])
    if not card.attaches:
        facts = {
            "code": card.refusal,
            "decline_code": card.decline or None,
            "message": says(card),
            "type": "card_error",
        }
        state.change(setup, status="requires_payment_method", last_setup_error=facts)
        tell(state, place, "setup_intent.setup_failed", setup)
        raise declined(says(card), code=card.refusal, decline_code=card.decline or None)
    state.change(setup, payment_method=method["id"], next_action=None)
    if card.asks and not sure:
        url = f"{origin}/3ds/{setup['id']}/"
        action = {"type": "redirect_to_url", "redirect_to_url": {"url": url, "return_url": None}}
        state.change(setup, status="requires_action", next_action=action)
        tell(state, place, "setup_intent.requires_action", setup)
        return setup
    if setup["customer"]:
        attach(state, place, method, setup["customer"])
    state.change(setup, status="succeeded", last_setup_error=None)
    tell(state, place, "setup_intent.succeeded", setup)
    return setup


def holder_says_no(state: State, place: Place, setup: dict) -> None:
    """The holder did not confirm with their bank."""
    message = "We are unable to authenticate your payment method. Choose a different payment method and try again."
    facts = {"code": "setup_intent_authentication_failure", "message": message, "type": "card_error"}
    state.change(setup, status="requires_payment_method", next_action=None, last_setup_error=facts)
    tell(state, place, "setup_intent.setup_failed", setup)


@call(
    "POST", "/v1/setup_intents", customer=text, description=text, metadata=metadata, payment_method=text, usage=USAGE,
    payment_method_types=each(one_of("card")), confirm=yes_or_no, return_url=text,
    automatic_payment_methods={"enabled": yes_or_no, "allow_redirects": text},
)  # fmt: skip
def create(call: Call):
    """A wish to save a card; with `confirm` it is saved at once."""
    if call.params.get("customer"):
        customer_named(call.state, call.place, call.params["customer"])
    setup = open_setup(call.state, call.place, **call.params)
    return _save(call, setup) if call.params.get("confirm") else setup


@call("POST", "/v1/setup_intents/<>/confirm", payment_method=text, return_url=text)
def confirm(call: Call, id_):
    """Save the card."""
    setup = retrieve(call, id_)
    if setup["status"] in {"succeeded", "canceled"}:
        raise _in_the_wrong_state("confirm", setup)
    return _save(call, setup)


def _save(call, setup):
    name = call.params.get("payment_method")
    if not name:
        raise _in_the_wrong_state("confirm", setup)
    return save(call.state, call.place, setup, method_named(call.state, call.place, name), call.origin)


@call("POST", "/v1/setup_intents/<>/cancel", cancellation_reason=text)
def cancel(call: Call, id_):
    """Withdraw the wish."""
    setup = retrieve(call, id_)
    if setup["status"] in {"succeeded", "canceled"}:
        raise _in_the_wrong_state("cancel", setup)
    call.state.change(setup, status="canceled", cancellation_reason=call.params.get("cancellation_reason"))
    tell(call.state, call.place, "setup_intent.canceled", setup)
    return setup


def _in_the_wrong_state(verb, setup):
    return StripeError(
        f"You cannot {verb} this SetupIntent because it has a status of {setup['status']}.",
        code="setup_intent_unexpected_state",
    )


@call("GET", "/v1/setup_intents/<>", client_secret=text)
def retrieve(call: Call, id_):
    """One wish."""
    return call.state.find(call.place, "setup_intent", id_, "intent")


@call("GET", "/v1/setup_intents", **PAGING, customer=text, payment_method=text)
def list_(call: Call):
    """The wishes of an account, a customer, a card."""
    return page(of(call, "setup_intent", "customer", "payment_method"), call.params, "/v1/setup_intents")
