"""The platform's own pages, at the base domain."""

from django.conf import settings
from django.urls import include, path

from velory.health import health
from velory.help.views import public_handbook
from velory.operators.views import sign_up
from velory.payments.inbox.webhook import webhook
from velory.people.views.arriving import choose_language
from velory.public_views import find_company, welcome

urlpatterns: list = [
    path("", welcome, name="welcome"),
    path("find/", find_company, name="find_company"),
    path("language/", include(([path("", choose_language, name="language")], "people"))),
    path("sign-up/", sign_up.sign_up, name="sign_up"),
    path("sign-up/sent/", sign_up.sent_mail, name="sign_up_sent"),
    path("sign-up/confirm/<str:token>/", sign_up.confirm, name="sign_up_confirm"),
    path("sign-up/<slug:ref>/", sign_up.progress, name="sign_up_progress"),
    path("health/", health, name="health"),
    path("anymail/", include("velory.post.webhook_urls")),
    path("stripe/webhook/", webhook, name="stripe_webhook"),
    path("help/", public_handbook, name="public_handbook"),
    path("help/", include("velory.help.open_urls")),
    path("ui/", include("velory.ui.urls")),
]
if settings.DEMO:
    urlpatterns.append(path("", include("velory.demo.urls")))

handler400 = "velory.ui.errors.bad_request"
handler403 = "velory.ui.errors.permission_denied"
handler404 = "velory.ui.errors.not_found"
handler500 = "velory.ui.errors.server_error"
