"""Connected accounts and the way to open one."""

from velory.demo.stripe.api import Call, call
from velory.demo.stripe.errors import StripeError, no_access
from velory.demo.stripe.events import tell
from velory.demo.stripe.form import at_most, metadata, needed, one_of, text, yes_or_no
from velory.demo.stripe.lists import PAGING, page
from velory.demo.stripe.money import currency
from velory.demo.stripe.state import PLATFORM, Place, State, new_word

LINKS_LIVE = 300  # seconds
DUE = ["business_profile.url", "external_account", "tos_acceptance.date"]
CURRENCIES = {"SE": "sek", "NO": "nok", "DK": "dkk", "GB": "gbp", "US": "usd", "JP": "jpy", "IS": "isk", "CH": "chf"}
REQUESTED = {"requested": yes_or_no}
ACCOUNT = {
    "type": one_of("standard", "express", "custom"),
    "country": at_most(2),
    "email": text,
    "default_currency": currency,
    "business_type": one_of("company", "government_entity", "individual", "non_profit"),
    "business_profile": {"name": text, "url": text, "support_email": text, "mcc": text, "product_description": text},
    "company": {"name": text, "tax_id": text, "phone": text},
    "capabilities": {"card_payments": REQUESTED, "transfers": REQUESTED},
    "controller": {
        "fees": {"payer": text},
        "losses": {"payments": text},
        "stripe_dashboard": {"type": text},
        "requirement_collection": text,
    },
    "metadata": metadata,
    "settings": {"payments": {"statement_descriptor": text}, "branding": {"icon": text, "primary_color": text}},
}


def open_account(state: State, *, live=False, id_=None, receipts=False, ready=False, **facts) -> dict:
    """A connected account; `ready` is one that has been through the onboarding."""
    country = (facts.get("country") or "SE").upper()
    name = (facts.get("business_profile") or {}).get("name") or (facts.get("company") or {}).get("name")
    id_ = id_ or f"acct_{new_word(16)}"
    if id_ in state.things:
        return state.things[id_]
    account = state.add(
        Place(PLATFORM, live), "account", "acct", id_=id_, type=facts.get("type", "none"), country=country,
        default_currency=facts.get("default_currency") or CURRENCIES.get(country, "eur"), email=facts.get("email"),
        business_type=facts.get("business_type"), company=facts.get("company") or {},
        business_profile={"name": name, "url": None, "support_email": None} | (facts.get("business_profile") or {}),
        capabilities={"card_payments": "inactive", "transfers": "inactive"}, controller=facts.get("controller") or {},
        charges_enabled=False, payouts_enabled=False, details_submitted=False, metadata=facts.get("metadata") or {},
        requirements={"currently_due": DUE, "disabled_reason": "requirements.past_due", "errors": []},
        settings={"dashboard": {"display_name": name, "timezone": "Europe/Stockholm"}}, _receipts=receipts,
    )  # fmt: skip
    return finish(state, account) if ready else account


def finish(state: State, account: dict, name: str | None = None) -> dict:
    """The account has been through the onboarding: it takes money."""
    if name:
        state.change(account, business_profile=account["business_profile"] | {"name": name})
        state.change(account, settings=account["settings"] | {"dashboard": {"display_name": name}})
    return allow_charges(state, account, allowed=True)


def allow_charges(state: State, account: dict, *, allowed: bool) -> dict:
    """Stripe lets the account take money, or stops it."""
    how = "active" if allowed else "inactive"
    due, why = ([], None) if allowed else (DUE, "requirements.past_due")
    state.change(
        account, charges_enabled=allowed, payouts_enabled=allowed, details_submitted=True,
        capabilities={"card_payments": how, "transfers": how},
        requirements={"currently_due": due, "disabled_reason": why, "errors": []},
    )  # fmt: skip
    tell(state, place_of(account), "account.updated", account, {"charges_enabled": not allowed})
    return account


def disconnect(state: State, account: dict, *, pages_stay_open=False) -> dict:
    """The seller takes away the platform's access: nothing of the account can be read or done any more."""
    state.change(account, _disconnected=True, _pages_stay_open=pages_stay_open)
    application = {"id": "ca_VeloryStandIn", "object": "application", "name": "Velory"}
    tell(state, place_of(account), "account.application.deauthorized", application)
    return account


def place_of(account: dict) -> Place:
    """Where an account's own things belong."""
    return Place(account["id"], account["_place"][1])


def check_that_it_takes_money(state: State, place: Place) -> None:
    """Refuse where the account may not charge."""
    account = state.things.get(place.account)
    if account and not account["charges_enabled"]:
        raise StripeError(
            "Your account cannot currently make charges. Complete its onboarding first.", code="charges_not_enabled"
        )


@call("POST", "/v1/accounts", **ACCOUNT)
def create(call: Call):
    """A new connected account, not yet able to take money."""
    return open_account(call.state, live=call.place.live, **call.params)


@call("GET", "/v1/account")
def own(call: Call):
    """The account that is called for."""
    found = call.state.things.get(call.place.account)
    platform = {"id": PLATFORM, "object": "account", "charges_enabled": True, "type": "standard", "country": "SE"}
    return found or platform


@call("GET", "/v1/accounts/<>")
def retrieve(call: Call, id_):
    """One connected account."""
    return _account(call, id_)


@call("POST", "/v1/accounts/<>", **ACCOUNT)
def update(call: Call, id_):
    """Other facts about an account."""
    account = _account(call, id_)
    merged = {
        k: (account.get(k) or {}) | v if isinstance(v, dict) else v for k, v in call.params.items() if k != "expand"
    }
    call.state.change(account, **merged)
    tell(call.state, place_of(account), "account.updated", account, {}, call.key)
    return account


@call("GET", "/v1/accounts", **PAGING)
def list_(call: Call):
    """The platform's connected accounts."""
    found = call.state.all(Place(PLATFORM, call.place.live), "account")
    return page([one for one in found if not one.get("_disconnected")], call.params, "/v1/accounts")


@call(
    "POST", "/v1/account_links", account=text, refresh_url=text, return_url=text, collect=text,
    type=one_of("account_onboarding", "account_update"),
    collection_options={"fields": text, "future_requirements": text},
)  # fmt: skip
def link(call: Call):
    """The address of the onboarding page: it works once, for five minutes."""
    id_, _ = needed(call.params, "account", "type")
    refresh_url, return_url = needed(call.params, "refresh_url", "return_url")
    account = _account(call, id_, "account")
    word = new_word(24)
    now = call.state.clock.wall()
    call.state.add(
        Place(PLATFORM, call.place.live), "onboarding", "alu", id_=word, account=account["id"], refresh_url=refresh_url,
        return_url=return_url, used=False,
    )  # fmt: skip
    url = f"{call.origin}/setup/{word}"
    return {"object": "account_link", "created": now, "expires_at": now + LINKS_LIVE, "url": url}


def _account(call, id_, param="account"):
    account = call.state.things.get(id_)
    known = account and account["object"] == "account" and account["_place"][1] == call.place.live
    if not known or account.get("_disconnected") or call.place.account not in {PLATFORM, id_}:
        raise no_access(id_)
    return account
