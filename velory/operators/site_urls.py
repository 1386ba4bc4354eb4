"""Every address at the operators' own host: the console, then what any company has (people, mail, log, settings)."""

from django.urls import include, path

from velory import urls

urlpatterns: list = [
    path("", include("velory.operators.urls")),
    path("", include("velory.support.console_urls")),
    path("", include("velory.people.federated.console_urls")),
    path("", include("velory.erasing.console_urls")),
    *urls.urlpatterns,
]

handler400 = urls.handler400
handler403 = urls.handler403
handler404 = urls.handler404
handler500 = urls.handler500
