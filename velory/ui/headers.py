"""What every answer carries: not stored, told apart for htmx, no powers of the browser; and a way to sign in again."""

from django.conf import settings
from django.shortcuts import resolve_url
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode
from django_htmx.http import HttpResponseClientRedirect

POWERS = (
    "accelerometer",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "microphone",
    "midi",
    "payment",
    "usb",
)
POLICY = ", ".join(f"{power}=()" for power in POWERS)


class HeadersMiddleware:
    """Reliability R88 to R90."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        response = self.get_response(request)
        if request.htmx and leads_to_sign_in(response):
            response = sign_in_again(request)
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", POLICY)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        patch_vary_headers(response, ["HX-Request"])
        if has_signed_out(request, response):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


def leads_to_sign_in(response) -> bool:
    """Whether an answer sends the person to the sign-in page."""
    return response.status_code in {302, 303} and response.url.split("?")[0] == resolve_url(settings.LOGIN_URL)


def sign_in_again(request) -> HttpResponseClientRedirect:
    """The whole page goes to sign-in, and comes back to where the person was; never a form in a fragment (R90)."""
    try:
        back = request.htmx.current_url_abs_path or "/"
    except ValueError:  # the browser says nonsense of where it is
        back = "/"
    return HttpResponseClientRedirect(f"{resolve_url(settings.LOGIN_URL)}?{urlencode({'next': back})}")


def has_signed_out(request, response) -> bool:
    """Whether this was the answer that ended a session."""
    match = request.resolver_match
    return (
        request.method == "POST"
        and response.status_code == 302
        and match is not None
        and match.url_name == "account_logout"
    )
