"""Repair cases: the list, its export, the figures, one case."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from repairs.doors import for_repairers
from repairs.figures import per_model, per_supplier
from repairs.forms import CaseForm
from repairs.lists import SORTS, STATES, WARRANTIES, cases_of, rows_to_keep, tabs
from repairs.models import Case
from repairs.outcomes import tick_release
from velory import clock
from velory.journal.deeds import record
from velory.journal.reason import Refused
from velory.ui.files import as_csv
from velory.ui.steps import conflict, see_other, seen_version, sent
from velory.ui.tables import Table


@require_safe
@for_repairers
def cases(request):
    """Every case: search, filters, order, pages."""
    today = clock.today()
    table = _table(request)
    table.show(cases_of(table).with_what_a_list_shows())
    page = {
        "table": table, "rows": [(case, case.days_out(today)) for case in table.rows], "tabs": tabs("cases"),
        "states": STATES, "outcomes": Case.Outcome.choices, "warranties": WARRANTIES,
        "export": table.link(page="").replace(table.path, reverse("repairs:export")),
    }  # fmt: skip
    return render(request, "repairs/cases.html", page)


def _table(request):
    return Table(request, sorts=SORTS, default="-opened", filters=["state", "outcome", "warranty", "mdm"])


@require_safe
@for_repairers
def export_cases(request):
    """The cases of the list as a CSV file."""
    table = _table(request)
    found = cases_of(table).order_by("-reported_at", "-pk")
    return as_csv("velory-repairs.csv", rows_to_keep(found, today=clock.today()))


@require_safe
@for_repairers
def figures(request):
    """How often each model fails, how long each supplier takes, and what it costs."""
    return render(
        request, "repairs/figures.html", {"models": per_model(), "suppliers": per_supplier(), "tabs": tabs("figures")}
    )


@require_safe
@for_repairers
def case(request, ref):
    """One case: what was said, where the device is, what it cost, what happened."""
    found = _case(ref)
    page = {
        "case": found, "days": found.days_out(clock.today()), "photos": list(found.photos.order_by("pk")),
        "entries": found.journal.newest_first()[:50],
        "loans": list(found.loans.select_related("device", "person").order_by("-lent_at")),
    }  # fmt: skip
    return render(request, "repairs/case.html", page)


@require_http_methods(["GET", "HEAD", "POST"])
@for_repairers
def edit_case(request, ref):
    """Who repairs it, what it costs, when it is back; also after it is closed, when the invoice comes."""
    found = _case(ref)
    form = CaseForm(sent(request), instance=found)
    if request.method != "POST" or not form.is_valid():
        page = {"case": found, "form": form, "version": found.journal.version_of(found)}
        return render(request, "repairs/edit_case.html", page, status=422 if form.is_bound else 200)
    try:
        record(form, "change", by=request.user, at=clock.now(), version=seen_version(request))
    except Refused as refused:
        return conflict(request, found, refused.reason)
    messages.success(request, _("The repair is saved."))
    return see_other(found.get_absolute_url())


@require_POST
@for_repairers
def release_from_mdm(request, ref):
    """Tick it off."""
    found = _case(ref)
    try:
        tick_release(found, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, found, refused.reason)
    messages.success(request, _("Ticked off: no MDM knows %s any more.") % found.device)
    return see_other(found.device.get_absolute_url() if found.is_open else found.get_absolute_url())


def _case(ref):
    return get_object_or_404(Case.objects.with_what_a_list_shows(), ref=ref.upper())
