"""What was made of a message, note by note: kept as codes, told in the reader's language."""

from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.lifecycle import Status
from orders.models import Report
from orders.reports.facts import FACTS
from velory.ui.dates import day_long

FIELDS = {
    "status": gettext_lazy("status"), "expected_on": gettext_lazy("expected delivery"),
    "tracking_number": gettext_lazy("tracking number"), "tracking_url": gettext_lazy("tracking link"),
    "serial": gettext_lazy("serial number"), "imei": gettext_lazy("IMEI"), "order_number": gettext_lazy("order number"),
    "name": gettext_lazy("product"), "article_number": gettext_lazy("article number"), "reason": gettext_lazy("reason"),
    "currency": gettext_lazy("currency"),
}  # fmt: skip
DONE = {
    "confirmed": gettext_lazy("The order was confirmed as %(number)s."),
    "moved": gettext_lazy("Line %(line)s: %(status)s."),
    "facts": gettext_lazy("Line %(line)s: %(fields)s."),
    "proposed": gettext_lazy("A device beside the order: %(value)s. It waits as a proposed device."),
}
IN_VAIN = {
    "late": gettext_lazy("Line %(line)s: “%(status)s” came late and was ignored."),
    "waits": gettext_lazy("It came before message %(from)s and waits for it."),
    "over": gettext_lazy("Line %(line)s is finished: this was not taken over."),
}
ODD = {
    "unknown_status": gettext_lazy("Line %(line)s: “%(value)s” is no status that Velory knows."),
    "unknown_line": gettext_lazy("The order has no line %(value)s."),
    "line_twice": gettext_lazy("Line %(line)s stands twice in the message; the first was taken."),
    "wrong_type": gettext_lazy("%(field)s can't be read: %(value)s"),
    "currency": gettext_lazy("Line %(line)s: the currency %(value)s is not that of the order."),
    "price": gettext_lazy("Line %(line)s: the price %(value)s can't be right."),
    "unseen": gettext_lazy("%(field)s holds characters that can't be seen."),
    "too_long": gettext_lazy("%(field)s is longer than %(most)s characters: %(value)s"),
    "day": gettext_lazy("%(value)s is no date. It is written as 2026-12-14."),
    "tracking_url": gettext_lazy("%(value)s is no address of a web page."),
    "imei_length": gettext_lazy("An IMEI has 15 digits; %(value)s has another number."),
    "imei_letters": gettext_lazy("An IMEI is made of digits only: %(value)s"),
    "imei_check": gettext_lazy("The IMEI %(value)s has a wrong check digit."),
    "shortened": gettext_lazy("A spreadsheet has shortened this number: %(value)s"),
    "taken": gettext_lazy("Line %(line)s: another device has the %(field)s %(value)s already."),
    "received_differs": gettext_lazy("Line %(line)s was received with another %(field)s than %(value)s."),
    "cancelled_too_late": gettext_lazy(
        "Line %(line)s was cancelled when it was “%(status)s” already. Nothing was cancelled or given back: "
        "ask the distributor where the device is."
    ),
    "after_cancel": gettext_lazy(
        "Line %(line)s is cancelled, and now reported as “%(status)s”. Ask the distributor whether it comes after all."
    ),
    "called_off": gettext_lazy("The order was cancelled before it was sent, and now confirmed as %(value)s."),
    "sequence_twice": gettext_lazy("Two messages have the sequence %(value)s."),
    "other_body": gettext_lazy("A second message had the identifier %(value)s, with other words. It was refused."),
    "unknown_order": gettext_lazy("There is no order %(value)s with this distributor."),
    "known_device": gettext_lazy("A device beside the order has a serial number or IMEI that is known here: %(value)s"),
}
WORDS = DONE | IN_VAIN | ODD


def outcome_of(notes: list[dict[str, Any]]) -> str:
    """What a message came to: attention before applied, applied before ignored."""
    codes = {note["code"] for note in notes}
    if codes & ODD.keys():
        return Report.Outcome.ATTENTION
    if codes & DONE.keys() or not codes:
        return Report.Outcome.APPLIED
    return Report.Outcome.IGNORED


def in_words(note: dict[str, Any]) -> str:
    """A note as a sentence in the reader's language."""
    facts = {"line": "–", "value": "", "field": ""} | note
    facts |= {"status": _status(note.get("status", "")), "field": _field(note)}
    facts["fields"] = facts_in_words(note.get("facts", {}))
    words = str(WORDS.get(note["code"], "%(code)s")) % facts
    return words[:1].upper() + words[1:]


def needs_attention(note: dict[str, Any]) -> bool:
    """Whether an admin has to look at it."""
    return note["code"] in ODD


def _status(code):
    return str(Status(code).label) if code in Status.values else code


def _field(note):
    name = note.get("field", "")
    return str(FIELDS.get(name, name))


def facts_in_words(facts: dict[str, str]) -> str:
    """Facts of a device, one behind the other: serial number R5CX309KTWA, IMEI 356877800639438."""
    return ", ".join(_fact(name, facts[name]) for name in FACTS if name in facts)


def _fact(name, value):
    shown = day_long(date.fromisoformat(value)) if name == "expected_on" and value else value or _("taken back")
    return f"{FIELDS[name]} {shown}"
