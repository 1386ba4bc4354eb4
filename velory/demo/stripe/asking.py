"""The bank's question to the holder of a card (3-D Secure), on a page of its own."""

from velory.demo.stripe import intents, sessions, setups
from velory.demo.stripe.cards import card_of
from velory.demo.stripe.errors import StripeError
from velory.demo.stripe.money import shown as money
from velory.demo.stripe.paying import back_from, seller_of
from velory.demo.stripe.showing import go, nothing_here, show, tell
from velory.demo.stripe.state import Place
from velory.demo.stripe.words import language_of, say


def bank_page(standin, id_, request, form):
    """The question about an intent; a form that was sent answers it."""
    intent = standin.state.things.get(id_)
    accepted = request.headers.get("accept-language", "")
    if not intent or intent["object"] not in {"payment_intent", "setup_intent"}:
        return nothing_here(language_of(None, accepted))
    session = _session_of(standin.state, intent)
    language = language_of(session and session["locale"], accepted)
    back = f"{standin.origin}/c/pay/{session['id']}" if session else intent.get("_return_url")
    if intent["status"] != "requires_action":
        return _leave(back, language)
    if form is not None:
        _answer(standin, intent, session, sure=form.get("answer") == "yes")
        return _leave(back_from(session) if session and session["status"] == "complete" else back, language)
    to = (session["success_url"], session["cancel_url"]) if session else (back,)
    return show(
        "asking.html",
        language,
        title=say(language, "bank"),
        question=_question(standin, intent, language),
        id=id_,
        to=to,
    )


def _question(standin, intent, language):
    facts = {
        "name": seller_of(standin, intent),
        "last4": standin.state.things[intent["payment_method"]]["card"]["last4"],
    }
    if intent["object"] == "setup_intent":
        return say(language, "bank_save", **facts)
    return say(language, "bank_more", amount=money(intent["amount"], intent["currency"], language), **facts)


def _answer(standin, intent, session, *, sure):
    state, place = standin.state, Place(*intent["_place"])
    method = state.things[intent["payment_method"]]
    noun = intents if intent["object"] == "payment_intent" else setups
    try:
        with state.whole():
            if not sure:
                noun.holder_says_no(state, place, intent)
            elif session:
                sessions.pay(state, session, card_of(method["_number"]), standin.origin, sure=True)
            elif noun is intents:
                intents.confirm(state, place, intent, method, standin.origin, sure=True)
            else:
                setups.save(state, place, intent, method, standin.origin, sure=True)
    except StripeError:
        return  # the refusal stands on the intent


def _session_of(state, intent):
    with state.lock:
        found = state.all(Place(*intent["_place"]), "checkout.session")
    return next((one for one in found if one[intent["object"]] == intent["id"]), None)


def _leave(back, language):
    return go(back) if back else tell(language, say(language, "complete_more"))
