"""Rooms and pools that have devices in a person's stead."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assets.forms import SpaceForm
from assets.models import Space
from velory import clock
from velory.journal.deeds import record
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.people.doors import for_admins
from velory.ui.steps import conflict, seen_version, sent


@require_safe
@for_admins
def spaces(request):
    """Every space with how many devices it has."""
    return render(request, "assets/spaces.html", {"spaces": Space.objects.with_devices_counted()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def add_space(request):
    """A new room or pool."""
    return save(request, Space(), "add")


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def edit_space(request):
    """Another name or location; the space is told by its name, `/spaces/edit/?space=Reception`."""
    return save(request, get_object_or_404(Space, name=request.GET.get("space", "").replace("\0", "")), "change")


def save(request, space, deed):
    """Ask for a space's name and location; on POST keep them and note in the log what changed."""
    seen = seen_version(request) if request.method == "POST" else Entry.objects.version_of(space)
    form = SpaceForm(sent(request), instance=space)
    called = space.name
    if request.method == "POST" and form.is_valid():
        try:
            record(form, deed, by=request.user, at=clock.now(), version=seen)
        except Refused as stale:
            return conflict(request, space, stale.reason, address=reverse("assets:spaces"))
        messages.success(request, _("%s is saved.") % space)
        return redirect("assets:spaces")
    page = {"form": form, "called": called, "version": seen}
    return render(request, "assets/space.html", page, status=422 if form.is_bound else 200)
