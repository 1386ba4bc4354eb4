"""A company's pages."""

from django.urls import include, path

urlpatterns: list = [
    path("account/", include("velory.people.account_urls")),
    path("", include("velory.people.urls")),
    path("ui/", include("velory.ui.urls")),
]

handler400 = "velory.ui.errors.bad_request"
handler403 = "velory.ui.errors.permission_denied"
handler404 = "velory.ui.errors.not_found"
handler500 = "velory.ui.errors.server_error"
