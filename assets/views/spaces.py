"""Rooms and pools that have devices in a person's stead."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assets.forms import SpaceForm
from assets.models import Space
from velory import clock
from velory.journal.deeds import record
from velory.people.doors import for_admins


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
    form = SpaceForm(request.POST if request.method == "POST" else None, instance=space)
    called = space.name
    if request.method == "POST" and form.is_valid():
        record(form, deed, by=request.user, at=clock.now())
        messages.success(request, _("%s is saved.") % space)
        return redirect("assets:spaces")
    return render(request, "assets/space.html", {"form": form, "called": called}, status=422 if form.is_bound else 200)
