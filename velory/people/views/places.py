"""Locations and teams: lists with a form each."""

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Count, ProtectedError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from velory import clock
from velory.journal.deeds import record, write
from velory.journal.reason import Reason
from velory.people.doors import for_admins
from velory.people.forms.place import LocationForm, TeamForm
from velory.people.models import Location, Team
from velory.ui.steps import conflict, see_other, sent

KINDS: dict[str, tuple[Any, Any]] = {"locations": (Location, LocationForm), "teams": (Team, TeamForm)}


@for_admins
def place_list(request, kind):
    """All of them, and a form for a new one."""
    model, form_class = KINDS[kind]
    form = form_class(sent(request))
    if form.is_valid():
        record(form, "add", by=request.user, at=clock.now())
        place = form.instance
        messages.success(request, _("%s is here.") % place)
        return see_other(reverse(f"people:{kind}"))
    places = model.objects.annotate(people=Count("person")).select_related("approver").order_by("name")
    page = {"kind": kind, "places": places, "form": form}
    return render(request, "people/place_list.html", page, status=422 if form.is_bound else 200)


@for_admins
def edit_place(request, kind, ref):
    """Another name, address or approver."""
    model, form_class = KINDS[kind]
    place = get_object_or_404(model, ref=ref)
    form = form_class(sent(request), instance=get_object_or_404(model, ref=ref))
    if form.is_valid():
        record(form, "change", by=request.user, at=clock.now())
        messages.success(request, _("%s has changed.") % form.instance)
        return see_other(reverse(f"people:{kind}"))
    page = {"kind": kind, "place": place, "form": form}
    return render(request, "people/edit_place.html", page, status=422 if form.is_bound else 200)


@for_admins
@require_POST
def remove_place(request, kind, ref):
    """Take away what nobody and nothing belongs to."""
    model, _form = KINDS[kind]
    place = get_object_or_404(model, ref=ref)
    try:
        with transaction.atomic():
            write(place, "remove", by=request.user, at=clock.now())
            place.delete()
    except ProtectedError:
        reason = Reason("in_use", _("People or things still belong to it. Move them first."))
        return conflict(request, place, reason, address=reverse(f"people:{kind}"))
    messages.success(request, _("%s is gone.") % place)
    return see_other(reverse(f"people:{kind}"))
