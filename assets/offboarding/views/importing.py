"""A file of last days: the import that everything else comes in by, told that nobody new is in it."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assets.importing.models import Import
from assets.importing.uploading import csv_to_keep, uploading
from assets.offboarding.forms import LeaversForm
from velory.people.doors import for_admins


def _page(request, form, status):
    return render(request, "people/leaving/import.html", {"form": form}, status=status)


def _begin(content, name, *, by, at):
    an_import = Import.begin(content, name, by=by, at=at, leavers=True)
    if not an_import.needs_matching:
        an_import.read_on(at=at)
    return an_import


import_leavers = uploading(for_admins, LeaversForm, _begin, _page)


@require_safe
@for_admins
def headings(request):
    """An empty file with both headings."""
    return csv_to_keep("velory-leavers.csv", "email,last_employment_date\r\n")
