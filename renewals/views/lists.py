"""The admins' lists, and what they may do with a planned letter."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_POST, require_safe

from renewals import deeds
from renewals.choices.totals import for_good, so_far
from renewals.forecast.groups import Said, months_named
from renewals.lists import SORTS, VIEW_CALLED, VIEWS, devices_of, rows_of
from renewals.models import Reminder
from renewals.paths import Path
from velory import clock
from velory.journal.reason import Refused
from velory.people.doors import for_admins
from velory.ui.tables import Table

# The admins' lists


@require_safe
@for_admins
def renewals_list(request, view):
    """One of the lists, with its neighbours as tabs."""
    found, today = VIEW_CALLED[view], clock.today()
    table = Table(request, sorts=SORTS, default="renewal", filters=["path", "month", "choice", "replace"])
    table.show(devices_of(found, table, today))
    context = {"view": found, "table": table, "rows": rows_of(found, table.rows, today), "tabs": tabs(view)}
    groups = {
        "paths": Path.choices,
        "months": months_named(today),
        "choices": Said.choices,
        "replacing": [("yes", _("To replace"))],
        "totals": {"so_far": so_far(today), "for_good": for_good(today)} if view == "due" else None,
    }
    return render(request, "renewals/list.html", context | groups)


def tabs(current):
    """Every list, and that of the returns, which has a table of its own."""
    places = [(each.code, each.label) for each in VIEWS]
    places.insert(3, ("returns", pgettext("renewals", "Returns")))
    return [
        {"label": label, "address": reverse(f"renewals:{code}"), "current": code == current} for code, label in places
    ]


# A planned letter, held back or sent now


@require_POST
@for_admins
def change_planned(request, ref, deed):
    """Pause, resume or send now one row of the ledger."""
    reminder = get_object_or_404(Reminder, ref=ref)
    act = deeds.DEEDS.get(deed)
    if act is None:
        raise Http404
    try:
        messages.success(request, act(reminder, by=request.user, at=clock.now()))
    except Refused as refused:
        messages.warning(request, str(refused))
    if request.POST.get("back") == "device":
        return redirect(f"{reminder.get_absolute_url()}?tab=lifecycle")
    return redirect("post:planned")
