"""Steps of a device from the keyboard: one address each. GET asks and changes nothing, POST takes the step."""

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from assets.consequences import consequences
from assets.forms import STEP_FORMS, StepForm
from assets.guards import not_from_here
from assets.models import Device
from velory import clock
from velory.journal.steps import steps_of
from velory.ui.steps import ask, conflict, sent, take

AFTERWARDS = {
    "assign": "?tab=assignment", "unassign": "?tab=assignment", "set_payor": "?tab=assignment",
    "prefer_buyout": "?tab=lifecycle", "prefer_return": "?tab=lifecycle", "choose_return": "?tab=lifecycle",
    "keep": "?tab=lifecycle",
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def take_step(request, ref, name):
    """Ask for what a step needs and say what follows from it; on POST take it."""
    device = device_in_hand(request, ref)
    made = step_called(device, name, request.user)
    if made.role_of(device, request.user) is None:
        raise PermissionDenied
    form = form_of(made, device, request)
    if request.method == "POST":
        if device.status not in made.sources:
            return conflict(request, device, not_from_here(name, device))
        return taken(request, getattr(device, name), form)
    reason = not_now(made, device, request.user)
    return conflict(request, device, reason) if reason else ask(request, getattr(device, name), form)


def taken(request, step, form):
    """The answer to the button; a number that somebody else's device got in the same moment is told at the form."""
    try:
        return take(request, step, form, then=f"{step.__self__.get_absolute_url()}{AFTERWARDS.get(step.step.name, '')}")
    except IntegrityError:
        form.add_error(None, _("Somebody was first: a device with one of these numbers was registered just now."))
        return ask(request, step, form, status=422)


def device_in_hand(request, ref):
    """A device on which the person at the keyboard may act; 404 for a colleague's as for none."""
    devices = Device.objects.in_hand_of(request.user).with_what_a_list_shows()
    return get_object_or_404(devices, ref=ref.upper())


def step_called(device, name, by):
    """The step of that name, if it is one that people take; where it is hidden there is none."""
    made = steps_of(Device).get(name)
    if made is None or not (made.label or name in STEP_FORMS):
        raise Http404
    reason = made.reason(device, by=by, at=clock.now())
    if reason and reason.hidden:
        raise Http404
    return made


def form_of(made, device, request):
    """The step's form, with what was said and what follows from it."""
    made_for = STEP_FORMS.get(made.name, StepForm)
    more = {"q": request.GET.get("q", "")} if made.name == "assign" else {}
    today = clock.today()
    form = made_for(sent(request), device=device, by=request.user, today=today, **more)
    form.effects = consequences(made.name, device, request.user, today=today)
    return form


def not_now(made, device, by):
    """Why the step's page has nothing to ask at the moment."""
    if device.status not in made.sources:
        return not_from_here(made.name, device)
    reason = made.reason(device, by=by, at=clock.now())
    return None if reason and reason.code in {"serial_missing", "imei_missing"} else reason
