"""What a request asks for, as pages and letters say it: equal devices together, at their price."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.budgets.standing import grant_of
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


# The whole calculation, as it was sent


@dataclass
class Sum:
    """What is paid in one way, once or by the month: net, tax, and who bears it. Amounts are of all its devices."""

    mode: str
    lines: list[RequestLine]

    @property
    def currency(self) -> str:
        return self.lines[0].currency

    @property
    def is_monthly(self) -> bool:
        return self.lines[0].is_monthly

    @property
    def net(self) -> Decimal:
        return _total(line.amount for line in self.lines)

    @property
    def vat(self) -> Decimal | None:
        """The tax on it; None where nobody knew the rate."""
        taxes = [line.price.vat for line in self.lines]
        return None if None in taxes else _total(taxes)

    @property
    def from_budget(self) -> Decimal | None:
        """What the budget bears, net; None where none counts any of it."""
        parts = [line.budget_part for line in self.lines if line.budget_part is not None]
        return _total(parts) if parts else None

    @property
    def overage(self) -> Decimal:
        """What the person bears, net."""
        return _total(line.overage for line in self.lines)

    @property
    def overage_vat(self) -> Decimal:
        return _total(line.overage_vat for line in self.lines)

    @property
    def to_pay(self) -> Decimal:
        """What the person bears, VAT included."""
        return self.overage + self.overage_vat

    @property
    def companys(self) -> Decimal:
        """What the company bears beside the budget, net."""
        return _total(line.companys_part for line in self.lines)


def sums_of(request) -> list[Sum]:
    """What is paid once, then what is paid by the month."""
    lines = request.lines_in_order
    modes = dict.fromkeys(sorted((line.mode for line in lines), reverse=True))
    return [Sum(mode, [line for line in lines if line.mode == mode]) for mode in modes]


def hides_prices(request, reader) -> bool:
    """Where money is no limit, whoever orders for themselves sees no prices (spec 3); whoever answers does."""
    if request.person != reader or request.requester != reader:
        return False
    grant = grant_of(reader)
    limits = {a.category_id: a.is_unlimited for a in grant.budget.allowances_in_order} if grant else {}
    return any(limits.get(line.category_id) for line in request.lines_in_order)


def _total(amounts) -> Decimal:
    return sum(amounts, Decimal(0))
