"""The platform's own pages, at the base domain."""

from django.conf import settings
from django.urls import include, path

from velory.health import health
from velory.payments.inbox.webhook import webhook
from velory.people.views.arriving import choose_language
from velory.public_views import find_company, welcome

urlpatterns: list = [
    path("", welcome, name="welcome"),
    path("find/", find_company, name="find_company"),
    path("language/", include(([path("", choose_language, name="language")], "people"))),
    path("health/", health, name="health"),
    path("anymail/", include("velory.post.webhook_urls")),
    path("stripe/webhook/", webhook, name="stripe_webhook"),
    path("help/", include("velory.help.open_urls")),
    path("ui/", include("velory.ui.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("velory.demo.urls")))

handler400 = "velory.ui.errors.bad_request"
handler403 = "velory.ui.errors.permission_denied"
handler404 = "velory.ui.errors.not_found"
handler500 = "velory.ui.errors.server_error"
