"""A session of support: it looks at a company's pages and changes nothing (reliability R68).

Its session holds the reference of a SupportAccess and no person. Whoever looks is shown what an admin is shown, as
somebody who stands in no table; the database itself refuses to write (`READ ONLY`). Each answer carries the banner;
forms that would change something are taken out of it, files are not given out, every page is put down.
"""

import re

from django.contrib import messages
from django.db import connection, transaction
from django.db.utils import IntegrityError, InternalError
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from velory import clock
from velory.people.models import Person, Role
from velory.support.models import SupportAccess

KEY = "support_access"
LEAVE = "support:leave"
SHUT = re.compile(
    r"(^|:|_)(export|download|receipt|label|file|refused|headings|picture_file|again|password|you|delegations|security"
    r"|factor)(_|$)"
    r"|^(account_|archive:|erasing:|operators:|renewals:calendar|federated:(go|back|who|code|link)$)"
)
FORM = re.compile(rb"<form\b[^>]*\bmethod=[\"']?post\b[^>]*>(.*?)</form>", re.DOTALL | re.IGNORECASE)
CONTROL = re.compile(rb"<(button|select|textarea)\b.*?</\1>|<input\b[^>]*>", re.DOTALL | re.IGNORECASE)
TO_FILL_IN = re.compile(rb"<(select|textarea)\b|<input\b(?![^>]*\btype=[\"']?hidden)", re.IGNORECASE)
TO_WRITE_IN = re.compile(rb"<textarea\b|<input\b[^>]*\btype=[\"']?(text|number|date|email|file)\b", re.IGNORECASE)
PANEL = re.compile(rb"^<form\b[^>]*\bclass=[\"']panel\b", re.IGNORECASE)
PAGE = b'<div class="page">'
SHOWN = ("text/html", "image/")


class SupportMiddleware:
    """Stands behind the one that knows people: a session of support has none of them."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        request.support = None
        ref = request.session.get(KEY) if request.company is not None else None
        if not ref:
            return self.get_response(request)
        access, at = SupportAccess.objects.filter(ref=ref).first(), clock.now()
        if access is None or not access.is_good_at(at):
            request.session.flush()
            return render(request, "support/over.html", status=403)
        request.support, request.user = access, looking(access, request.LANGUAGE_CODE)
        name = name_of(request.path_info)
        if name == LEAVE:
            return self.get_response(request)
        if request.method not in {"GET", "HEAD"} or SHUT.search(name):
            return only_looks(request)
        return self.show(request, access, at)

    def show(self, request, access, at):
        """A page, as the database gives it without being written to."""
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION READ ONLY")
            response = self.get_response(request)
        if response.streaming or "attachment" in response.get("Content-Disposition", ""):
            for close in response._resource_closers:  # response.close() would end the connection too
                close()
            return only_looks(request)
        if response.status_code == 200 and not response.get("Content-Type", "").startswith(SHOWN):
            return only_looks(request)
        if response.get("Content-Type", "").startswith("text/html"):
            response.content = with_banner(request, without_forms(response.content))
            if response.status_code == 200:
                access.look_at(request.path_info, at=at)
        return response

    def process_exception(self, request, exception):
        """A page that cannot be shown without writing something is not shown."""
        if getattr(request, "support", None) and isinstance(exception, (InternalError, IntegrityError)):
            transaction.set_rollback(True)
            return only_looks(request)
        return None


def looking(access: SupportAccess, language: str) -> Person:
    """Whoever looks: like an admin to the pages, and in no table, so that nothing can ever be theirs."""
    person = Person(pk=0, ref="", first_name=access.operator_name, last_name="(Velory)", role=Role.ADMIN)
    person.language = language
    person._state.adding = False
    return person


def only_looks(request):
    """403: support looks, and does nothing else."""
    response = render(request, "support/only_looks.html", status=403)
    if response.get("Content-Type", "").startswith("text/html"):
        response.content = with_banner(request, response.content)
    return response


def without_forms(content: bytes) -> bytes:
    """A page without its forms that post; why they are left out is said in full in the place of the first."""
    told = False

    def what_is_shown(form) -> bytes:
        """Of a form around a table, the table without anything to press; of one to fill in, words; else nothing."""
        nonlocal told
        if b"<table" in form[1] and not TO_WRITE_IN.search(form[1]):
            return CONTROL.sub(b"", form[1])
        if not TO_FILL_IN.search(form[1]):
            return b""
        page = {"again": told, "is_panel": PANEL.search(form[0]) is not None}
        told = True
        return render_to_string("support/_left_out.html", page).encode()

    return FORM.sub(what_is_shown, content)


def with_banner(request, content: bytes) -> bytes:
    """A page with the words on top: who looks, until when, and how it is ended."""
    banner = render_to_string("support/_banner.html", {"access": request.support}, request).encode()
    return content.replace(PAGE, banner + PAGE, 1)


def name_of(path: str) -> str:
    """The name of an address's view; empty where there is none."""
    try:
        return resolve(path).view_name
    except Resolver404:
        return ""


def begin(request, access: SupportAccess) -> None:
    """From now on this browser looks as support, and is nobody else here."""
    assert access.ends_at is not None
    request.session.flush()
    request.session[KEY] = access.ref
    request.session.set_expiry(max(1, int((access.ends_at - clock.now()).total_seconds())))


def leave(request) -> None:
    """Support has looked enough."""
    if request.support:
        request.support.end(at=clock.now(), operator=request.support.operator_name)
    request.session.flush()
    messages.success(request, _("The support access is ended."))
