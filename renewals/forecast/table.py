"""The forecast as a table: every number with the list that it counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from renewals.forecast.figures import Figures, Forecast
from renewals.forecast.groups import EXPECTED_BUY_OUTS, EXPECTED_RETURNS, Apart, Said, code_of
from renewals.paths import Path
from velory.ui.money import money


@dataclass(frozen=True)
class Number:
    """A count, and the address of the list that shows what it counts; none for nothing."""

    count: int
    url: str = ""


@dataclass(frozen=True)
class Row:
    """A line of the table: a month or what stands apart."""

    name: Any
    total: Number
    paths: list[Number]
    said: list[Number]
    buy_outs: Number
    returns: Number
    lease: list[str]
    income: list[str]
    to_replace: Number
    cost: list[str]


@dataclass(frozen=True)
class Table:
    """Rows under the columns that hold something."""

    said: list[Said]
    paths: list[Path]
    months: list[Row]
    apart: list[Row]
    sum: Row


def table_of(forecast: Forecast, *, path: str = "", months: int = 24) -> Table:
    """The months, their sum, and what stands apart; of one path, if one is named; the first months only, if so many
    are asked for."""
    everything = forecast.all(path)
    said = [code for code in Said if code != Said.TRADE_IN or everything.said[code.value]]
    paths = [] if path else list(Path)
    make = _Rows(path, said, paths)
    shown = forecast.months[:months]
    rows = [make(_month(month), code_of(month), forecast.line(code_of(month), path)) for month in shown]
    apart = [make(group.words, group.value, forecast.line(group.value, path)) for group in Apart]
    total = make(_("In these months"), [code_of(month) for month in shown], forecast.in_months(path, shown))
    return Table(said, paths, rows, [row for row in apart if row.total.count], total)


class _Rows:
    def __init__(self, path, said, paths):
        self.path, self.said, self.paths = path, said, paths

    def __call__(self, name, group, figures: Figures) -> Row:
        when = {"month": group}
        return Row(
            name,
            total=self._number(figures.total, when),
            paths=[self._number(figures.paths[path.value], when | {"path": path.value}) for path in self.paths],
            said=[self._number(figures.said[code.value], when | {"choice": code.value}) for code in self.said],
            buy_outs=self._number(figures.buy_outs, when | {"choice": [code.value for code in EXPECTED_BUY_OUTS]}),
            returns=self._number(figures.returns, when | {"choice": [code.value for code in EXPECTED_RETURNS]}),
            lease=_amounts(figures.lease, figures.lease_unknown),
            income=_amounts(figures.income, figures.income_unknown),
            to_replace=self._number(figures.to_replace, when | {"replace": "yes"}),
            cost=_amounts(figures.cost, figures.cost_unknown),
        )

    def _number(self, count, query):
        whole = ({"path": self.path} if self.path else {}) | query
        return Number(count, f"{reverse('renewals:all')}?{urlencode(whole, doseq=True)}" if count else "")


def _amounts(sums, unknown) -> list[str]:
    """Each currency's sum for itself, then for how many devices nobody has set an amount."""
    words = [money(sums[currency], currency) for currency in sorted(sums) if sums[currency]]
    return words + ([_("%(n)s without an amount") % {"n": unknown}] if unknown else [])


def _month(month: date) -> str:
    return date_format(month, "YEAR_MONTH_FORMAT")


def payees_of(forecast: Forecast) -> list[tuple[str, str]]:
    """Who is paid how much for buy-outs, per currency."""
    return [(payee or _("No leasing provider"), money(amount, currency))
            for (payee, currency), amount in sorted(forecast.payees.items())]  # fmt: skip


# As a file


def file_rows(forecast: Forecast) -> Iterator[list]:
    """A heading, then a line for each month and path, then what stands apart. A column for each currency's sums."""
    currencies = forecast.currencies
    yield _heading(currencies)
    groups = [(code_of(month), code_of(month)) for month in forecast.months]
    for group, name in [*groups, *((apart.value, apart.words) for apart in Apart)]:
        for path in Path if group != Apart.MISSING else [None]:
            figures = forecast.line(group, path.value if path else "")
            if path or figures.total:
                yield [name, path.label if path else "", *_cells(figures, currencies)]


def _heading(currencies):
    sums = (_("Leasing cost ending, a month"), _("Buy-out income, with VAT"), _("Cost of replacement, estimated"))
    return [
        _("Month"), _("Path"), _("Devices due"), *(said.label for said in Said), _("Expected buy-outs"),
        _("Expected returns"), _("To replace"), *(f"{words} ({currency})" for words in sums for currency in currencies),
        _("Leases without a monthly cost"), _("Buy-outs without a price"), _("To replace without a price"),
    ]  # fmt: skip


def _cells(figures, currencies):
    sums = (figures.lease, figures.income, figures.cost)
    return [
        figures.total, *(figures.said[said.value] for said in Said), figures.buy_outs, figures.returns,
        figures.to_replace, *(_plain(amounts, currency) for amounts in sums for currency in currencies),
        figures.lease_unknown, figures.income_unknown, figures.cost_unknown,
    ]  # fmt: skip


def _plain(amounts, currency) -> Decimal | int:
    return amounts[currency] or 0
