"""The addresses of renewals."""

from django.urls import path

from renewals.views import buyout, forecast, link, lists  # noqa: F401  (link: answers the addresses in letters)

app_name = "renewals"
urlpatterns = [
    path("renewals/", lists.renewals_list, {"view": "due"}, name="due"),
    path(
        "renewals/awaiting-confirmation/",
        lists.renewals_list,
        {"view": "awaiting_confirmation"},
        name="awaiting_confirmation",
    ),
    path("renewals/awaiting-release/", lists.renewals_list, {"view": "awaiting_release"}, name="awaiting_release"),
    path("renewals/overdue/", lists.renewals_list, {"view": "overdue"}, name="overdue"),
    path("renewals/date-missing/", lists.renewals_list, {"view": "date_missing"}, name="date_missing"),
    path("renewals/all/", lists.renewals_list, {"view": "all"}, name="all"),
    path("renewals/forecast/", forecast.forecast, name="forecast"),
    path("renewals/forecast/file/", forecast.forecast_file, name="forecast_file"),
    path("devices/<slug:ref>/start_buyout/", buyout.start_buyout, name="start_buyout"),
    path("devices/<slug:ref>/turn_back/", buyout.turn_back, name="turn_back"),
    path("renewals/reminders/<slug:ref>/<slug:deed>/", lists.change_planned, name="change_planned"),
]
