"""Importing at the keyboard: upload, match the columns, preview, apply, and what came of it. Admins only."""

from django.http import HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets.importing.cells import as_meant
from assets.importing.columns import COLUMNS
from assets.importing.forms import DAY_FIRST, MatchForm, SheetForm, UploadForm
from assets.importing.models import Import
from assets.importing.sheet import Unreadable
from assets.importing.shown import cards, reading_of, refused_rows, shown, write_refused
from assets.importing.uploading import csv_to_keep, discarded, uploading
from velory import clock
from velory.journal.reason import Refused
from velory.people import leaving
from velory.people.doors import for_admins
from velory.ui.files import as_file
from velory.ui.steps import conflict, see_other, sent
from velory.ui.tables import Table

FIRST = {"refused": 25, "changed": 10, "created": 5}


def _list(request, form, status):
    table = Table(request, sorts={"uploaded": "-uploaded_at"}, default="uploaded").show(Import.objects.for_the_list())
    return render(request, "assets/importing/imports.html", {"form": form, "table": table}, status=status)


def _begin(content, name, *, by, at):
    an_import = Import.begin(content, name, by=by, at=at)
    if not an_import.needs_matching:
        an_import.read_on(at=at)
    return an_import


imports = uploading(for_admins, UploadForm, _begin, _list)


@require_safe
@for_admins
def headings(request):
    """An empty file with every heading, to fill in."""
    return csv_to_keep("velory-import.csv", ",".join(COLUMNS) + "\r\n")


@require_safe
@for_admins
def import_page(request, ref):
    """The import as it stands: columns to match, being read, a preview, being applied, or what came of it."""
    an_import = _import(request, ref)
    if an_import.state == Import.State.UPLOADED:
        return HttpResponseRedirect(reverse("importing:columns", args=[ref]))
    return render(request, "assets/importing/import.html", _shown(an_import))


def _shown(an_import):
    told = an_import.outcome or an_import.counts
    parts = {} if an_import.is_busy or not told else {v: shown(an_import, v, most=most) for v, most in FIRST.items()}
    return {
        "import": an_import,
        "cards": cards(told) if told else [],
        "counts": told,
        "reading": reading_of(an_import),
        "usually_told": leaving.usually_told(),
        **parts,
    }


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def columns(request, ref):
    """Which heading is which column; asked where one is unknown, and open to be corrected until it is applied."""
    an_import = _import(request, ref)
    if an_import.state not in {Import.State.UPLOADED, Import.State.PREVIEWED}:
        return _see(an_import)
    which = SheetForm(an_import, request.POST if "read_sheet" in request.POST else None)
    form = MatchForm(an_import, None if which.is_bound else sent(request))
    if which.is_bound and which.is_valid():
        try:
            return _moved(request, an_import, Import.take_sheet, which.cleaned_data["sheet"])
        except Unreadable as unreadable:
            which.add_error("sheet", str(unreadable))
    elif form.is_bound and form.is_valid():
        return _moved(request, an_import, _match, form.mapping, DAY_FIRST[form.cleaned_data["day_first"]])
    context = {"import": an_import, "form": form, "which": which, "reading": reading_of(an_import)}
    is_wrong = form.is_bound or which.is_bound
    return render(request, "assets/importing/columns.html", context, status=422 if is_wrong else 200)


def _match(an_import, mapping, day_first):
    an_import.match(mapping, day_first=day_first)
    an_import.read_on(at=clock.now())


@require_safe
@for_admins
def rows(request, ref, verdict):
    """All rows with a verdict, page by page."""
    an_import = _import(request, ref)
    if an_import.is_busy:
        return _see(an_import)
    table = Table(request, sorts={"number": "number"}, default="number", size=100)
    table.show(an_import.rows.with_verdict(verdict))
    context = {"import": an_import, "table": table, "verdict": verdict}
    context["rows"] = shown(an_import, verdict, start=max(table.first - 1, 0), most=table.size)
    return render(request, "assets/importing/rows.html", context)


@require_POST
@for_admins
def apply_import(request, ref):
    """Apply exactly what stood on the page."""
    return _moved(request, _import(request, ref), _confirm, request)


def _confirm(an_import, request):
    an_import.confirm(
        by=request.user, plan=request.POST.get("plan", ""), invite=request.POST.get("invite") == "on",
        write_to_leavers="skip_letter" not in request.POST, at=clock.now(),
    )  # fmt: skip


@require_POST
@for_admins
def discard_import(request, ref):
    """Forget the file; nothing of it is applied."""
    return discarded(request, _import(request, ref), then=reverse("importing:imports"))


@require_safe
@for_admins
def refused_csv(request, ref):
    """The refused rows as they came, with a column that says why: as CSV, those of a workbook as a workbook."""
    an_import = _import(request, ref, with_file=True)
    name = "".join(
        c if c.isascii() and (c.isalnum() or c in "-_") else "-" for c in an_import.file_name.rsplit(".", 1)[0]
    )
    name = f"{name[:60]}-refused"
    if an_import.is_workbook:
        return as_file("xlsx", name, ([as_meant(cell) for cell in row] for row in refused_rows(an_import)))
    response = csv_to_keep(f"{name}.csv", "\ufeff")
    write_refused(an_import, response)
    return response


def _import(request, ref, *, with_file=False):
    known = Import.objects.visible_to(request.user)
    return get_object_or_404(known if with_file else known.defer("content"), ref=ref)


def _moved(request, an_import, move, *words):
    """Let something happen to the import, then show it; 409 where it has moved on meanwhile."""
    try:
        move(an_import, *words)
    except Refused as refused:
        return conflict(request, an_import, refused.reason)
    return _see(an_import)


def _see(an_import):
    return see_other(an_import.get_absolute_url())
