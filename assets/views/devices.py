"""The device page and its notes."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assets.forms import NoteForm
from assets.models import Device
from assets.views.device_page import DevicePage
from assets.views.steps import device_in_hand
from velory import clock


@require_safe
def device(request, ref):
    """A device with its tabs; a colleague's is readable where the company shows it."""
    found = get_object_or_404(Device.objects.visible_to(request.user).with_what_a_list_shows(), ref=ref.upper())
    page = DevicePage(found, request.user, tab=request.GET.get("tab", ""), at=clock.now(), today=clock.today())
    return render(request, "assets/device.html", {
        "page": page, "device": found, "panels": shown(request, page), "note_form": NoteForm(by=request.user),
    })  # fmt: skip


@require_POST
def add_note(request, ref):
    """A signed note by an admin or the holder."""
    found = device_in_hand(request, ref)
    form = NoteForm(request.POST, by=request.user)
    if not form.is_valid():
        page = DevicePage(found, request.user, tab="notes", at=clock.now(), today=clock.today())
        return render(request, "assets/device.html", {"page": page, "device": found, "note_form": form}, status=422)
    found.remark(**form.cleaned_data, by=request.user, at=clock.now())
    messages.success(request, _("The note stands on %s.") % found)
    return redirect(f"{found.get_absolute_url()}?tab=notes")


def shown(request, page) -> list[str]:
    """What the apps above put on this tab, drawn."""
    known = {"device": page.device, "person": page.person, "today": page.today}
    return [render_to_string(template, known | context, request) for template, context in page.panels]
