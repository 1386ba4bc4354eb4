"""The forecast as a chart, and in words for those who cannot see it."""

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from renewals.forecast.figures import Forecast
from renewals.forecast.groups import Said, code_of
from velory.ui.charts import TWO_YEARS, YEAR, Bar, Chart, Fill

FILLS = {
    Said.BUY_OUT: "buyout",
    Said.PRELIMINARY_BUY_OUT: "maybe-buyout",
    Said.RETURN: "return",
    Said.PRELIMINARY_RETURN: "maybe-return",
    Said.STARTED: "started",
    Said.TRADE_IN: "keep",
    Said.NOTHING: "open",
}


def chart_of(forecast: Forecast, *, path: str = "", months: int = 24) -> Chart:
    """Stacked bars of the coming months, what is decided at the foot of each."""
    shown = [(month, forecast.line(code_of(month), path).said) for month in forecast.months[:months]]
    first, last = _month(shown[0][0]), _month(shown[-1][0])
    return Chart(
        "forecast",
        title=_("Renewals by month, %(first)s to %(last)s") % {"first": first, "last": last},
        description=_described(shown),
        fills=[Fill(name, said.label) for said, name in FILLS.items()],
        bars=[_bar(n, month, said) for n, (month, said) in enumerate(shown)],
        sizes=TWO_YEARS if months > 12 else YEAR,
    )  # fmt: skip


def _bar(n, month, said):
    parts = {name: said[code.value] for code, name in FILLS.items()}
    name = date_format(month, "b" if date_format(month, "b").islower() else "M").rstrip(".").capitalize()[:3]
    year = str(month.year) if n == 0 or month.month == 1 else ""
    return Bar(parts, name=name, short=name[:1], under=year)


def _described(shown):
    total = sum(said.total() for _month, said in shown)
    if not total:
        return _("No renewal date lies in these months.")
    top, said = max(shown, key=lambda found: found[1].total())
    words = _(
        "Stacked bars, one a month. %(total)s devices in all; nothing is chosen yet for %(open)s of them. The highest "
        "is %(month)s with %(top)s. The table has every number."
    )
    unchosen = sum(said[Said.NOTHING.value] for _month, said in shown)
    return words % {"total": total, "open": unchosen, "month": _month(top), "top": said.total()}


def _month(month):
    return date_format(month, "YEAR_MONTH_FORMAT")
