"""The forecast in figures: one walk over the devices, summed by month, path and choice.

Amounts of different currencies are never added up: a sum is a dict from currency to Decimal.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce, NullIf

from renewals.forecast import groups
from renewals.forecast.groups import EXPECTED_BUY_OUTS, EXPECTED_RETURNS, code_of, months_from
from renewals.forecast.income import expected_income
from velory.tenancy.context import current_company


class Sums[Key](dict[Key, Decimal]):
    """Amounts, mostly by currency, which are never added up with each other; what is not there is nought."""

    def __missing__(self, key: Key) -> Decimal:
        return Decimal(0)


@dataclass
class Figures:
    """What is known of the devices of one group: how many, of which path, what was said, and what it means in money.

    `*_unknown` counts the devices whose amount nobody has set.
    """

    said: Counter = field(default_factory=Counter)
    paths: Counter = field(default_factory=Counter)
    lease: Sums[str] = field(default_factory=Sums)
    lease_unknown: int = 0
    to_replace: int = 0
    cost: Sums[str] = field(default_factory=Sums)
    cost_unknown: int = 0
    income: Sums[str] = field(default_factory=Sums)
    income_unknown: int = 0

    @property
    def total(self) -> int:
        """How many devices."""
        return self.said.total()

    @property
    def buy_outs(self) -> int:
        """How many are bought out, as far as their holders have said."""
        return sum(self.said[code] for code in EXPECTED_BUY_OUTS)

    @property
    def returns(self) -> int:
        """How many come back, as far as their holders have said."""
        return sum(self.said[code] for code in EXPECTED_RETURNS)

    def __add__(self, other):
        both = {}
        for name in self.__dataclass_fields__:
            mine, theirs = getattr(self, name), getattr(other, name)
            both[name] = _added(mine, theirs) if isinstance(mine, dict) else mine + theirs
        return Figures(**both)


def _added(mine, theirs):
    both = type(mine)(mine)
    for key, much in theirs.items():
        both[key] += much
    return both


class Forecast:
    """The figures of every group, as of a date. `with_money` asks what buy-outs bring, too."""

    def __init__(self, *, today: date, with_money: bool = True):
        self.today = today
        self.months = months_from(today)
        self.lines: dict[tuple[str, str], Figures] = defaultdict(Figures)
        self._count(with_money)
        self.payees: Sums[tuple[str, str]] = Sums()
        if with_money:
            self._add_income()

    def line(self, group: str, path: str = "") -> Figures:
        """The figures of one group of renewal dates; of one path, if one is named."""
        found = (figures for (when, way), figures in self.lines.items() if when == group and path in ("", way))
        return sum(found, Figures())

    def all(self, path: str = "") -> Figures:
        """The figures of everything."""
        return sum((figures for (_when, way), figures in self.lines.items() if path in ("", way)), Figures())

    def in_months(self, path: str = "", months=None) -> Figures:
        """The figures of the months (of some of them, if they are named), without what stands apart."""
        return sum((self.line(code_of(month), path) for month in months or self.months), Figures())

    @property
    def currencies(self) -> list[str]:
        """Every currency that occurs, the company's own first."""
        found = {
            currency
            for line in self.lines.values()
            for sums in (line.lease, line.cost, line.income)
            for currency in sums
        }
        return sorted(found, key=lambda currency: (currency != current_company().currency, currency))

    def _count(self, with_money):
        for row in _counted(self.today, with_money):
            line = self.lines[row["when"], row["path"]]
            line.said[row["said"]] += row["n"]
            line.paths[row["path"]] += row["n"]
            line.to_replace += row["replacing"]
            if with_money:
                _take_money(line, row)

    def _add_income(self):
        for found in expected_income(today=self.today):
            line = self.lines[found.when, found.path]
            if found.amount is None:
                line.income_unknown += 1
                continue
            line.income[found.currency] += found.amount
            self.payees[found.payee, found.currency] += found.amount


def _counted(today, with_money):
    devices = groups.on_the_way(today).order_by()
    grouped: dict[str, Any] = {
        "when": groups.when_due(today),
        "path": groups.which_path(),
        "said": groups.what_is_said(),
    }
    figures: dict[str, Any] = {"n": Count("pk"), "replacing": Count("pk", filter=groups.to_replace())}
    if with_money:
        grouped |= {"lease_in": F("contract__currency"), "cost_in": _cost_currency()}
        figures |= _sums()
    return devices.values(**grouped).annotate(**figures)


LEASED = Q(contract__isnull=False, contract__closed_on=None)


def _cost_currency():
    acquired = When(
        LEASED & Q(contract__acquisition_price__isnull=False), then=NullIf(F("contract__currency"), Value(""))
    )
    own = NullIf(F("currency"), Value(""))
    return Coalesce(Case(acquired, default=own), own, Value(current_company().currency))


def _sums():
    cost = Case(
        When(LEASED & Q(contract__acquisition_price__isnull=False), then=F("contract__acquisition_price")),
        default=F("purchase_price"),
    )
    return {
        "lease": Sum("contract__monthly_cost", filter=LEASED),
        "lease_unknown": Count("pk", filter=LEASED & Q(contract__monthly_cost=None)),
        "cost": Sum(cost, filter=groups.to_replace()),
        "cost_known": Count(cost, filter=groups.to_replace()),
    }


def _take_money(line, row):
    if row["lease"] is not None:
        line.lease[row["lease_in"] or current_company().currency] += row["lease"]
    if row["cost"] is not None:
        line.cost[row["cost_in"]] += row["cost"]
    line.lease_unknown += row["lease_unknown"]
    line.cost_unknown += row["replacing"] - row["cost_known"]
