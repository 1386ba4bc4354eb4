"""Lists as Stripe pages them: the latest first, `has_more`, and the neighbour's id to go on from."""

import re

from velory.demo.stripe.errors import StripeError, missing
from velory.demo.stripe.form import at_most, each, span, text, whole_number
from velory.demo.stripe.state import shown

PAGING = {
    "limit": whole_number, "starting_after": text, "ending_before": text, "created": span, "expand": each(text),
}  # fmt: skip
SEARCHING = {"query": at_most(2000), "limit": whole_number, "page": text, "expand": each(text)}
CLAUSE = re.compile(
    r"""^\s*(-?)(?:metadata\[["'](?P<key>[^"']+)["']\]|(?P<field>\w+))\s*(?P<op>:|~|>=|<=|>|<)\s*(?P<value>.+?)\s*$"""
)
COMPARES = {
    ">": lambda a, b: a > b, "<": lambda a, b: a < b, ">=": lambda a, b: a >= b, "<=": lambda a, b: a <= b,
    "gt": lambda a, b: a > b, "lt": lambda a, b: a < b, "gte": lambda a, b: a >= b, "lte": lambda a, b: a <= b,
}  # fmt: skip


def page(things: list[dict], params: dict, url: str) -> dict:
    """The part of a list that was asked for."""
    span_ = params.get("created") or {}
    things = [one for one in things if all(COMPARES[op](one["created"], at) for op, at in span_.items())]
    limit = _limit(params)
    if "starting_after" in params:
        start = _place_of(things, params["starting_after"], "starting_after") + 1
        part, more = things[start : start + limit], len(things) > start + limit
    elif "ending_before" in params:
        end = _place_of(things, params["ending_before"], "ending_before")
        part, more = things[max(0, end - limit) : end], end > limit
    else:
        part, more = things[:limit], len(things) > limit
    return {"object": "list", "data": [shown(one) for one in part], "has_more": more, "url": url}


def search(things: list[dict], params: dict, url: str) -> dict:
    """What a query finds: clauses joined by AND, on metadata, status, amount and the like."""
    clauses = [_clause(words) for words in re.split(r"\s+AND\s+|\s+(?=metadata\[)", params.get("query", "").strip())]
    found = [one for one in things if all(holds(one) for holds in clauses)]
    start, limit = int(params.get("page") or 0), _limit(params)
    more = len(found) > start + limit
    return {
        "object": "search_result", "data": [shown(one) for one in found[start : start + limit]], "has_more": more,
        "next_page": str(start + limit) if more else None, "url": url,
    }  # fmt: skip


def _limit(params):
    limit = params.get("limit", 10)
    if not 1 <= limit <= 100:
        raise StripeError("This value must be between 1 and 100.", code="parameter_invalid_integer", param="limit")
    return limit


def _place_of(things, id_, param):
    for number, one in enumerate(things):
        if one["id"] == id_:
            return number
    raise missing("object", id_, param)


def _clause(words):
    found = CLAUSE.match(words)
    if not found:
        raise StripeError(f"We were unable to parse your search query near: {words}", param="query")
    unless, value, op = bool(found[1]), found["value"].strip("'\""), found["op"]
    key, name = found["key"], found["field"]

    def holds(thing):
        has = thing.get("metadata", {}).get(key) if key else thing.get(name)
        if has is None:
            return unless
        if op in COMPARES:
            return COMPARES[op](int(has), int(value)) != unless
        return ((str(has) == value) if op == ":" else value.lower() in str(has).lower()) != unless

    return holds
