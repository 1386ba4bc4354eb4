"""Pages of sellers: opening an account, and the receipts that they send."""

from datetime import UTC, datetime

from babel.dates import format_date

from velory.demo.stripe.accounts import LINKS_LIVE, finish
from velory.demo.stripe.money import shown as money
from velory.demo.stripe.paying import seller_of
from velory.demo.stripe.showing import go, nothing_here, show
from velory.demo.stripe.words import language_of, say

DATES_OF = {"en": "en_GB", "sv": "sv"}


def opening_page(standin, id_, request, form):
    """Where a seller tells who they are. The address works once, for five minutes."""
    state, language = standin.state, language_of(None, request.headers.get("accept-language", ""))
    visit = state.things.get(id_)
    if not visit or visit["object"] != "onboarding":
        return nothing_here(language)
    if visit["used"] or state.clock.lived() - visit["_born"] > LINKS_LIVE:
        return go(visit["refresh_url"])
    account = state.things[visit["account"]]
    name = (account["business_profile"] or {}).get("name") or ""
    if form is None:
        field = {"name": "name", "label": say(language, "company"), "value": name, "autocomplete": "organization"}
        title = say(language, "setup", name=name)
        return show("opening.html", language, title=title, id=id_, name=field, to=(visit["return_url"],))
    with state.whole():
        state.change(visit, used=True)
        if not form.get("later"):
            finish(state, account, form.get("name", "").strip()[:100] or name)
    return go(visit["return_url"])


def receipt_page(standin, id_, request, form):
    """The receipt of a charge."""
    language = language_of(None, request.headers.get("accept-language", ""))
    charge = standin.state.things.get(id_)
    if not charge or charge["object"] != "charge" or not charge["paid"]:
        return nothing_here(language)
    card, back = charge["payment_method_details"]["card"], charge["amount_refunded"]
    day = format_date(datetime.fromtimestamp(charge["created"], UTC), "long", locale=DATES_OF[language])
    return show(
        "receipt.html", language, title=say(language, "receipt", name=seller_of(standin, charge)), id=id_,
        amount=money(charge["amount_captured"], charge["currency"], language),
        paid=say(language, "paid_on", date=day, brand=card["brand"].title(), last4=card["last4"]),
        refunded=say(language, "refunded", amount=money(back, charge["currency"], language)) if back else "",
    )  # fmt: skip
