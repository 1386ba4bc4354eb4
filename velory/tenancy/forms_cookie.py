"""The cookie against forged forms names its company: one company's is no good at another (reliability R53)."""

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac

from velory.tenancy.context import current_company, inside_a_company


class FormsCookieMiddleware:
    """Stands around CsrfViewMiddleware: takes a mark off its cookie on the way in, puts it back on the way out."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        name = settings.CSRF_COOKIE_NAME
        secret, _dot, mark = request.COOKIES.pop(name, "").partition(".")
        if secret and constant_time_compare(mark, mark_of(secret)):
            request.COOKIES[name] = secret
        response = self.get_response(request)
        if name in response.cookies:
            secret = response.cookies[name].value
            response.cookies[name] = f"{secret}.{mark_of(secret)}"
        return response


def mark_of(secret: str) -> str:
    """What proves that a secret was given out by this company, or by the platform."""
    owner = current_company().uuid if inside_a_company() else "public"
    return salted_hmac(f"velory.forms.{owner}", secret, algorithm="sha256").hexdigest()[:32]
