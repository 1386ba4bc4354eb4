"""Opening a company from the console: the form, and how far the making is."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import transaction
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.agenda import book
from velory.operators import openings
from velory.operators.doors import for_operators
from velory.operators.forms import OpenForm
from velory.operators.models import Opening
from velory.tenancy.plans import FEATURES
from velory.ui.steps import see_other, sent

USUAL = {"country": "SE", "language": "sv", "currency": "SEK", "plan": "standard", "features": list(FEATURES)}


@for_operators
def open_company(request):
    """The form with helpful defaults; then the making, in the background."""
    form = OpenForm(sent(request), initial=USUAL)
    if form.is_valid():
        try:
            opening = openings.ask_to_open(form.opening(), by=request.user, at=clock.now())
        except ValidationError as wrong:  # somebody was quicker
            form.add_error("slug", wrong.messages)
        else:
            return see_other(f"/companies/new/{opening.ref}/")
    return render(request, "operators/open.html", {"form": form}, status=422 if form.is_bound else 200)


@require_safe
@for_operators
def progress(request, ref):
    """How far it is; the page asks again by itself."""
    opening = get_object_or_404(Opening.objects.select_related("company"), ref=ref)
    page = {"opening": opening, "percent": openings.percent_done(opening), "asks": opening.is_under_way}
    return render(request, "operators/opening.html", page)


@require_POST
@for_operators
def go_on(request, ref):
    """Have a failed opening tried again now."""
    opening = get_object_or_404(Opening.objects.under_way(), ref=ref)
    with transaction.atomic():
        book.put(openings.OPENING, opening.ref, clock.now())
    messages.success(request, _("It is tried again."))
    return see_other(f"/companies/new/{ref}/")
