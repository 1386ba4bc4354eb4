"""The page that shows how the stand-in stands, with its knobs. For whoever plays with the demo; English alone."""

from velory.demo.stripe.api import Answer
from velory.demo.stripe.money import shown as money
from velory.demo.stripe.showing import show

SHOWN = 12  # rows of each table
KNOBS = {
    "delay": "seconds until an event is sent",
    "drop": "events that are never sent: the next so many, -1 for all",
    "copies": "how often each event is sent",
    "shuffle": "1: events go out in any order",
    "wrong_secret": "1: signed with a wrong secret",
    "flip_livemode": "1: test events say that they are live",
    "complete_before_expire": "so many sessions are paid just before they would be closed",
    "refunds": "empty, pending, fail_later or fail",
}
AT_ONCE = {
    "heal": "Heal everything",
    "settle_refunds": "Let banks settle their refunds",
    "forget_keys": "Forget idempotency keys",
}
TABLES = (
    ("Sessions", "checkout.session", ("Session", "Amount", "State")),
    ("Charges", "charge", ("Charge", "Amount", "State")),
    ("Refunds", "refund", ("Refund", "Amount", "State")),
    ("Disputes", "dispute", ("Dispute", "Amount", "State")),
    ("Sellers", "account", ("Account", "Name", "State")),
    ("Receipts sent", "receipt", ("To", "Amount", "Charge")),
    ("Events", "event", ("Event", "About", "State")),
)


def control_page(standin, said: str = "") -> Answer:
    """How things are, and the knobs."""
    knobs = standin.knobs.as_they_stand()
    with standin.state.lock:
        tables = [
            {"title": title, "heads": heads, "rows": [ROWS[kind](one) for one in standin.state.all(None, kind)[:SHOWN]]}
            for title, kind, heads in TABLES
        ]
    return show(
        "control.html", "en", title="The stand-in for Stripe", said=said, tables=tables, faults=knobs["faults"],
        knobs=[_field(name, f"{name}: {words}", _plain(knobs[name])) for name, words in KNOBS.items()],
        at=_field("at", "Calls such as", "POST /v1/refunds*"), times=_field("times", "How often (0: each time)", "1"),
        seconds=_field("seconds", "Seconds", "20"), acts=[_act(verb, words) for verb, words in AT_ONCE.items()],
    )  # fmt: skip


def _field(name, label, value):
    return {"name": name, "label": label, "value": value}


def _plain(value):
    return int(value) if isinstance(value, bool) else value


def _act(verb, words, **facts):
    return {"verb": verb, "words": words, "facts": facts}


def _row(*cells, acts=(), links=()):
    return {"cells": cells, "acts": acts, "links": links}


def _short(id_):
    return id_ if len(id_) < 34 else f"{id_[:24]}…"


def _session(one):
    amount = money(one["amount_total"], one["currency"], "en") if one["amount_total"] else "saves a card"
    open_ = one["status"] == "open"
    return _row(
        _short(one["id"]), amount, f"{one['status']}, {one['payment_status']}",
        links=[("Open the page", one["url"])] if open_ else (),
        acts=[_act("expire", "Expire", session=one["id"])] if open_ else (),
    )  # fmt: skip


def _charge(one):
    state = one["failure_code"] or ("disputed" if one["disputed"] else one["status"])
    back = f", {money(one['amount_refunded'], one['currency'], 'en')} refunded" if one["amount_refunded"] else ""
    acts = (
        _act("refund_by_hand", "Refund as the seller", charge=one["id"]),
        _act("dispute", "Dispute", charge=one["id"]),
    )
    free = one["paid"] and not one["disputed"] and not one["refunded"]
    links = [("Receipt", one["receipt_url"])] if one["receipt_url"] else ()
    return _row(
        one["id"], money(one["amount"], one["currency"], "en"), state + back, acts=acts if free else (), links=links
    )


def _refund(one):
    acts = [_act("fail_refund", "Let it fail", refund=one["id"])] if one["status"] != "failed" else ()
    return _row(one["id"], money(one["amount"], one["currency"], "en"), one["status"], acts=acts)


def _dispute(one):
    acts = [
        _act("win_dispute", "The seller wins", dispute=one["id"]),
        _act("lose_dispute", "The seller loses", dispute=one["id"]),
    ]
    decided = one["status"] in {"won", "lost"}
    return _row(one["id"], money(one["amount"], one["currency"], "en"), one["status"], acts=() if decided else acts)


def _account(one):
    id_, name, takes, sends = one["id"], one["business_profile"]["name"], one["charges_enabled"], one.get("_receipts")
    if one.get("_disconnected"):
        return _row(id_, name, "disconnected", acts=[_act("connect", "Connect again", account=id_)])
    charges = ("stop_charges", "Stop charges") if takes else ("allow_charges", "Allow charges")
    receipts = ("Send no receipts", "off") if sends else ("Send receipts", "on")
    acts = [
        _act(*charges, account=id_),
        _act("disconnect", "Disconnect", account=id_),
        _act("send_receipts", receipts[0], account=id_, on=receipts[1]),
    ]
    state = ("takes money" if takes else "takes no money") + (", sends receipts" if sends else "")
    return _row(id_, name, state, acts=acts)


def _receipt(one):
    return _row(one["to"], money(one["amount"], one["currency"], "en"), one["charge"])


def _event(one):
    state = "waits" if one.get("_waits") else "lost" if one.get("_lost") else "taken"
    tries = f", tried {one['_tries']} times" if one.get("_tries") and state != "taken" else ""
    about = _short(str(one["data"]["object"].get("id", "")))
    return _row(one["type"], about, state + tries, acts=[_act("resend", "Send again", event=one["id"])])


ROWS = {
    "checkout.session": _session, "charge": _charge, "refund": _refund, "dispute": _dispute, "account": _account,
    "receipt": _receipt, "event": _event,
}  # fmt: skip
