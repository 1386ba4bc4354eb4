"""The Checkout page: what is paid, to whom, and a card. Works without script, on a phone, in English and Swedish."""

import re
from urllib.parse import parse_qsl

from velory.demo.stripe import sessions
from velory.demo.stripe.cards import GOOD, card_of
from velory.demo.stripe.errors import StripeError
from velory.demo.stripe.money import shown as money
from velory.demo.stripe.showing import go, nothing_here, show, tell
from velory.demo.stripe.words import WORDS, language_of, say

TEST_CARDS = {
    GOOD: "good", "4000000000000002": "declined", "4000002760003184": "asks", "4000000000009995": "poor",
    "4000000000000341": "declined_later", "4000000000007726": "slow", "4000000000005126": "returns",
    "4000000000000259": "disputed",
}  # fmt: skip


def checkout_page(standin, id_, request, form):
    """The page of a session; a form that was sent is paid."""
    session = standin.state.things.get(id_)
    accepted = request.headers.get("accept-language", "")
    if not session or session["object"] != "checkout.session":
        return nothing_here(language_of(None, accepted))
    language = language_of(session["locale"], accepted)
    shut = _why_shut(standin, session, language)
    if shut:
        return shut
    if form is None:
        return _page(
            standin, session, language, _beginning(session, request), bank=_last_answer(standin, session, language)
        )
    wrong = _what_is_wrong(standin, form, session, language)
    return _page(standin, session, language, form, wrong) if wrong else _pay(standin, session, form, language)


def back_from(session: dict) -> str:
    """Where who has paid is sent."""
    return session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"])


def seller_of(standin, thing: dict) -> str:
    """The name that payers see."""
    account = standin.state.things.get(thing["_place"][0]) or {}
    return (account.get("business_profile") or {}).get("name") or "Velory"


def _why_shut(standin, session, language):
    account, name = standin.state.things.get(session["_place"][0]) or {}, seller_of(standin, session)
    back = say(language, "back_to", name=name)
    if session["status"] == "complete":
        words = "complete" if session["mode"] == "payment" else "complete_setup"
        return tell(language, say(language, words), say(language, "complete_more"), url=back_from(session), back=back)
    if session["status"] == "expired":
        over = say(language, "expired"), say(language, "expired_more")
        return tell(language, *over, url=session["cancel_url"], back=back)
    if account.get("_disconnected") and not account.get("_pages_stay_open"):
        shut = say(language, "shut", name=name), say(language, "shut_more")
        return tell(language, *shut, url=session["cancel_url"], back=back)
    return None


def _pay(standin, session, form, language):
    state = standin.state
    try:
        with state.whole():
            email, name = form.get("email", ""), form.get("name", "")
            sessions.pay(state, session, card_of(form["number"]), standin.origin, email=email, name=name)
    except StripeError as refusal:
        shut = _why_shut(standin, session, language)
        return shut or _page(standin, session, language, form, bank=_in_words(language, refusal.facts), status=422)
    if session["status"] == "complete":
        return go(back_from(session))
    return go(f"{standin.origin}/3ds/{session['payment_intent'] or session['setup_intent']}/")


def _page(standin, session, language, form, wrong=None, *, bank="", status=200):
    name, pays, wrong = seller_of(standin, session), session["mode"] == "payment", wrong or {}
    amount = money(session["amount_total"], session["currency"], language) if pays else ""
    return show(
        "paying.html", language, status=422 if wrong else status, to=(session["success_url"], session["cancel_url"]),
        title=say(language, "pay_to" if pays else "save_for", name=name), amount=amount, id=session["id"],
        cancel_url=session["cancel_url"], back=say(language, "back_to", name=name),
        alert=bool(wrong or bank), bank=bank,
        button=say(language, "pay", amount=amount) if pays else say(language, "save"),
        said=(session["custom_text"].get("submit") or {}).get("message"),
        lines=[_line(item, language) for item in session["_items"]], cards=_cards(language),
        **_fields(standin, session, form, wrong, language),
    )  # fmt: skip


def _fields(standin, session, form, wrong, language):
    """The fields. None of them offers a card that the browser knows: real ones have no business here."""

    def field(name, label, **more):
        facts = {"name": name, "label": say(language, label), "value": form.get(name, ""), "error": wrong.get(name)}
        return facts | more

    email = field("email", "email", type="email", autocomplete="email")
    if known := sessions.email_of(standin.state, session):
        email |= {"value": known, "fixed": True}
    return {
        "email": email,
        "number": field("number", "number", digits=True),
        "expiry": field("expiry", "expiry"),
        "cvc": field("cvc", "cvc", digits=True),
        "name": field("name", "holder"),
    }


def _beginning(session, request):
    """What stands in the form at first: the card that was chosen from the list."""
    asked = dict(parse_qsl(request.query)).get("card", GOOD)
    return {"number": _in_fours(asked if asked in TEST_CARDS else GOOD), "expiry": "12 / 34", "cvc": "123"}


def _what_is_wrong(standin, form, session, language):
    wrong = {}
    if not re.fullmatch(r"[0-9]{12,19}", re.sub(r"[\s-]", "", form.get("number", ""))):
        wrong["number"] = say(language, "number_wrong")
    if not re.fullmatch(r"(0?[1-9]|1[0-2])\s*/?\s*(20)?(2[7-9]|[3-9][0-9])", form.get("expiry", "").strip()):
        wrong["expiry"] = say(language, "expiry_wrong")
    if not re.fullmatch(r"[0-9]{3,4}", form.get("cvc", "").strip()):
        wrong["cvc"] = say(language, "cvc_wrong")
    if not sessions.email_of(standin.state, session) and not re.fullmatch(
        r"[^@\s]+@[^@\s]+", form.get("email", "").strip()
    ):
        wrong["email"] = say(language, "email_wrong")
    return wrong


def _last_answer(standin, session, language):
    """What the bank said when its question was answered with no."""
    intent = standin.state.things.get(session["payment_intent"] or session["setup_intent"] or "") or {}
    error = intent.get("last_payment_error") or intent.get("last_setup_error")
    unsure = error and error["code"].endswith("authentication_failure")
    return say(language, "payment_intent_authentication_failure") if unsure else ""


def _in_words(language, facts):
    """What the bank said, in the reader's language."""
    for name in (facts.get("decline_code"), facts.get("code")):
        if name in WORDS:
            return say(language, name)
    return facts["message"]


def _line(item, language):
    many = say(language, "quantity", n=item["quantity"]) if item["quantity"] > 1 else ""
    return {
        "what": item["description"],
        "many": many,
        "amount": money(item["amount_total"], item["currency"], language),
    }


def _cards(language):
    return [
        {"number": number, "shown": _in_fours(number), "does": say(language, does)}
        for number, does in TEST_CARDS.items()
    ]  # fmt: skip


def _in_fours(number):
    return " ".join(number[at : at + 4] for at in range(0, len(number), 4))
