"""The addresses of renewals."""

from django.urls import path

from renewals.returns.views import partner, returns  # noqa: F401  (partner: the leasing provider's own page)
from renewals.views import buyout, calendar, choice, forecast, link, lists  # noqa: F401  (link: answers letters)

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
    path("renewals/<slug:ref>/choice/", choice.choose, name="choose"),
    path("renewals/all/", lists.renewals_list, {"view": "all"}, name="all"),
    path("renewals/forecast/", forecast.forecast, name="forecast"),
    path("renewals/forecast/file/", forecast.forecast_file, name="forecast_file"),
    path("devices/<slug:ref>/start_buyout/", buyout.start_buyout, name="start_buyout"),
    path("devices/<slug:ref>/turn_back/", buyout.turn_back, name="turn_back"),
    path("calendar/<slug:secret>.ics", calendar.calendar, name="calendar"),
    path("you/calendar/<slug:scope>/new/", calendar.make_feed, name="make_feed"),
    path("you/calendar/<slug:scope>/revoke/", calendar.revoke_feed, name="revoke_feed"),
    path("renewals/returns/", returns.returns_list, name="returns"),
    path("returns/<slug:ref>/label/", returns.label, name="return_label"),
    path("returns/<slug:ref>/upload/", returns.upload, name="upload_label"),
    path("returns/<slug:ref>/remind/", returns.remind, name="remind_provider"),
    path("returns/<slug:ref>/ask-back/", returns.ask_back, name="ask_back"),
    path("renewals/reminders/<slug:ref>/<slug:deed>/", lists.change_planned, name="change_planned"),
]
