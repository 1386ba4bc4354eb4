"""A calendar feed at its secret address, and the buttons that make and revoke it."""

import hashlib

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, HttpResponseNotModified
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_POST, require_safe

from renewals.calendars.ics import as_ics
from renewals.models import CalendarFeed
from velory import clock
from velory.people.limits import may_knock
from velory.ui.steps import see_other

HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
NOTHING = b"There is no calendar at this address.\n"


@login_not_required
@require_safe
def calendar(request, secret):
    """What a calendar program reads. Whatever is not, or no longer, to be read gets one and the same answer (R28)."""
    if not may_knock("calendar", request):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    today = clock.today()
    feed = CalendarFeed.objects.open().filter(secret=secret).select_related("person").first()
    if feed is None or not feed.may_be_read(today):
        return HttpResponse(NOTHING, status=404, content_type="text/plain; charset=utf-8", headers=HEADERS)
    with override(feed.person.language):
        return _answer(request, as_ics(feed, today=today), feed.person.language)


def _answer(request, body, language):
    mark = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = HEADERS | {"ETag": mark, "Content-Language": language}
    if mark in request.headers.get("If-None-Match", ""):
        return HttpResponseNotModified(headers=headers)
    headers |= {"Content-Disposition": 'inline; filename="velory.ics"'}
    return HttpResponse(body, content_type="text/calendar; charset=utf-8", headers=headers)


@require_POST
def make_feed(request, scope):
    """A fresh address; the one before it ends."""
    CalendarFeed.make(request.user, _scope(request, scope), at=clock.now())
    messages.success(request, _("The calendar address is new. One that you had before answers no more."))
    return _back()


@require_POST
def revoke_feed(request, scope):
    """The address ends."""
    if CalendarFeed.revoke(request.user, _scope(request, scope), at=clock.now()):
        messages.success(request, _("The calendar address answers no more."))
    return _back()


def _scope(request, scope):
    if scope not in CalendarFeed.Scope.values:
        raise Http404
    if scope == CalendarFeed.Scope.COMPANY and not request.user.is_admin:
        raise PermissionDenied
    return scope


def _back():
    return see_other(f"{reverse('people:you')}#calendar-title")
