"""Reporting a fault from the device's own page, with photos (seed repair)."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assets.guards import not_from_here
from assets.models import Device
from assets.views.steps import device_in_hand
from repairs.doors import where_repairs_are_on
from repairs.forms import ReportForm
from repairs.models import Case, Photo
from repairs.photos import add_photos
from repairs.showing import routine
from velory import clock
from velory.journal.reason import Refused
from velory.ui.pictures import as_answer
from velory.ui.steps import ask, conflict, see_other, seen_version


@require_http_methods(["GET", "HEAD", "POST"])
@where_repairs_are_on
def report_fault(request, ref):
    """The switch, what is wrong, photos; on POST the device needs repair and the admins know."""
    device = device_in_hand(request, ref)
    if Device.report_fault.step.role_of(device, request.user) is None:
        raise PermissionDenied
    if device.status not in Device.report_fault.step.sources:
        return conflict(request, device, not_from_here("report_fault", device))
    given = {"device": device, "by": request.user, "today": clock.today()}
    if request.method != "POST":
        return _ask(request, device, ReportForm(initial={"needs_repair": True}, **given))
    form = ReportForm(request.POST, files=request.FILES, **given)
    return _reported(request, device, form) if form.is_valid() else _ask(request, device, form, status=422)


def _ask(request, device, form, status=200):
    form.page = "repairs/report.html"
    return ask(request, device.report_fault, form, status=status, routine=routine())


def _reported(request, device, form):
    at = clock.now()
    try:
        with transaction.atomic():
            said = form.cleaned_data
            device.report_fault(by=request.user, at=at, version=seen_version(request), fault=said["fault"])
            add_photos(Case.held(device), said["photos"], at=at)
    except Refused as refused:
        return conflict(request, device, refused.reason)
    messages.success(request, _("The fault is reported. Back up the device before you hand it in."))
    return see_other(f"{device.get_absolute_url()}?tab=support")


@require_safe
@where_repairs_are_on
def photo(request, ref, size):
    """A photo of a fault: for admins, for who reported it and for who had the device."""
    found = get_object_or_404(Photo.objects.select_related("case"), ref=ref)
    mine = request.user.pk in {found.case.reported_by_id, found.case.holder_id}
    if size not in {"large", "small"} or not (request.user.is_admin or mine):
        raise Http404
    return as_answer(found, size)
