"""Settings, Export: ask for everything, see how far it is, fetch the file while it lies there."""

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import FileResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from velory import clock
from velory.archive.making import progress
from velory.archive.models import KEPT, Archive
from velory.journal.reason import Reason, Refused
from velory.people.again import reauthenticated
from velory.people.doors import for_admins
from velory.ui.steps import conflict, see_other

SHOWN = 10


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def archives(request):
    """The exports of late; on POST another one is asked for."""
    if request.method == "POST":
        return _ask(request)
    busy = Archive.objects.being_made().first()
    done, total = progress(busy) if busy else (0, 0)
    page = {
        "busy": busy, "done": done, "total": total, "days": KEPT.days,
        "ready": Archive.objects.to_fetch(clock.now()).newest_first(),
        "earlier": Archive.objects.over().newest_first()[:SHOWN],
    }  # fmt: skip
    return render(request, "archive/archives.html", page)


@reauthenticated
def _ask(request):
    try:
        Archive.ask(by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, _("Export"), refused.reason, address=reverse("archive:archives"))
    messages.success(request, _("The export is being made. You get a mail when it is ready."))
    return see_other(reverse("archive:archives"))


@require_safe
@for_admins
@reauthenticated
def download(request, ref):
    """The file, while it lies there; who fetched it stands in the event log."""
    archive = get_object_or_404(Archive.objects.to_fetch(clock.now()), ref=ref)
    if not default_storage.exists(archive.path):
        reason = Reason("gone", _("Its file is not there any more. Ask for another export."))
        return conflict(request, archive, reason)
    if request.method == "GET":
        archive.note("download", by=request.user, at=clock.now())
    return FileResponse(default_storage.open(archive.path), as_attachment=True, filename=archive.file_name)


@require_POST
@for_admins
def delete(request, ref):
    """The file is not needed any more."""
    archive = get_object_or_404(Archive.objects.ready(), ref=ref)
    archive.forget(by=request.user, at=clock.now())
    messages.success(request, _("The file is deleted."))
    return see_other(reverse("archive:archives"))
