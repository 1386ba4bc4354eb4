"""The one way in which what a distributor reports is applied: from its page, its feed, or as an admin records it.

Messages of a feed are applied in the order of their sequence: one that comes before its predecessors waits for them,
ten minutes at most. So any order of arrival ends the same (R80). What comes later than that is compared with what each
line has heard: a status only moves forward, a fact is whoever said it last by the sender's count. What a person says,
on the page or as an admin, counts after everything that has come so far.

Lock order: the order's devices by key, then the order.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy

from assets.models import Device
from orders.lifecycle import OrderStatus
from orders.models import Order, OrderLine, Report
from orders.reports import attention
from orders.reports.lines import apply_lines
from orders.reports.notes import outcome_of
from orders.reports.proposals import propose
from orders.reports.reading import Said, read
from velory.agenda import book
from velory.journal.steps import follow
from velory.references import reference

WAITING, PATIENCE = "orders.report", timedelta(minutes=10)


class OtherBody(Exception):
    """A message under an identifier that another message has used."""


@dataclass
class Held:
    """An order and its lines with their devices, held until the transaction ends."""

    order: Order
    lines: dict[int, OrderLine]


def hold(order: Order) -> Held:
    """Take hold of an order's devices, by key, and then of the order."""
    devices = Device.objects.select_for_update(of=("self",)).filter(order_line__order=order).order_by("pk")
    by_key = {device.pk: device for device in devices.select_related("category", "contract")}
    held = Order.objects.select_for_update(of=("self",)).select_related("distributor").get(pk=order.pk)
    lines = {line.number: line for line in held.lines.select_related("request_line").order_by("number")}
    for line in lines.values():
        line.order, line.device = held, by_key[line.device_id]
    return Held(held, lines)


def digest_of(body: Mapping) -> str:
    """What two messages have in common that say the same."""
    return hashlib.sha256(json.dumps(body, sort_keys=True, default=str).encode()).hexdigest()


def take_in(
    order: Order, body: Mapping, *, way: str, by: Any, at: datetime, message_id: str = "", sequence: int | None = None
) -> Report:
    """Keep a message and apply it; one that is known already is answered as the first time. Raises OtherBody.

    `by` is the distributor, or the admin who records it.
    """
    message_id = message_id or f"{way}-{reference('Z')}{reference('')}"
    try:
        return _take_in(order, body, way, by, at, message_id, sequence)
    except IntegrityError:  # a number that another order's message has brought meanwhile: now it is seen
        return _take_in(order, body, way, by, at, message_id, sequence)


def _take_in(order, body, way, by, at, message_id, sequence):
    digest = digest_of(body)
    with transaction.atomic():
        held = hold(order)
        before = _counted(held.order)
        report, new = Report.objects.get_or_create(
            distributor=held.order.distributor, message_id=message_id,
            defaults={
                "order": held.order, "way": way, "sequence": sequence, "digest": digest, "body": body,
                "outcome": Report.Outcome.WAITING, "received_at": at,
            },
        )  # fmt: skip
        if not new:
            if report.digest != digest or report.order_id != held.order.pk:
                raise OtherBody
            return report
        if sequence is not None and sequence > before["applied"] + 1:
            _wait(report, before["applied"], at)
        else:
            _apply(report, held, _position(report, before), by=by, at=at, twice=before["sequences"])
            _apply_what_waited(held, at=at)
    return report


def _counted(order):
    """What has come about an order: the highest sequence of all, of those applied, and how many said by people."""
    known = list(order.reports.values_list("sequence", "outcome"))
    applied = [sequence for sequence, outcome in known if sequence and outcome != Report.Outcome.WAITING]
    sequences = {sequence for sequence, _outcome in known if sequence}
    return {
        "highest": max(sequences, default=0), "applied": max(applied, default=0), "sequences": sequences,
        "said": len(known) - len([sequence for sequence, _outcome in known if sequence]),
    }  # fmt: skip


def _position(report, before=None):
    """Where a message stands among the others about its order."""
    if report.sequence is not None:
        return [report.sequence, 0]
    return [before["highest"], before["said"] + 1]


def _wait(report, applied, at):
    report.said = [{"code": "waits", "from": applied + 1, "to": report.sequence - 1}]
    report.save(update_fields=["said"])
    book.put(WAITING, report.ref, at + PATIENCE)


def _apply_what_waited(held, *, at):
    """The messages whose predecessors are all here now."""
    while True:
        expected = _counted(held.order)["applied"] + 1
        waiting = held.order.reports.filter(outcome=Report.Outcome.WAITING)
        found = list(waiting.filter(sequence__lte=expected).order_by("sequence", "pk"))
        if not found:
            return
        for report in found:
            _apply(report, held, _position(report), by=held.order.distributor, at=at)
            book.drop(WAITING, report.ref)


@book.does(WAITING, label=gettext_lazy("Applying a distributor’s report"))
def apply_though_one_is_missing(ref, at):
    """It has waited long enough: it is applied, and so is what waited before it."""
    waiting = Report.objects.filter(ref=ref, outcome=Report.Outcome.WAITING).select_related("order").first()
    if waiting is None or waiting.order is None:
        return
    with transaction.atomic():
        held = hold(waiting.order)
        due = held.order.reports.filter(outcome=Report.Outcome.WAITING, sequence__lte=waiting.sequence)
        for report in due.order_by("sequence", "pk"):
            _apply(report, held, _position(report), by=held.order.distributor, at=at)
        _apply_what_waited(held, at=at)


def _apply(report, held, position, *, by, at, twice=()):
    """All that a message says, line by line; what became of it stands in `said`."""
    said = read(report.body, held.lines)
    notes = [*said.odd]
    if report.sequence in twice:
        notes.append({"code": "sequence_twice", "value": report.sequence})
    notes += _confirm(held.order, said, position, by=by, at=at)
    notes += apply_lines(held.lines, said.lines, position, by=by, at=at)
    notes += [propose(held.order, report, extra, by=by, at=at) for extra in said.extras]
    held.order.heard_at = at
    held.order.save(update_fields=["heard_at", "heard"])
    report.said, report.outcome = notes, outcome_of(notes)
    report.save(update_fields=["said", "outcome"])
    follow(Order, "hear", [held.order], at=at)
    if report.outcome == Report.Outcome.ATTENTION:
        attention.admins_are_told(at=at)


def _confirm(order, said: Said, position, *, by, at):
    """The distributor's own number; the last one that it gave, by its own count."""
    if not said.order_number or order.heard.get("number", []) >= position:
        return []
    if order.status == OrderStatus.CALLED_OFF:
        return [{"code": "called_off", "value": said.order_number}]
    heard = order.heard | {"number": position}
    if order.number != said.order_number or order.confirmed_at is None:
        order.confirm(by=by, at=at, number=said.order_number)
    order.heard = heard
    return [{"code": "confirmed", "number": said.order_number}]
