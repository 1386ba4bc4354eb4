"""A company's pages."""

from django.conf import settings
from django.urls import include, path

from velory.ui.views import search_page

urlpatterns: list = [
    path("account/", include("velory.people.account_urls")),
    path("", include("velory.people.federated.urls")),
    path("", include("assets.offboarding.urls")),  # before a person's own address, which holds any word
    path("", include("assets.people_urls")),  # before a person's page
    path("", include("velory.people.urls")),
    path("", include("velory.post.urls")),
    path("", include("velory.archive.urls")),
    path("", include("velory.erasing.urls")),
    path("", include("velory.support.urls")),
    path("", include("velory.payments.screens.urls")),  # before the payer's page, whose address holds any word
    path("", include("velory.payments.urls")),
    path("", include("renewals.urls")),  # before the ground floor: some steps of a device have a page of their own
    path("", include("orders.urls")),
    path("", include("repairs.urls")),
    path("", include("assets.urls")),
    path("", include("assets.importing.urls")),
    path("", include("assets.bulk.urls")),
    path("help/", include("velory.help.urls")),
    path("search/", search_page, name="search"),
    path("ui/", include("velory.ui.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("velory.demo.urls")))

handler400 = "velory.ui.errors.bad_request"
handler403 = "velory.ui.errors.permission_denied"
handler404 = "velory.ui.errors.not_found"
handler500 = "velory.ui.errors.server_error"
