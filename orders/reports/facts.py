"""Facts of a device as a distributor may say them: each looked at by itself, the same on the page and in the feed."""

import json
import re
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from assets.importing.cells import FIRST_YEAR, LAST_YEAR
from assets.importing.cells import imei as as_imei
from assets.importing.faults import Fault
from velory.unseen import holds_unseen

FACTS = ("expected_on", "tracking_number", "tracking_url", "serial", "imei")
MOST = {
    "order_number": 80, "tracking_number": 80, "tracking_url": 200, "serial": 60, "imei": 40, "expected_on": 10,
    "name": 120, "article_number": 60, "reason": 500,
}  # fmt: skip
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_is_url = URLValidator(schemes=["http", "https"])


class Odd(ValueError):
    """A fact that can't be right. `code` says why."""

    def __init__(self, code: str, field: str, value: Any, **facts):
        super().__init__(code)
        self.code, self.field, self.value, self.facts = code, field, value, facts

    def note(self) -> dict[str, Any]:
        """As a report keeps it."""
        return {"code": self.code, "field": self.field, "value": shown(self.value), **self.facts}


def shown(value: Any) -> str:
    """Whatever was said, short enough for a sentence. The message itself keeps it whole."""
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 80 else text[:79] + "…"


def fact_of(name: str, value: Any) -> str:
    """A fact as it is kept; nothing is an empty text. Raises Odd."""
    if not isinstance(value, str):
        raise Odd("wrong_type", name, value)
    text = " ".join(value.split())
    if holds_unseen(text):
        raise Odd("unseen", name, "")
    if len(text) > MOST[name]:
        raise Odd("too_long", name, text, most=MOST[name])
    return _READERS.get(name, _as_it_is)(text) if text else ""


def _as_it_is(text):
    return text


def _day(text):
    try:
        day = date.fromisoformat(text) if DAY.fullmatch(text) else None
    except ValueError:
        day = None
    if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Odd("day", "expected_on", text)
    return text


def _imei(text):
    try:
        return as_imei(text)
    except Fault as fault:
        raise Odd(fault.code, "imei", text, **fault.facts) from None


def _url(text):
    """A page of a carrier: http or https, and nobody's name or password before the host."""
    try:
        _is_url(text)
        if "@" in urlsplit(text).netloc:
            raise ValidationError("")
    except (ValidationError, ValueError):
        raise Odd("tracking_url", "tracking_url", text) from None
    return text


_READERS = {"expected_on": _day, "imei": _imei, "tracking_url": _url}
