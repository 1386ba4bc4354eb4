"""How the installation is, for those who look after it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.agenda.book import label_of
from velory.operators import installation
from velory.operators.doors import for_operators
from velory.operators.models import Opening
from velory.ui.inputs import whole_number
from velory.ui.steps import see_other

MOST = 200


@require_safe
@for_operators
def health(request):
    """What people depend on, and what waits for somebody."""
    parts = installation.parts()
    page = {
        "parts": parts,
        "troubles": sum(not part.well for part in parts),
        "parked": [(due, label_of(due.kind)) for due in installation.parked()[:MOST]],
        "behind": installation.behind()[:MOST],
        "uncounted": installation.not_counted_lately(clock.now())[:MOST],
        "openings": Opening.objects.under_way().order_by("asked_at")[:MOST],
    }
    return render(request, "operators/installation.html", page)


@require_POST
@for_operators
def try_again(request):
    """Have one parked thing tried anew."""
    pk = whole_number(request.POST.get("due", ""), digits=18)
    if pk is None:
        raise Http404
    if installation.try_again(pk, by=request.user, at=clock.now()):
        messages.success(request, _("It is tried again now."))
    else:
        messages.warning(request, _("It was not parked any more."))
    return see_other("/installation/")
