"""What every import at the keyboard has in common: the list with its upload, discarding, files to take away."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from assets.importing.forms import UploadForm
from assets.importing.reading import MOST_BYTES, Unreadable
from velory import clock
from velory.journal.reason import Refused
from velory.ui.steps import conflict, see_other


def uploading(door: Callable, form_class: type[UploadForm], begin: Callable, page: Callable) -> Callable:
    """The view of the list with its upload, behind a door. A body that is far too large is answered before any of it
    is read (R71).

    `begin(content, name, by=, at=)` keeps what was sent or raises Unreadable; `page(request, form, status)` shows.
    """

    @door
    def too_large(request):
        form = form_class({})
        form.errors["file"] = form.error_class([_("The file is larger than 10 MB. Divide it into several files.")])
        return page(request, form, 413)

    @csrf_protect
    @door
    def list_or_upload(request):
        if request.method != "POST":
            return page(request, form_class(), 200)
        form = form_class(request.POST, request.FILES)
        if not form.is_valid():
            return page(request, form, 422)
        sent = form.cleaned_data["file"]
        try:
            made = begin(sent.read(), sent.name, by=request.user, at=clock.now())
        except Unreadable as unreadable:
            form.add_error("file", str(unreadable))
            return page(request, form, 422)
        return see_other(made.get_absolute_url())

    @csrf_exempt
    @require_http_methods(["GET", "HEAD", "POST"])
    def view(request):
        length = request.META.get("CONTENT_LENGTH") or ""
        if request.method == "POST" and length.isdecimal() and int(length[:20]) > MOST_BYTES + 100_000:
            return too_large(request)
        return list_or_upload(request)

    return view


def discarded(request, an_import, *, then: str):
    """Forget the file of an import, nothing of it is applied; then on to the list."""
    try:
        an_import.discard()
    except Refused as refused:
        return conflict(request, an_import, refused.reason)
    messages.success(request, _("%s is discarded. Nothing of it was applied.") % an_import)
    return see_other(then)


def csv_to_keep(name: str, text: str) -> HttpResponse:
    """A CSV file to take away, begun with a text."""
    response = HttpResponse(text, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
