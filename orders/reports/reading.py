"""What a message says, read without guessing: what is not understood is named and changes nothing (R81).

A message is JSON: `order_number`, `lines` and `extra_devices`; docs/partners.md says it in full. Page, feed and an
admin's recording all come as one. A line in which a word, a type or a currency is not understood is left alone as a
whole; a fact that can't be right (an IMEI with a wrong check digit) is left alone by itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from orders.reports.facts import FACTS, Odd, fact_of, shown

MOST_LINES = 200
STEPS = {  # what may be said of a line, and the device's step that follows
    "not_started": "report_not_started", "on_hold": "hold", "preparing": "prepare", "backordered": "backorder",
    "shipped": "ship", "delivered": "deliver", "cancelled": "cancel",
}  # fmt: skip
TEXTS = ("status", "reason", "name", "article_number", "currency", *FACTS)


@dataclass(frozen=True)
class LineSaid:
    """What is said of one line: a status, facts (an empty one takes a fact back), why."""

    number: int
    status: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    why: str = ""


@dataclass
class Said:
    """A message as it was understood. `odd`: what was not, as notes of the report."""

    order_number: str = ""
    lines: list[LineSaid] = field(default_factory=list)
    extras: list[dict[str, str]] = field(default_factory=list)
    odd: list[dict[str, Any]] = field(default_factory=list)


def read(body: Mapping, known: Mapping[int, Any]) -> Said:
    """A message about an order whose lines are `known` by number."""
    said = Said()
    said.order_number = _order_number(body, said)
    for entry in _listed(body, "lines", said):
        _read_line(entry, known, said)
    for entry in _listed(body, "extra_devices", said):
        _read_extra(entry, None, said)
    return said


def _order_number(body, said):
    try:
        return fact_of("order_number", body.get("order_number") or "")
    except Odd as odd:
        said.odd.append(odd.note())
        return ""


def _listed(body, name, said):
    found = body.get(name)
    if found is None:
        return []
    if not isinstance(found, list) or len(found) > MOST_LINES:
        said.odd.append({"code": "wrong_type", "field": name, "value": shown(found)})
        return []
    return found


def _read_line(entry, known, said):
    if not isinstance(entry, dict):
        said.odd.append({"code": "wrong_type", "field": "lines", "value": shown(entry)})
        return
    number = entry.get("line")
    if type(number) is not int and number is not None:
        said.odd.append({"code": "wrong_type", "field": "line", "value": shown(number)})
    elif number is None or number not in known:
        _read_extra(entry, number, said)
    elif any(line.number == number for line in said.lines):
        said.odd.append({"code": "line_twice", "line": number})
    elif odd := _not_understood(entry, known[number]):
        said.odd += [note | {"line": number} for note in odd]
    else:
        said.lines.append(_line(entry, number, said))


def _not_understood(entry, line):
    """Why a line is left alone as a whole."""
    odd = [
        {"code": "wrong_type", "field": name, "value": shown(entry[name])}
        for name in TEXTS
        if entry.get(name) is not None and not isinstance(entry[name], str)
    ]
    status, clear = entry.get("status"), entry.get("clear")
    if isinstance(status, str) and status and status not in STEPS:
        odd.append({"code": "unknown_status", "value": shown(status)})
    if clear is not None and not (isinstance(clear, list) and all(name in FACTS for name in clear)):
        odd.append({"code": "wrong_type", "field": "clear", "value": shown(clear)})
    return odd + _costs_otherwise(entry, line)


def _costs_otherwise(entry, line):
    """Prices were agreed on when it was ordered: what is said of them is compared, never taken over."""
    currency, price = entry.get("currency"), entry.get("price")
    if isinstance(currency, str) and currency and currency != line.device.currency:
        return [{"code": "currency", "value": shown(currency)}]
    if price is not None and not _is_price(price):
        return [{"code": "price", "value": shown(price)}]
    return []


def _is_price(price):
    if isinstance(price, bool) or not isinstance(price, int | float | str):
        return False
    try:
        return Decimal(str(price)[:40]) >= 0
    except InvalidOperation:
        return False


def _line(entry, number, said):
    facts = dict.fromkeys(entry.get("clear") or [], "") | _facts(entry, number, said)
    return LineSaid(number, entry.get("status") or "", facts, _text(entry, "reason", number, said))


def _facts(entry, number, said):
    found = {name: _text(entry, name, number, said) for name in FACTS if entry.get(name)}
    return {name: value for name, value in found.items() if value}


def _text(entry, name, number, said):
    try:
        return fact_of(name, entry.get(name) or "")
    except Odd as odd:
        said.odd.append(odd.note() | ({} if number is None else {"line": number}))
        return ""


def _read_extra(entry, number, said):
    """A device beside the order's lines: worth a proposal where it says what it is."""
    texts = ("name", "article_number", "serial", "imei")
    if not isinstance(entry, dict) or any(not isinstance(entry.get(name) or "", str) for name in texts):
        said.odd.append({"code": "wrong_type", "field": "extra_devices", "value": shown(entry)})
        return
    extra = {name: _text(entry, name, number, said) for name in texts}
    if extra["name"] or extra["serial"]:
        said.extras.append(extra)
    else:
        said.odd.append({"code": "unknown_line", "value": shown(number)})
