"""The forecast of renewals: a page for admins, and the same as a file."""

from django.http import HttpRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from renewals.forecast.chart import chart_of
from renewals.forecast.figures import Forecast
from renewals.forecast.table import file_rows, payees_of, table_of
from renewals.paths import Path
from velory import clock
from velory.people.doors import for_admins
from velory.ui.files import as_csv


@require_safe
@for_admins
def forecast(request):
    """The next 24 months; `?path=` narrows them to one path."""
    found, path = Forecast(today=clock.today()), _path_asked(request)
    context = {
        "chart": chart_of(found, path=path),
        "table": table_of(found, path=path),
        "payees": payees_of(found),
        "total": found.all(path).total,
        "tabs": _tabs(request, found, path),
    }
    return render(request, "renewals/forecast.html", context)


@require_safe
@for_admins
def forecast_file(request):
    """Every month and path, with each currency in columns of its own."""
    today = clock.today()
    return as_csv(f"{_('renewals-forecast')}-{today}.csv", file_rows(Forecast(today=today)))


def _path_asked(request: HttpRequest) -> str:
    asked = request.GET.get("path", "")
    return asked if asked in Path.values else ""


def _tabs(request, found, path):
    places = [("", pgettext("paths", "All paths")), *Path.choices]
    return [
        {
            "label": label, "address": f"{request.path}?path={code}" if code else request.path,
            "current": code == path, "count": found.all(code).total,
        }
        for code, label in places
    ]  # fmt: skip
