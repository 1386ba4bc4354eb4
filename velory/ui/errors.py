"""When something is refused, missing or broken: a page in the product's look, with a way on."""

import logging
import secrets

from django.core.exceptions import TooManyFieldsSent, TooManyFilesSent
from django.http import HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def bad_request(request, exception=None) -> HttpResponse:
    """400: the request could not be read."""
    too_many = isinstance(exception, TooManyFieldsSent | TooManyFilesSent)
    return HttpResponse(render_to_string("400.html", {"too_many": too_many}), status=400)


def permission_denied(request, exception=None) -> HttpResponse:
    """403: the role is not enough."""
    return render(request, "403.html", status=403)


def not_found(request, exception=None) -> HttpResponse:
    """404: missing, or another company's, or a colleague's; the same bytes for each (no path, no token)."""
    return render(request, "404.html", status=404)


def server_error(request) -> HttpResponse:
    """500: an id that the log knows too, and nothing else (R91)."""
    reference = secrets.token_hex(4).upper()
    log.error("Error page %s was shown.", reference)
    return HttpResponseServerError(render_to_string("500.html", {"reference": reference}))


def csrf_failure(request, reason="") -> HttpResponse:
    """403: the form was too old, or was not ours."""
    return render(request, "403_form.html", status=403)
