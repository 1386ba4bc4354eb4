"""From the host of a request to its company, exactly, with a look-up that is kept for half a minute."""

import re
import threading

from django.conf import settings
from django.db import connection
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import set_urlconf
from django.utils.translation import get_language_from_request, override

from velory import clock
from velory.tenancy.models import Company, Domain

HOST = re.compile(r"(?P<name>[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?)\.?(:[0-9]{1,5})?")
KEEP = 30  # seconds; suspension reaches every web process within them
KEEP_CLOSED = 2  # ... and a company that was opened, resumed or migrated is found within these
PUBLIC_HOSTS = {"", "www."}
OPERATORS_URLCONF = "velory.operators.site_urls"

_known: dict = {}
_lock = threading.Lock()


def host_of(request) -> str:
    """The host as the client sent it: lower case, without port or trailing dot; "" where it cannot be one.

    Forwarded headers are not read.
    """
    sent = HOST.fullmatch(request.META.get("HTTP_HOST", "").lower())
    return sent["name"] if sent else ""


def company_at(host: str):
    """The company at a host, or None. Asked of the database at most once in KEEP seconds a process."""
    at = clock.wall().timestamp()
    since, until, company = _known.get(host, (at, at, None))
    if since <= at < until:
        return company
    domain = Domain.objects.filter(domain=host).select_related("tenant").first()
    company = domain and domain.tenant
    if company is not None:
        company.host  # noqa: B018 - reads the domain once, with the company
    with _lock:
        if len(_known) > 10_000:
            _known.clear()
        _known[host] = (at, at + (KEEP if is_served(company) else KEEP_CLOSED), company)
    return company


def is_served(company) -> bool:
    """Whether a company is there, open, and has every migration of this code."""
    return company is not None and company.is_servable


def forget_hosts() -> None:
    """Look every host up anew: after a company was opened, suspended or changed in this process."""
    _known.clear()


class KnownHostsMiddleware:
    """Stands first: what nobody has is not sent on to https, where it would be nobody's as well."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        moves = settings.SECURE_SSL_REDIRECT and not request.is_secure()
        return nobody_here() if moves and self.is_nobodys(request) else self.get_response(request)

    def is_nobodys(self, request) -> bool:
        """Whether nothing is served at this host."""
        connection.set_schema_to_public()
        host = host_of(request)
        return not is_public(host, request.path) and is_missing(company_at(host) if host else None)


class CompanyMiddleware:
    """Serve each host its own company, the base domain the public pages, and any other host a constant 404."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        connection.set_schema_to_public()
        try:
            return self.answer(request)
        finally:
            connection.set_schema_to_public()

    def answer(self, request):
        host = host_of(request)
        request.company = None
        if is_public(host, request.path):
            request.urlconf = settings.PUBLIC_SCHEMA_URLCONF
            set_urlconf(request.urlconf)
            return self.get_response(request)
        if settings.DEMO and host == f"mail.{settings.BASE_DOMAIN}":
            request.urlconf = "velory.demo.mail_urls"
            set_urlconf(request.urlconf)
            return self.get_response(request)
        company = company_at(host) if host else None
        if company is None or is_missing(company):
            return nobody_here()
        if not company.is_servable:
            return closed(request, company)
        request.company = request.tenant = company
        connection.set_tenant(company)
        if company.is_operators:
            request.urlconf = OPERATORS_URLCONF
            set_urlconf(request.urlconf)
        return self.get_response(request)


def is_public(host: str, path: str) -> bool:
    """Whether the platform's own pages are served: at the base domain, and its health to whoever asks from within."""
    return host in {f"{prefix}{settings.BASE_DOMAIN}" for prefix in PUBLIC_HOSTS} or (
        host == "127.0.0.1" and path == "/health/"
    )


def is_missing(company) -> bool:
    """Whether there is no company for anybody outside: none, not open yet, or being erased."""
    return company is None or company.state in {Company.State.OPENING, Company.State.ERASING}


def nobody_here() -> HttpResponse:
    """A constant answer that asks nothing of a database and says nothing of who else lives here."""
    body = "Nothing is served at this address.\nIngenting finns på den här adressen.\n"
    return HttpResponse(body, status=404, content_type="text/plain; charset=utf-8")


def closed(request, company) -> HttpResponse:
    """Suspended, or being migrated: a page in our look and the browser's language, which asks no database either.

    Why a company is suspended stands in the letter to its admins, and not here, where everybody reads it.
    """
    is_suspended = company.state == Company.State.SUSPENDED
    with override(get_language_from_request(request)):
        page = {"company": company, "whom": settings.ENV.velory_contact} if is_suspended else {}
        body = render_to_string("errors/suspended.html" if is_suspended else "errors/maintenance.html", page)
    return HttpResponse(body, status=503, headers={"Retry-After": "60", "Cache-Control": "no-store"})
