"""The platform's own pages, at the base domain."""

from django.conf import settings
from django.urls import include, path

from velory.health import health

urlpatterns: list = [
    path("health/", health, name="health"),
    path("anymail/", include("velory.post.webhook_urls")),
    path("ui/", include("velory.ui.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("velory.demo.urls")))

handler400 = "velory.ui.errors.bad_request"
handler403 = "velory.ui.errors.permission_denied"
handler404 = "velory.ui.errors.not_found"
handler500 = "velory.ui.errors.server_error"
