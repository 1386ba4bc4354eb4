"""The addresses of renewals."""

from django.urls import path

from renewals import views

app_name = "renewals"
urlpatterns = [
    path("renewals/", views.renewals_list, {"view": "due"}, name="due"),
    path(
        "renewals/awaiting-confirmation/",
        views.renewals_list,
        {"view": "awaiting_confirmation"},
        name="awaiting_confirmation",
    ),
    path("renewals/awaiting-release/", views.renewals_list, {"view": "awaiting_release"}, name="awaiting_release"),
    path("renewals/overdue/", views.renewals_list, {"view": "overdue"}, name="overdue"),
    path("renewals/date-missing/", views.renewals_list, {"view": "date_missing"}, name="date_missing"),
    path("renewals/reminders/<slug:ref>/<slug:deed>/", views.change_planned, name="change_planned"),
]
