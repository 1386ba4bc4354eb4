"""Customers and their cards."""

from velory.demo.stripe.api import Call, call
from velory.demo.stripe.cards import BY_NAME, Card, card_of, says
from velory.demo.stripe.errors import StripeError, declined, missing, missing_param
from velory.demo.stripe.events import tell
from velory.demo.stripe.form import each, metadata, needed, one_of, text
from velory.demo.stripe.lists import PAGING, page
from velory.demo.stripe.state import Place, State

CUSTOMER = {
    "email": text, "name": text, "phone": text, "description": text, "metadata": metadata, "payment_method": text,
    "preferred_locales": each(text), "invoice_settings": {"default_payment_method": text},
}  # fmt: skip
CARD = {"number": text, "exp_month": text, "exp_year": text, "cvc": text, "token": text}
BILLING = {"billing_details": {"email": text, "name": text}}


def keep_customer(state: State, place: Place, **facts) -> dict:
    """A new customer of an account."""
    customer = state.add(
        place, "customer", "cus", email=facts.get("email"), name=facts.get("name"), phone=facts.get("phone"),
        description=facts.get("description"), metadata=facts.get("metadata") or {}, livemode=place.live, balance=0,
        currency=None, invoice_settings=facts.get("invoice_settings") or {"default_payment_method": None},
        preferred_locales=facts.get("preferred_locales") or [], deleted=False,
    )  # fmt: skip
    tell(state, place, "customer.created", customer)
    return customer


def keep_card(
    state: State, place: Place, card: Card, *, billing: dict | None = None, customer: str | None = None
) -> dict:
    """A card as a payment method."""
    return state.add(
        place, "payment_method", "pm", type="card", customer=customer, livemode=place.live, metadata={},
        billing_details={"email": None, "name": None, "phone": None, "address": None} | (billing or {}),
        card={
            "brand": card.brand, "last4": card.last4, "exp_month": 12, "exp_year": 2034, "funding": "credit",
            "country": "SE", "fingerprint": f"fp{card.number[-12:]}", "display_brand": card.brand,
        },
        _number=card.number,
    )  # fmt: skip


def attach(state: State, place: Place, method: dict, customer: str) -> dict:
    """Save a card for a customer. Raises the bank's refusal where the card is no good."""
    card = card_of(method["_number"])
    if not card.attaches:
        raise declined(says(card), code=card.refusal, decline_code=card.decline or None)
    state.change(method, customer=customer)
    tell(state, place, "payment_method.attached", method)
    return method


def method_named(state: State, place: Place, name: str, param="payment_method") -> dict:
    """A payment method by its id, or a fresh one by the name of a test card."""
    if name in BY_NAME and name not in state.things:
        return keep_card(state, place, card_of(BY_NAME[name]))
    return state.find(place, "payment_method", name, param)


def customer_named(state: State, place: Place, id_: str, param="customer") -> dict:
    """A customer who has not been deleted."""
    customer = state.find(place, "customer", id_, param)
    if customer["deleted"]:
        raise missing("customer", id_, param)
    return customer


@call("POST", "/v1/customers", **CUSTOMER)
def create(call: Call):
    """A customer, with a card where one is named."""
    facts = dict(call.params)
    method = facts.pop("payment_method", None)
    customer = keep_customer(call.state, call.place, **facts)
    if method:
        attach(call.state, call.place, method_named(call.state, call.place, method), customer["id"])
    return customer


@call("GET", "/v1/customers/<>")
def retrieve(call: Call, id_):
    """One customer; of a deleted one nothing but that."""
    customer = call.state.find(call.place, "customer", id_)
    return {"id": id_, "object": "customer", "deleted": True} if customer["deleted"] else customer


@call("POST", "/v1/customers/<>", **CUSTOMER)
def update(call: Call, id_):
    """Other facts about a customer."""
    customer = customer_named(call.state, call.place, id_, "id")
    facts = {k: v for k, v in call.params.items() if k not in {"expand", "payment_method", "metadata"}}
    facts["metadata"] = merged(customer["metadata"], call.params.get("metadata"))
    return call.state.change(customer, **facts)


@call("DELETE", "/v1/customers/<>")
def delete(call: Call, id_):
    """A customer is forgotten, and no card of theirs can be charged."""
    call.state.change(customer_named(call.state, call.place, id_, "id"), deleted=True, email=None, name=None)
    for method in call.state.all(call.place, "payment_method"):
        if method["customer"] == id_:
            call.state.change(method, customer=None, _detached=True)
    return {"id": id_, "object": "customer", "deleted": True}


@call("GET", "/v1/customers", **PAGING, email=text)
def list_(call: Call):
    """The customers of an account."""
    email = call.params.get("email")
    found = [c for c in call.state.all(call.place, "customer") if not c["deleted"] and email in (None, c["email"])]
    return page(found, call.params, "/v1/customers")


@call("POST", "/v1/payment_methods", type=one_of("card"), card=CARD, metadata=metadata, **BILLING)
def create_method(call: Call):
    """A card. Only test cards are taken."""
    needed(call.params, "type")
    card = call.params.get("card") or {}
    number = card.get("number") or BY_NAME.get(card.get("token", ""), "")
    if not number:
        raise missing_param("card[number]")
    return keep_card(call.state, call.place, card_of(number), billing=call.params.get("billing_details"))


@call("GET", "/v1/payment_methods/<>")
def retrieve_method(call: Call, id_):
    """One card."""
    return call.state.find(call.place, "payment_method", id_, "payment_method")


@call("POST", "/v1/payment_methods/<>/attach", customer=text)
def attach_method(call: Call, id_):
    """Save a card for a customer."""
    customer = customer_named(call.state, call.place, needed(call.params, "customer"))
    return attach(call.state, call.place, method_named(call.state, call.place, id_), customer["id"])


@call("POST", "/v1/payment_methods/<>/detach")
def detach_method(call: Call, id_):
    """Forget a saved card; it can never be used again."""
    method = call.state.find(call.place, "payment_method", id_, "payment_method")
    if not method["customer"]:
        raise StripeError("The payment method you provided is not attached to a customer so detachment is impossible.")
    call.state.change(method, customer=None, _detached=True)
    tell(call.state, call.place, "payment_method.detached", method)
    return method


@call("GET", "/v1/payment_methods", **PAGING, customer=text, type=one_of("card"))
def list_methods(call: Call):
    """The cards of a customer."""
    return _methods_of(call, call.params.get("customer"), "/v1/payment_methods")


@call("GET", "/v1/customers/<>/payment_methods", **PAGING, type=one_of("card"))
def list_methods_of(call: Call, id_):
    """The same by the customer's own address."""
    return _methods_of(call, customer_named(call.state, call.place, id_)["id"], f"/v1/customers/{id_}/payment_methods")


def _methods_of(call, customer, url):
    found = call.state.all(call.place, "payment_method")
    return page([m for m in found if customer and m["customer"] == customer], call.params, url)


def merged(before: dict, after: dict | None) -> dict:
    """Metadata after a change: an empty word removes its key."""
    return {key: word for key, word in (before | (after or {})).items() if word != ""}
