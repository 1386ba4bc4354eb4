"""What a request asks for, as pages and letters say it: equal devices together, with what they cost and who bears it."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.models import RequestLine
from orders.prices import Price


@dataclass
class Asked:
    """So many of one thing, at one price, borne in one way."""

    line: RequestLine
    number: int = 0

    @property
    def name(self) -> str:
        return self.line.name

    @property
    def each(self) -> Price:
        """What one costs."""
        return self.line.price

    @property
    def amount(self) -> Decimal:
        """What all of them cost, net; of a lease by the month."""
        return self.line.amount * self.number


def asked_for(request) -> list[Asked]:
    """The devices of a request, equal ones together, in the order of the cart."""
    found: dict[tuple, Asked] = {}
    for line in request.lines_in_order:
        key = (line.variant_id, line.name, line.mode, line.amount, line.budget_part, line.overage)
        found.setdefault(key, Asked(line)).number += 1
    return list(found.values())


def in_short(request) -> str:
    """The first device by its name, and how many more there are."""
    lines = request.lines_in_order
    if len(lines) == 1:
        return lines[0].name
    more = len(lines) - 1
    words = ngettext("%(device)s and %(more)d more", "%(device)s and %(more)d more", more)
    return words % {"device": lines[0].name, "more": more}


def for_whom(request) -> str:
    """The person or the space; the company itself has a word of its own."""
    return str(request.whose or _("the company"))
