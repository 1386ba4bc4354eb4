"""A section of the settings that is one form of one row: shown, and saved with what changed."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from velory import clock
from velory.journal.deeds import record
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.ui.steps import seen_version


def was_sent(request, name: str) -> bool:
    """Whether this section's form is what was sent."""
    return request.method == "POST" and request.POST.get("section") == name


def filled_in_anew(request, name: str) -> bool:
    """Whether this section is asked for as it was at first."""
    return request.method != "POST" and request.GET.get("defaults") == name


def form_section(request, name: str, title, form_class, row, *, template="assets/_settings_form.html"):
    """What a section answers: its title, template and form; once the form was kept, the way back to it."""
    sent = was_sent(request, name)
    version = Entry.objects.version_of(row)
    form = form_class(request.POST if sent else None, instance=row, at_first=filled_in_anew(request, name))
    if sent and form.is_valid():
        try:
            changed = record(form, "change", by=request.user, at=clock.now(), version=seen_version(request))
        except Refused as stale:
            form.add_error(None, str(stale))
        else:
            messages.success(request, _("The settings are saved.") if changed else _("Nothing was changed."))
            return redirect("assets:settings")
    return title, template, {"form": form, "version": version}
