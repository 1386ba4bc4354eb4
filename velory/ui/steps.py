"""Taking a step from the keyboard: read the form, take it, and say what is now true; or say why not."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render, resolve_url
from django.utils.translation import gettext as _

from velory.journal.reason import Refused
from velory.ui.inputs import whole_number


def take(request, step, form=None, *, then=None, says: str = "") -> HttpResponse:
    """Take a step for the person at the keyboard, then show the thing again.

    303 to the thing (or to `then`) with a flash; 422 with the form where it was not filled in; 409 with the
    present state where the moment is not right; NotYours becomes 403 on its way out.
    """
    thing = step.__self__
    if form is not None and not form.is_valid():
        return ask(request, step, form, status=422)
    came_from = getattr(thing, "status", None)
    try:
        entry = step(by=request.user, version=seen_version(request), **(form.cleaned_data if form else {}))
    except Refused as refused:
        return conflict(request, thing, refused.reason)
    messages.success(request, says or what_is_now_true(thing, came_from, entry))
    return see_other(resolve_url(then or thing))


def sent(request):
    """What a form was sent with, be it nothing; None where it is only looked at."""
    return request.POST if request.method == "POST" else None


def see_other(address: str) -> HttpResponseRedirect:
    """303: what was asked for is done, and this is where it shows; the browser goes there with GET."""
    response = HttpResponseRedirect(address)
    response.status_code = 303
    return response


def whole_page_to(request, address: str) -> HttpResponse:
    """303, as a page and not as a part of one: a script would follow the redirect itself, so htmx is told to go."""
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return see_other(address)


def ask(request, step, form, *, status: int = 200, **context) -> HttpResponse:
    """The page of a step that needs words: its form, and what follows from it.

    A form that needs more room names its own template as `page`; its `effects` stand above the fields.
    """
    page = getattr(form, "page", "components/step_form.html")
    given = {"thing": step.__self__, "step": step.step, "form": form, "effects": getattr(form, "effects", ())}
    return render(request, page, given | context, status=status)


def conflict(request, thing, reason, *, address: str = "", label: str = "") -> HttpResponse:
    """409: what the thing is now and why the step was not taken. Nothing of it was saved.

    `address` is where it is shown as it is now, where that is not the thing's own page; `label` what leads there.
    """
    context = {"thing": thing, "reason": reason, "address": address or thing.get_absolute_url(), "label": label}
    return render(request, "409.html", context, status=409)


def seen_version(request) -> int | None:
    """The version of the thing that stood on the page when the button was pressed."""
    return whole_number(request.POST.get("version", ""), digits=9)


def what_is_now_true(thing, came_from, entry) -> str:
    """The flash after a step: the new status, or the journal's sentence where it did not change."""
    if thing.status != came_from:
        return _("%(thing)s is now “%(status)s”.") % {"thing": thing, "status": thing.get_status_display()}
    return str(getattr(entry, "sentence", "")) or _("Saved.")
