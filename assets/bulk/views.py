"""Bulk changes at the keyboard: choose in the list, say what, look at the plan, apply just that, undo. Admins only."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets.bulk.models import BulkChange, is_old
from assets.bulk.plan import MOST, planned, planned_undo
from assets.bulk.registry import action_called
from assets.bulk.selection import Selection
from assets.bulk.shown import VERDICTS, cards, changes_of, choices, undo_in_words
from assets.exporting import device_rows
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.people.doors import for_admins
from velory.ui import files
from velory.ui.steps import conflict, see_other
from velory.ui.tables import Table


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def changes(request):
    """GET: the bulk changes until now. POST: what to do with the devices that were chosen, until it is a plan."""
    if request.method == "POST":
        return _asked(request, Selection(request, today=clock.today()))
    table = Table(request, sorts={"planned": "-planned_at"}, default="planned").show(BulkChange.objects.for_the_list())
    for change in table.rows:
        change.undo_state = undo_in_words(change)
    return render(request, "assets/bulk/changes.html", {"table": table})


def _asked(request, selection):
    if not selection.count or selection.count > MOST:
        return _choose(request, selection, status=422)
    said = request.POST.get("action", "")
    if said.removeprefix("export.") in files.FORMATS and said.startswith("export."):
        rows = device_rows(selection.devices.order_by("name", "pk"))
        return files.as_file(said.removeprefix("export."), f"hardware-{clock.today()}", rows)
    action = action_called(said)
    if action is None:
        return _choose(request, selection)
    asked = "asked" in request.POST or not action.asks
    before = action.answers(selection.again.said) if selection.again and selection.again.action == said else None
    form = action.form(request.POST if asked else None, initial=before, today=clock.today())
    if asked and form.is_valid():
        return see_other(_planned(request, selection, action, form).get_absolute_url())
    context = {"selection": selection, "action": action, "form": form}
    return render(request, "assets/bulk/ask.html", context, status=422 if asked else 200)


def _choose(request, selection, status=200):
    context = {"selection": selection, "most": MOST, "groups": choices(selection.statuses), "formats": files.FORMATS}
    return render(request, "assets/bulk/choose.html", context, status=status)


def _planned(request, selection, action, form):
    return planned(
        action, form.cleaned_data, form.stored(), selection.devices, by=request.user, at=clock.now(),
        missing=selection.missing, query=selection.address_query if selection.is_matching else "",
    )  # fmt: skip


@require_safe
@for_admins
def change_page(request, ref):
    """The change as it stands: what it would do, how far it is, or what came of it."""
    change = _change(request, ref)
    return render(request, "assets/bulk/change.html", _shown(request, change))


def _shown(request, change):
    table = Table(request, sorts={"number": "number"}, default="number", filters=["show"])
    told = change.told
    wanted = (table.chosen("show") or [""])[0]
    verdict = wanted if wanted in VERDICTS else next((v for v in VERDICTS if told.get(v)), "changed")
    table.show(change.rows.with_verdict(verdict).select_related("device__holder", "device__space"))
    for row in table.rows:
        row.shown = changes_of(row)
    tabs = [
        {"label": card["label"], "count": card["count"], "current": card["verdict"] == verdict,
         "address": table.link(show=card["verdict"])}
        for card in cards(change)
    ]  # fmt: skip
    reasons = change.rows.refused_because()[:6] if told.get("refused") else []
    return {
        "change": change, "table": table, "tabs": tabs, "verdict": verdict, "reasons": reasons, "told": told,
        "is_old": is_old(change), "undoing": change.undoing,
    }  # fmt: skip


@require_POST
@for_admins
def apply_change(request, ref):
    """Apply exactly what stood on the page; pressed twice it is applied once."""
    change = _change(request, ref)
    try:
        change.confirm(by=request.user, plan=request.POST.get("plan", ""), at=clock.now())
    except Refused as refused:
        return conflict(request, change, refused.reason)
    return see_other(change.get_absolute_url())


@require_POST
@for_admins
def discard_change(request, ref):
    """Nothing of it is applied."""
    change = _change(request, ref)
    try:
        change.discard()
    except Refused as refused:
        return conflict(request, change, refused.reason)
    messages.success(request, _("%s is discarded. Nothing was changed.") % change.ref)
    return see_other(reverse("assets:hardware"))


@require_POST
@for_admins
def undo_change(request, ref):
    """Plan what takes it back, to be looked at first."""
    change = _change(request, ref)
    if not change.may_be_undone:
        reason = Reason("not_undone", _("There is nothing to undo here, or it was undone already."))
        return conflict(request, change, reason)
    return see_other(planned_undo(change, by=request.user, at=clock.now()).get_absolute_url())


def _change(request, ref):
    return get_object_or_404(BulkChange.objects.visible_to(request.user).select_related("undoes"), ref=ref.upper())
