"""`POST /partners/<ref>/orders/`: what a distributor's machine reports, signed, fresh, meant for this company (R79).

Every answer is JSON: what was done, or why nothing was. Nothing that comes here can bring the product down.
"""

import json
import math
import re
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.crypto import constant_time_compare

from assets.models import Partner
from orders.models import Order, Report
from orders.ordering.channels import secrets_of
from orders.ordering.signing import signature
from orders.reports import attention
from orders.reports.applying import OtherBody, digest_of, take_in
from velory.tenancy.context import current_company
from velory.ui.inputs import whole_number

MOST_BYTES = 1024 * 1024
TOLERANCE = 300  # seconds that a signed moment may be away from our clock
SIGNATURES, DEPTH = 8, 12
STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
ID = re.compile(r"[A-Za-z0-9_.:-]{1,80}", re.ASCII)
NAMES = ("company", "order", "message_id")


class NotTaken(Exception):
    """A message that is refused: the answer's status, and why, as a code and a sentence."""

    def __init__(self, status: int, reason: str, text: str):
        super().__init__(reason)
        self.status, self.reason, self.text = status, reason, text


def body_of(request) -> bytes:
    """The raw bytes, and no more of them than a message has."""
    if request.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise NotTaken(422, "packed", "Send the body as it is, without Content-Encoding.")
    length = whole_number(request.META.get("CONTENT_LENGTH") or "0", digits=11)
    if length is None:
        raise NotTaken(422, "empty", "The body has no length.")
    if length > MOST_BYTES:
        raise NotTaken(413, "too_large", "A message has at most 1 MiB.")
    body = request.read(MOST_BYTES + 1)
    if len(body) > MOST_BYTES:
        raise NotTaken(413, "too_large", "A message has at most 1 MiB.")
    return body


def check_signature(partner: Partner | None, header: str, body: bytes, *, at: datetime, wall: datetime) -> Partner:
    """The partner, where a secret that we share signed these bytes lately; else 401, always in one form."""
    stamp, signatures = _parts(header)
    near = bool(stamp) and abs(wall.timestamp() - int(stamp)) <= TOLERANCE
    ours = [signature(secret, stamp, body) for secret in secrets_of(partner, at)] if near and partner else []
    agrees = [constant_time_compare(mine, theirs) for mine in ours for theirs in signatures]
    if partner is None or not any(agrees):
        raise NotTaken(401, "signature", "The signature is missing, wrong, or older than five minutes.")
    return partner


def _parts(header):
    pairs = [part.strip().partition("=") for part in header.split(",")] if len(header) < 4096 else []
    stamps = [value for name, _, value in pairs if name == "t"]
    signatures = [value for name, _, value in pairs if name == "v1" and value.isascii()]
    if len(stamps) != 1 or not STAMP.fullmatch(stamps[0]):
        return "", []
    return stamps[0], signatures[:SIGNATURES]


# Bytes → a message


def message_in(body: bytes) -> dict[str, Any]:
    """The JSON object in a signed body. Raises NotTaken for everything else."""
    try:
        said = json.loads(body.decode(), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError, MemoryError):
        raise NotTaken(422, "not_json", "The body is no JSON object in UTF-8 whose names stand once.") from None
    if not isinstance(said, dict):
        raise NotTaken(422, "not_json", "The body is no JSON object.")
    if not _can_be_kept(said):
        raise NotTaken(
            422, "not_text", "The body is nested too deeply, or holds characters or numbers that no text has."
        )
    for name in NAMES:
        if not isinstance(said.get(name), str) or not ID.fullmatch(said[name]):
            raise NotTaken(422, name, f"“{name}” is missing, or is no text of letters, digits and . : _ -")
    sequence = said.get("sequence")
    if type(sequence) is not int or not 1 <= sequence <= 1_000_000:
        raise NotTaken(422, "sequence", "“sequence” is missing, or is no whole number from 1 for each order.")
    return said


def _once(pairs):
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("A name stands twice.")
    return found


def _no_number(word):
    raise ValueError(f"{word} is no number.")


def _can_be_kept(said) -> bool:
    """Whether the database can hold it: no NUL, no half characters, no endless numbers, not too deep."""
    level = [said]
    for _ in range(DEPTH):
        if not level:
            return True
        below: list[Any] = []
        for one in level:
            if isinstance(one, dict):
                below += [*one.keys(), *one.values()]
            elif isinstance(one, list):
                below += one
            elif not _is_whole(one):
                return False
        level = below
    return not level


def _is_whole(one):
    if isinstance(one, str):
        return "\0" not in one and not any("\ud800" <= letter <= "\udfff" for letter in one)
    return not isinstance(one, float) or math.isfinite(one)


# A message → what became of it


def hear(partner: Partner, said: dict[str, Any], *, at: datetime) -> Report:
    """Take in a message that is signed and fresh. What is not for this distributor and company changes nothing."""
    company = current_company()
    if said["company"].lower() not in {company.slug, str(company.uuid), company.uuid.hex, company.host.lower()}:
        raise NotTaken(403, "company", "The message is addressed to another company.")
    order = Order.objects.filter(ref=said["order"].upper()).select_related("distributor").first()
    if order is None or order.distributor_id != partner.pk:
        raise _no_such_order(partner, said, order, at)
    try:
        return take_in(
            order, said, way=Report.Way.FEED, by=partner, at=at,
            message_id=said["message_id"], sequence=said["sequence"],
        )  # fmt: skip
    except OtherBody:
        _keep(partner, said, order, "other_body", said["message_id"], at)
        text = "Another message has had this message_id. A message that is sent again is the same to the byte."
        raise NotTaken(409, "message_id", text) from None


def _no_such_order(partner, said, order, at):
    """Somebody else's order is answered as one that does not exist; the latter an admin may look at."""
    if order is None:
        _keep(partner, said, None, "unknown_order", said["order"], at)
    return NotTaken(422, "order", "There is no order of yours with this reference.")


def _keep(partner, said, order, code, value, at):
    """A message that could not be applied at all, once."""
    digest = digest_of(said)
    with transaction.atomic():
        _report, new = Report.objects.get_or_create(
            distributor=partner, message_id=f"{said['message_id']}#{digest[:16]}",
            defaults={
                "order": order, "way": Report.Way.FEED, "digest": digest, "body": said, "received_at": at,
                "outcome": Report.Outcome.ATTENTION, "said": [{"code": code, "value": value}],
            },
        )  # fmt: skip
        if new:
            attention.admins_are_told(at=at)


def answer_of(report: Report) -> dict[str, Any]:
    """What the sender is told: the outcome and each note, by its code."""
    return {"message_id": report.message_id, "outcome": report.outcome, "notes": report.said}
