"""What is said of an order's lines, applied to their devices: forward only, each fact by the last who said it.

`OrderLine.heard` keeps where the message stood that settled a fact: `{"status": [rank, sequence, n], "serial":
[sequence, n], …}`. A status has the rank 0 while it is open, 1 shipped, 2 delivered, so a later message can say
"backordered" after "preparing" but never after "shipped".
"""

from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from assets.lifecycle import OPEN_DELIVERY, Status
from orders.models import OrderLine
from orders.reports.numbers import without_taken_numbers
from orders.reports.reading import STEPS, LineSaid
from velory.journal.sentences import says
from velory.journal.steps import write

says("assets.device", "hear", _("{by} reported {changes}."))

RANK: dict[str, int] = {**dict.fromkeys(OPEN_DELIVERY, 0), Status.SHIPPED: 1, Status.DELIVERED: 2}
UNDER_WAY = (*OPEN_DELIVERY, Status.SHIPPED, Status.DELIVERED)
TRACKING = ("tracking_number", "tracking_url")


def apply_lines(lines: dict[int, OrderLine], said: list[LineSaid], position: list[int], *, by, at) -> list[dict]:
    """Apply what a message says of some lines; the notes of what became of it."""
    notes: list[dict[str, Any]] = []
    wanted = {one.number: _facts_that_win(lines[one.number], one, position, notes) for one in said}
    wanted = without_taken_numbers(lines, wanted, notes)
    for one in said:
        notes += _apply(lines[one.number], one, wanted[one.number], position, by=by, at=at)
    return notes


def _facts_that_win(line, one, position, notes):
    """Those facts that no later message has settled. What was received only gains what it lacks."""
    if one.facts and line.device.status not in UNDER_WAY:
        return _what_is_lacking(line, one, notes)
    won = {name: value for name, value in one.facts.items() if line.heard.get(name, []) < position}
    line.heard |= dict.fromkeys(won, position)
    return {name: value for name, value in won.items() if _known(line, name) != value}


def _what_is_lacking(line, one, notes):
    lacking = {}
    for name, value in one.facts.items():
        known = _known(line, name)
        if line.device.status == Status.CANCELLED or name == "expected_on" or not value:
            continue
        if not known:
            lacking[name] = value
        elif known.upper() != value.upper() and name not in TRACKING:
            notes.append({"code": "received_differs", "line": line.number, "field": name, "value": value})
    return lacking


def _known(line, name) -> str:
    if name == "expected_on":
        return line.expected_on.isoformat() if line.expected_on else ""
    return getattr(line.device, name)


def _apply(line, one, facts, position, *, by, at):
    notes, step = _where_it_goes(line, one, position)
    tracking = {name: facts[name] for name in TRACKING if facts.get(name)} if step == "ship" else {}
    _take_over(line, {name: value for name, value in facts.items() if name not in tracking}, by=by, at=at)
    if step == "cancel":
        line.device.cancel(by=by, at=at, why=one.why)
    elif step:
        getattr(line.device, step)(by=by, at=at, **tracking)
    line.save(update_fields=["expected_on", "heard"])
    if facts:
        notes.append({"code": "facts", "line": line.number, "facts": facts})
    if not notes and one.facts:
        notes.append({"code": "over", "line": line.number})
    return notes


def _where_it_goes(line, one, position):
    """The notes of what is said of the status, and the step that follows, if any."""
    if not one.status:
        return [], ""
    device, note = line.device, {"line": line.number, "status": one.status}
    if one.status == Status.CANCELLED:
        return _when_cancelled(line, note, position)
    place = [RANK[one.status], *position]
    if device.status == Status.CANCELLED:
        late = not RANK[one.status] and position < line.heard.get("cancelled", [])
        return [note | {"code": "late" if late else "after_cancel"}], ""
    if place <= line.heard.get("status", []) or RANK[one.status] < RANK.get(device.status, 3):
        return [note | {"code": "late"}], ""
    line.heard["status"] = place
    if device.status == one.status:
        return [note | {"code": "moved"}], ""
    return [note | {"code": "moved"}], STEPS[one.status]


def _when_cancelled(line, note, position):
    """Once, and only what has not left: afterwards it is a question for people, never a second refund (R82)."""
    if line.device.status == Status.CANCELLED:
        return [note | {"code": "late"}], ""
    if line.device.status not in OPEN_DELIVERY:
        return [note | {"code": "cancelled_too_late", "status": line.device.status}], ""
    line.heard["cancelled"] = position
    return [note | {"code": "moved"}], "cancel"


def _take_over(line, facts, *, by, at):
    """Facts that come without a step of their own, with one entry that says what they were before."""
    device, changes = line.device, {}
    for name, value in facts.items():
        label = "order_line.expected_on" if name == "expected_on" else name
        changes[label] = [_known(line, name), value]
        if name == "expected_on":
            line.expected_on = _as_day(value)
        else:
            setattr(device, name, value)
    if changes:
        role = "partner" if by == line.order.distributor else "admin"
        write(device, "hear", by=by, role=role, at=at, came_from=device.status, details={"changes": changes})


def _as_day(value):
    return date.fromisoformat(value) if value else None
