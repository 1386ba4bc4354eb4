"""Checkout sessions: a page where somebody pays once, or saves a card, within a day."""

from velory.demo.stripe.accounts import check_that_it_takes_money
from velory.demo.stripe.api import Call, call, includes
from velory.demo.stripe.cards import GOOD, Card, card_of
from velory.demo.stripe.charges import of
from velory.demo.stripe.customers import attach, customer_named, keep_card, keep_customer, merged
from velory.demo.stripe.errors import StripeError
from velory.demo.stripe.events import tell
from velory.demo.stripe.form import at_most, each, metadata, needed, one_of, text, whole_number, yes_or_no
from velory.demo.stripe.intents import confirm, open_intent
from velory.demo.stripe.lists import PAGING, page
from velory.demo.stripe.money import check_total, currency
from velory.demo.stripe.setups import open_setup, save
from velory.demo.stripe.state import Place, State, new_word

AT_LEAST, AT_MOST = 30 * 60, 24 * 3600  # seconds that a session lives
LOCALES = ("auto", "da", "de", "en", "en-GB", "es", "fi", "fr", "it", "ja", "nb", "nl", "pl", "sv")
PRODUCT = {"name": at_most(250), "description": text, "metadata": metadata, "images": each(text), "tax_code": text}
PRICE = {"currency": currency, "unit_amount": whole_number, "product_data": PRODUCT, "tax_behavior": text}
INTENT = {
    "application_fee_amount": whole_number,
    "capture_method": one_of("automatic", "automatic_async", "manual"),
    "description": text,
    "metadata": metadata,
    "receipt_email": text,
    "setup_future_usage": one_of("on_session", "off_session"),
    "statement_descriptor": at_most(22),
    "statement_descriptor_suffix": at_most(22),
}
TAKES = {
    "mode": one_of("payment", "setup"),
    "ui_mode": one_of("hosted_page"),
    "line_items": each({"price_data": PRICE, "quantity": whole_number, "metadata": metadata}),
    "payment_intent_data": INTENT,
    "setup_intent_data": {"description": text, "metadata": metadata},
    "allowed_payment_method_types": each(one_of("card")),
    "client_reference_id": at_most(200),
    "customer": text,
    "customer_email": text,
    "customer_creation": one_of("always", "if_required"),
    "currency": currency,
    "expires_at": whole_number,
    "locale": one_of(*LOCALES),
    "metadata": metadata,
    "success_url": text,
    "cancel_url": text,
    "submit_type": one_of("auto", "book", "donate", "pay"),
    "adaptive_pricing": {"enabled": yes_or_no},
    "allow_promotion_codes": yes_or_no,
    "billing_address_collection": one_of("auto", "required"),
    "branding_settings": {"display_name": text, "button_color": text, "background_color": text},
    "custom_text": {"submit": {"message": at_most(1200)}, "after_submit": {"message": at_most(1200)}},
    "payment_method_options": {"card": {"request_three_d_secure": one_of("any", "automatic", "challenge")}},
    "saved_payment_method_options": {"payment_method_save": one_of("enabled", "disabled")},
    "wallet_options": {"link": {"display": one_of("auto", "never")}},
}


@call("POST", "/v1/checkout/sessions", **TAKES)
def create(call: Call):
    """A page to pay on."""
    mode, success_url = needed(call.params, "mode", "success_url")
    for name in ("success_url", "cancel_url"):
        if not call.params.get(name, "https://").startswith(("http://", "https://")):
            raise StripeError("Not a valid URL", code="url_invalid", param=name)
    check_that_it_takes_money(call.state, call.place)
    dies = _end(call)
    items, money = _items(call) if mode == "payment" else ([], call.params.get("currency"))
    total = sum(one["amount_total"] for one in items)
    if mode == "payment":
        check_total(total, money, "line_items[0][price_data][unit_amount]")
    if call.params.get("customer"):
        customer_named(call.state, call.place, call.params["customer"])
    given = {k: call.params.get(k) for k in (
        "client_reference_id", "customer", "customer_email", "customer_creation", "locale", "submit_type", "cancel_url",
    )}  # fmt: skip
    session = call.state.add(
        call.place, "checkout.session", "cs", id_=f"cs_{'live' if call.place.live else 'test'}_{new_word(58)}", **given,
        mode=mode, ui_mode="hosted_page", success_url=success_url, status="open", livemode=call.place.live,
        amount_subtotal=total if items else None, amount_total=total if items else None, currency=money,
        payment_status="unpaid" if items else "no_payment_required", payment_intent=None, setup_intent=None,
        payment_method_types=["card"], payment_method_options={}, customer_details=None, expires_at=dies,
        metadata=merged({}, call.params.get("metadata")), after_expiration=None,
        custom_text=call.params.get("custom_text") or {}, allow_promotion_codes=None,
        total_details={"amount_discount": 0, "amount_shipping": 0, "amount_tax": 0} if items else None,
        automatic_tax={"enabled": False, "status": None}, billing_address_collection=None, recovered_from=None,
        _items=items, _intent=call.params.get("payment_intent_data") or {},
        _dies=call.state.clock.lived() + dies - call.state.clock.wall(),
    )  # fmt: skip
    call.state.change(session, url=f"{call.origin}/c/pay/{session['id']}")
    if mode == "setup":
        setup = open_setup(
            call.state, call.place, customer=call.params.get("customer"), **(call.params.get("setup_intent_data") or {})
        )
        call.state.change(session, setup_intent=setup["id"])
    return session


def _end(call):
    """When the session dies: half an hour to a day from now."""
    now = call.state.clock.wall()
    end = call.params.get("expires_at", now + AT_MOST)
    if end < now + AT_LEAST:
        raise StripeError(
            "The `expires_at` timestamp must be at least 30 minutes from Checkout Session creation.", param="expires_at"
        )
    if end > now + AT_MOST:
        raise StripeError(
            "The `expires_at` timestamp must be less than 24 hours from Checkout Session creation.", param="expires_at"
        )
    return end


def _items(call):
    """The lines to pay for, and their one currency."""
    lines, items = needed(call.params, "line_items"), []
    for number, line in enumerate(lines):
        name = f"line_items[{number}]"
        price = line.get("price_data") or {}
        for needs in ("currency", "unit_amount", "product_data"):
            if price.get(needs) is None:
                raise StripeError(
                    f"Missing required param: {name}[price_data][{needs}].", code="parameter_missing",
                    param=f"{name}[price_data][{needs}]",
                )  # fmt: skip
        needed(price["product_data"], "name")
        quantity, unit = line.get("quantity"), price["unit_amount"]
        if quantity is None or quantity < 1 or unit < 0:
            raise StripeError("Invalid positive integer", param=f"{name}[quantity]")
        items.append(_item(price, quantity, unit))
    if len({one["currency"] for one in items}) > 1:
        raise StripeError("You can not combine currencies on a single Checkout Session.", param="line_items")
    return items, items[0]["currency"]


def _item(price, quantity, unit):
    return {
        "id": f"li_{new_word(24)}", "object": "item", "amount_discount": 0, "amount_subtotal": unit * quantity,
        "amount_tax": 0, "amount_total": unit * quantity, "currency": price["currency"], "quantity": quantity,
        "description": price["product_data"]["name"],
        "price": {
            "id": f"price_{new_word(24)}", "object": "price", "currency": price["currency"], "type": "one_time",
            "unit_amount": unit, "product": f"prod_{new_word(14)}", "active": False,
        },
    }  # fmt: skip


@call("GET", "/v1/checkout/sessions/<>")
def retrieve(call: Call, id_):
    """One session."""
    return call.state.find(call.place, "checkout.session", id_, "session")


@call("POST", "/v1/checkout/sessions/<>", metadata=metadata)
def update(call: Call, id_):
    """Other words on a session."""
    session = retrieve(call, id_)
    return call.state.change(session, metadata=merged(session["metadata"], call.params.get("metadata")))


@call("POST", "/v1/checkout/sessions/<>/expire")
def expire_(call: Call, id_):
    """Close an open page."""
    session = retrieve(call, id_)
    if call.knobs.complete_before_expire and session["status"] == "open":
        call.knobs.complete_before_expire -= 1
        with call.state.whole():
            pay(call.state, session, card_of(GOOD), call.origin)
        raise _too_late(session, keeps=True)
    if session["status"] != "open":
        raise _too_late(session)
    return expire(call.state, session)


def _too_late(session, *, keeps=False):
    return StripeError(
        'Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of '
        f"{session['status']}.",
        keeps=keeps, param="session",
    )  # fmt: skip


@call(
    "GET", "/v1/checkout/sessions", **PAGING, payment_intent=text, customer=text, customer_details={"email": text},
    status=one_of("open", "complete", "expired"),
)  # fmt: skip
def list_(call: Call):
    """The sessions of an account, an intent, a customer."""
    found = of(call, "checkout.session", "payment_intent", "customer", "status")
    email = (call.params.get("customer_details") or {}).get("email")
    found = [one for one in found if not email or (one["customer_details"] or {}).get("email") == email]
    return page(found, call.params, "/v1/checkout/sessions")


@call("GET", "/v1/checkout/sessions/<>/line_items", **PAGING)
def line_items(call: Call, id_):
    """What is paid for."""
    return _lines(retrieve(call, id_))


@includes("checkout.session", "line_items")
def lines_of(call: Call, session: dict) -> dict:
    """The same, inside its session."""
    return _lines(call.state.things[session["id"]])


def _lines(session):
    url = f"/v1/checkout/sessions/{session['id']}/line_items"
    return {"object": "list", "data": session["_items"], "has_more": False, "url": url}


# What happens on the page


def expire(state: State, session: dict) -> dict:
    """Nobody can pay here any more."""
    state.change(session, status="expired", url=None)
    place = Place(*session["_place"])
    intent = state.things.get(session["payment_intent"] or "")
    if intent and intent["status"] in {"requires_payment_method", "requires_action"}:
        state.change(intent, status="canceled", canceled_at=state.clock.wall(), cancellation_reason="automatic")
        tell(state, place, "payment_intent.canceled", intent)
    tell(state, place, "checkout.session.expired", session)
    return session


def expire_the_old(state: State) -> list[dict]:
    """Close the pages whose time is over."""
    now = state.clock.lived()
    old = [one for one in state.all(None, "checkout.session") if one["status"] == "open" and one["_dies"] <= now]
    return [expire(state, one) for one in reversed(old)]


def pay(state: State, session: dict, card: Card, origin: str, *, email="", name="", sure=False) -> dict:
    """Pay, or save the card. Raises the bank's refusal; the intent in `requires_action` waits for the holder."""
    place = Place(*session["_place"])
    if session["status"] != "open":
        raise StripeError(f"This Checkout Session is {session['status']}.")
    email = email_of(state, session) or email
    if not sure:
        billing = {"email": email or None, "name": name or None}
        state.change(session, _method=keep_card(state, place, card, billing=billing)["id"])
    method = state.things[session["_method"]]
    if session["mode"] == "setup":
        setup = save(state, place, state.things[session["setup_intent"]], method, origin, sure=sure)
        return _complete(state, session, method) if setup["status"] == "succeeded" else session
    intent = _intent_of(state, place, session, email)
    confirm(state, place, intent, method, origin, sure=sure)
    return session if intent["status"] == "requires_action" else _complete(state, session, method)


def email_of(state: State, session: dict) -> str:
    """The e-mail that the seller gave, with the session or with the customer; empty where the payer types one."""
    customer = state.things.get(session["customer"] or "") or {}
    return session["customer_email"] or customer.get("email") or ""


def _intent_of(state, place, session, email):
    if session["payment_intent"]:
        return state.things[session["payment_intent"]]
    facts = session["_intent"] | {"amount": session["amount_total"], "currency": session["currency"]}
    facts["customer"] = session["customer"] or (
        keep_customer(state, place, email=email)["id"] if session["customer_creation"] == "always" else None
    )
    intent = open_intent(state, place, **facts)
    state.change(session, payment_intent=intent["id"])
    return intent


def _complete(state, session, method):
    intent = state.things.get(session["payment_intent"] or session["setup_intent"])
    if session["_intent"].get("setup_future_usage") and intent["customer"] and not method["customer"]:
        attach(state, Place(*session["_place"]), method, intent["customer"])
    held = session["mode"] == "payment" and intent["status"] == "requires_capture"
    paid = {"payment": "unpaid" if held else "paid"}.get(session["mode"], "no_payment_required")
    details = {"email": method["billing_details"]["email"], "name": method["billing_details"]["name"], "phone": None}
    state.change(
        session, status="complete", payment_status=paid, url=None, customer=intent["customer"],
        customer_details=details | {"address": None, "tax_exempt": "none", "tax_ids": []},
    )  # fmt: skip
    tell(state, Place(*session["_place"]), "checkout.session.completed", session)
    return session
