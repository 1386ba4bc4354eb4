"""Importing the catalogue at the keyboard: upload, preview, apply, and what came of it."""

import csv

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from assets.importing.cells import neutral_again
from assets.importing.uploading import csv_to_keep, discarded, uploading
from orders.catalogue.columns import COLUMNS
from orders.catalogue.forms import CatalogueUploadForm
from orders.catalogue.shown import ShownRow, cards
from orders.doors import for_the_stores_admins
from orders.models import CatalogueImport
from velory import clock
from velory.journal.reason import Refused
from velory.ui.steps import conflict, see_other
from velory.ui.tables import Table

FIRST = {"refused": 50, "changed": 50, "created": 50}


def _list(request, form, status):
    kept = CatalogueImport.objects.exclude(state=CatalogueImport.State.DISCARDED)
    table = Table(request, sorts={"read": "-previewed_at"}, default="read").show(kept)
    return render(request, "orders/imports.html", {"form": form, "table": table}, status=status)


imports = uploading(for_the_stores_admins, CatalogueUploadForm, CatalogueImport.begin, _list)


@require_safe
@for_the_stores_admins
def headings(request):
    """An empty file with every heading, to fill in."""
    return csv_to_keep("velory-catalogue.csv", ",".join(COLUMNS) + "\r\n")


@require_safe
@for_the_stores_admins
def import_page(request, ref):
    """What the file would do, or what came of it."""
    found = _import(ref)
    shown = {v: [ShownRow(row) for row in found.with_verdict(v)[:most]] for v, most in FIRST.items()}
    return render(request, "orders/import.html", {"import": found, "cards": cards(found.counts), **shown})


@require_POST
@for_the_stores_admins
def apply_import(request, ref):
    """Apply exactly what stood on the page."""
    found = _import(ref)
    try:
        found.apply(by=request.user, digest=request.POST.get("plan", ""), at=clock.now())
    except Refused as refused:
        return conflict(request, found, refused.reason)
    messages.success(request, _("The catalogue is as the file says."))
    return see_other(found.get_absolute_url())


@require_POST
@for_the_stores_admins
def discard_import(request, ref):
    """Forget the file; nothing of it is applied."""
    return discarded(request, _import(ref), then=reverse("orders:imports"))


@require_safe
@for_the_stores_admins
def refused_csv(request, ref):
    """The refused rows as they came, with a column that says why."""
    found = _import(ref)
    response = csv_to_keep("catalogue-refused.csv", "\ufeff")
    writer = csv.writer(response)
    writer.writerow([neutral_again(heading) for heading in [*found.headings, "reason"]])
    for row in found.with_verdict("refused"):
        why = " ".join(str(fault) for _column, fault in ShownRow(row).reasons)
        cells = (row.get("cells") or [])[: len(found.headings)]
        writer.writerow([*(neutral_again(cell) for cell in cells), why])
    return response


def _import(ref):
    return get_object_or_404(CatalogueImport, ref=ref)
