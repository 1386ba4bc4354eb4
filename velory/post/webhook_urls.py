"""Where mail providers report to, on the platform's own host: /anymail/<provider>/tracking/.

The views are django-anymail's, which read each provider's format; ours keep what was said. They ask for one of
VELORY_MAIL_WEBHOOK_SECRETS; where none is set, nothing is served (reliability R33).
"""

import logging

from anymail.webhooks.brevo import BrevoTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from anymail.webhooks.sparkpost import SparkPostTrackingWebhookView
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import BadRequest
from django.db import OperationalError
from django.http import Http404, HttpResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt

from velory.post.webhooks import take_note

log = logging.getLogger(__name__)


class Kept:
    """A provider's view whose reports are kept; one that cannot be read does not cost the rest of its batch."""

    def post(self, request, *args, **kwargs):
        self.run_validators(request)
        try:
            events = self.parse_events(request)
        except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as unread:
            raise BadRequest("This could not be read.") from unread
        for event in events:
            self.keep(event)
        return HttpResponse()

    def keep(self, event):
        if event is None:
            return
        try:
            take_note(event, self.esp_name)
        except OperationalError:
            raise  # our fault, and the provider tells us again
        except Exception:
            log.exception("A report from %s could not be kept.", self.esp_name)

    def esp_to_anymail_event(self, *args, **kwargs):
        try:
            return super().esp_to_anymail_event(*args, **kwargs)
        except Exception:
            log.exception("A report from %s could not be read.", self.esp_name)
            return None


def keeping(view):
    """A provider's view that keeps what it is told; nothing at all is there where no secret is set."""
    kept = type(f"Kept{view.__name__}", (Kept, view), {}).as_view()

    @csrf_exempt
    @login_not_required
    def answer(request):
        if not settings.ANYMAIL["WEBHOOK_SECRET"]:
            raise Http404
        return kept(request)

    return answer


urlpatterns = [
    path("brevo/tracking/", keeping(BrevoTrackingWebhookView)),
    path("postmark/tracking/", keeping(PostmarkTrackingWebhookView)),
    path("sendgrid/tracking/", keeping(SendGridTrackingWebhookView)),
    path("sparkpost/tracking/", keeping(SparkPostTrackingWebhookView)),
]
