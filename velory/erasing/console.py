"""Erasing and exporting a company in the operators' console."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse, Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from velory import clock
from velory.archive.making import progress
from velory.archive.models import KEPT as ARCHIVE_KEPT
from velory.archive.models import Archive
from velory.erasing import deeds
from velory.erasing.forms import AskForm
from velory.erasing.models import FETCH, KEPT, QUARANTINE, Erasure
from velory.journal.reason import Reason, Refused
from velory.operators.deeds import note
from velory.operators.doors import for_operators
from velory.operators.panels import company_panel
from velory.operators.views.companies import address_of, the_company
from velory.people.again import reauthenticated
from velory.tenancy.context import inside
from velory.tenancy.models import Company
from velory.ui.steps import conflict, see_other, sent

DAYS = {"fetch": FETCH.days, "quarantine": QUARANTINE.days, "kept": KEPT.days // 30}


@company_panel(order=60)
def export(request, company):
    """Whether an export is being made, or lies there. The file itself is the company's: its admins fetch it. While they
    can't come in, because it is suspended, an operator hands it over."""
    if company.state == Company.State.SUSPENDED:
        with inside(company):
            latest = Archive.objects.to_fetch(clock.now()).newest_first().first()
        return "erasing/_export_panel.html", {"latest": latest, "days": ARCHIVE_KEPT.days, "is_suspended": True}
    if not company.is_servable:
        return None
    with inside(company):
        busy, latest = Archive.objects.being_made().first(), Archive.objects.ready().newest_first().first()
        done = progress(busy) if busy else (0, 0)
    return "erasing/_export_panel.html", {"busy": busy, "done": done, "latest": latest, "days": ARCHIVE_KEPT.days}


@company_panel(order=90)
def erasing(request, company):
    """How far its erasing is, and what can be done about it."""
    if company.is_operators:
        return None
    erasure = Erasure.objects.of(company).under_way().first()
    mine = erasure is not None and erasure.asked_by_ref == request.user.ref
    can_ask = company.state in {Company.State.READY, Company.State.SUSPENDED}
    return "erasing/_panel.html", {"erasure": erasure, "mine": mine, "can_ask": can_ask, "lasts": DAYS}


@require_POST
@for_operators
@reauthenticated
def ask_for_export(request, slug):
    """All data and files, for the company's admins to fetch."""
    shown = the_company(slug)
    if not shown.is_servable:
        raise Http404
    try:
        with inside(shown):
            Archive.ask(by=None, operator=str(request.user), at=clock.now())
    except Refused as refused:
        return conflict(request, shown, refused.reason, address=address_of(shown))
    note(shown, "export", by=request.user, at=clock.now())
    messages.success(request, _("The export is being made. The company’s admins get a mail when it is ready."))
    return see_other(address_of(shown))


@require_POST
@for_operators
@reauthenticated
def hand_over(request, slug):
    """The file of a company whose admins can't come in: fetched to be handed to them; both sides write it down."""
    shown, at = the_company(slug), clock.now()
    if shown.state != Company.State.SUSPENDED:
        raise Http404
    with inside(shown):
        archive = Archive.objects.to_fetch(at).newest_first().first()
        if archive is None or not default_storage.exists(archive.path):
            reason = Reason("gone", _("Its file is not there any more. Open the company again to make another."))
            return conflict(request, shown, reason, address=address_of(shown))
        archive.note("hand_over", by=None, at=at, operator=str(request.user))
        file, name = default_storage.open(archive.path), archive.file_name
    note(shown, "hand_over_export", by=request.user, at=at)
    return FileResponse(file, as_attachment=True, filename=name)


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
@reauthenticated
def ask(request, slug):
    """What would happen, day by day; then the short name, typed."""
    shown = the_company(slug)
    if shown.is_operators:
        raise Http404
    form = AskForm(sent(request), company=shown)
    if not form.is_valid():
        page = {"shown": shown, "form": form, "address": address_of(shown), "lasts": DAYS}
        return render(request, "erasing/ask.html", page, status=422 if form.is_bound else 200)
    done = _("It has been asked for. Somebody else has to confirm it: another operator, or an admin of the company.")
    return _do(request, shown, lambda: deeds.ask(shown, by=request.user, at=clock.now(), **form.facts), done)


@require_POST
@for_operators
@reauthenticated
def confirm(request, slug):
    """Another operator agrees."""
    shown = the_company(slug)
    hand = {"by": request.user, "at": clock.now(), "operator": True}
    done = _("The erasing is confirmed. The company is told, and its export is made.")
    return _do(request, shown, lambda: deeds.confirm(_of(shown), **hand), done)


@require_POST
@for_operators
def call_off(request, slug):
    """The company stays."""
    shown = the_company(slug)
    hand = {"by": request.user, "at": clock.now(), "operator": True}
    return _do(request, shown, lambda: deeds.call_off(_of(shown), **hand), _("The erasing is called off."))


def _of(company):
    found = Erasure.objects.of(company).under_way().first()
    if found is None:
        raise Http404
    return found


def _do(request, shown, deed, says):
    try:
        deed()
    except Refused as refused:
        return conflict(request, shown, refused.reason, address=address_of(shown))
    messages.success(request, says)
    return see_other(address_of(shown))
