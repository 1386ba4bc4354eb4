"""The coming year on the admins' overview."""

from assets.panels import overview_panel
from renewals.forecast.chart import chart_of
from renewals.forecast.figures import Forecast
from renewals.forecast.table import table_of


@overview_panel(order=10)
def the_next_twelve_months(*, today):
    """The chart with its table; nothing where no device is on its way to a renewal."""
    forecast = Forecast(today=today, with_money=False)
    if not forecast.all().total:
        return None
    table = table_of(forecast, months=12)
    return "renewals/_forecast_overview.html", {"chart": chart_of(forecast, months=12), "table": table}
