"""Asking a distributor's machine: one signed POST, to an address that may be asked, within ten seconds (R77, R79).

Which addresses these are, and that nothing is followed, unpacked or read at length: `velory/outgoing.py`.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import SplitResult

from django.utils.translation import gettext_noop as _

from orders.ordering.signing import HEADER, signed
from velory import outgoing
from velory.unseen import holds_unseen

PATIENCE = 10  # seconds, for all of it
AGAIN = {408, 409, 425, 429}  # answers of the kind 4xx that mean: not now

NOT_ALLOWED = _("The address of their machine can't be used: it must begin with https:// and be public.")
NO_ANSWER = _(
    "Their machine did not answer. They may have the order all the same: sending it again makes no second one."
)
NOT_REACHED = _("Their machine could not be reached.")
REFUSED = _("Their machine refused the order.")
ELSEWHERE = _("Their machine points to another address, which is not followed.")
TROUBLE = _("Their machine has trouble.")


@dataclass(eq=False)
class Trouble(Exception):
    """Why their machine has not taken an order: `for_good`, or for now. `answer`: the number that it answered."""

    reason: str
    answer: str = ""
    for_good: bool = False


def ask(url: str, body: bytes, *, secrets: list[str], key: str, wall: datetime) -> str:
    """Hand over an order; returns the number under which they have it, if they said one. Raises Trouble.

    `key` is the same for every try: whoever has taken it answers as the first time and takes no second one.
    """
    headers = {
        "Content-Type": "application/json", "Accept": "application/json", "Accept-Encoding": "identity",
        "User-Agent": "Velory", "Idempotency-Key": key, HEADER: signed(body, secrets, wall=wall),
    }  # fmt: skip
    parts = parts_of(url)
    line = outgoing.Line(parts, reachable(parts), patience=PATIENCE)
    try:
        status, answer = line.ask("POST", body, headers)
    except outgoing.CUT as cut:
        raise Trouble(NO_ANSWER if line.was_asked else NOT_REACHED) from cut
    finally:
        line.hang_up()
    judge(status)
    return number_in(answer)


def judge(status: int) -> None:
    """What an answer means. Raises Trouble unless they have taken it."""
    if 200 <= status < 300:
        return
    if 300 <= status < 400:
        raise Trouble(ELSEWHERE, f"({status})", for_good=True)
    if 400 <= status < 500 and status not in AGAIN:
        raise Trouble(REFUSED, f"({status})", for_good=True)
    raise Trouble(TROUBLE, f"({status})")


def number_in(answer: bytes) -> str:
    """Their order number, where the answer names one that can be shown."""
    try:
        said = json.loads(answer)
    except (ValueError, RecursionError):
        return ""
    number = said.get("order_number") if isinstance(said, dict) else None
    number = " ".join(number.split()) if isinstance(number, str) else ""
    return "" if len(number) > 80 or holds_unseen(number) else number


def parts_of(url: str) -> SplitResult:
    """An address in parts. Raises Trouble where it is not one that may be asked at all."""
    try:
        return outgoing.parts_of(url)
    except outgoing.NotAllowed as no:
        raise Trouble(NOT_ALLOWED, for_good=True) from no


def reachable(parts: SplitResult) -> str:
    """The address of a host's machine: a public one, or this machine itself in the demo. Raises Trouble."""
    try:
        return outgoing.reachable(parts)
    except outgoing.NotReached as unknown:
        raise Trouble(NOT_REACHED) from unknown
    except outgoing.NotAllowed as no:
        raise Trouble(NOT_ALLOWED, for_good=True) from no
