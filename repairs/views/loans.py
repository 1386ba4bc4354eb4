"""Loaners: what is lent, to whom, until when; lending, taking back, prolonging."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from assets.models import Device
from repairs import loans as lending
from repairs.doors import for_repairers
from repairs.forms import LendForm
from repairs.lists import tabs
from repairs.models import Case, Loan
from velory import clock
from velory.folding import words_of
from velory.journal.reason import Refused
from velory.ui.steps import conflict, see_other, sent
from velory.ui.tables import Table

SORTS = {"due": "due_on", "device": "device__name", "borrower": ("person__last_name", "person__first_name")}


@require_safe
@for_repairers
def loans(request):
    """What is out, what is overdue, and what came back."""
    today = clock.today()
    table = Table(request, sorts=SORTS, default="due", filters=["due"])
    found = Loan.objects.all() if "back" in table.chosen("due") else Loan.objects.out()
    found = found.overdue(today) if "late" in table.chosen("due") else found
    for word in words_of(table.q):
        found = found.filter(Q(device__search__contains=word) | Q(person__search__contains=word))
    table.show(found.select_related("device__category", "person", "case"))
    due = [("late", _("Overdue")), ("back", _("Also those that came back"))]
    return render(request, "repairs/loans.html", {"table": table, "due": due, "today": today, "tabs": tabs("loans")})


@require_http_methods(["GET", "HEAD", "POST"])
@for_repairers
def lend(request, ref):
    """Lend an active device that nobody has; for the time of a repair, if one is named."""
    device = get_object_or_404(Device.objects.with_what_a_list_shows(), ref=ref.upper())
    named = request.GET.get("case", "").replace("\0", "")
    case = Case.objects.open().filter(ref=named).select_related("holder").first()
    today = clock.today()
    if reason := lending.why_not_lent(device):
        return conflict(request, device, reason)
    usual = {"due_on": lending.usual_due(today), "to": case.holder.email if case and case.holder else ""}
    form = LendForm(sent(request), today=today, initial=usual)
    if request.method != "POST" or not form.is_valid():
        page = {"device": device, "case": case, "form": form}
        return render(request, "repairs/lend.html", page, status=422 if form.is_bound else 200)
    said = form.cleaned_data
    try:
        lending.lend(device, said["to"], due_on=said["due_on"], case=case, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, device, refused.reason)
    messages.success(request, _("%(device)s is lent to %(to)s.") % {"device": device, "to": said["to"]})
    return see_other(device.get_absolute_url())


@require_POST
@for_repairers
def take_back(request, ref):
    """It is back, and unassigned."""
    loan = _loan(ref)
    try:
        lending.take_back(loan, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, loan.device, refused.reason)
    messages.success(request, _("%s is back. It is unassigned now.") % loan.device)
    return see_other(loan.device.get_absolute_url())


@require_POST
@for_repairers
def prolong(request, ref):
    """Due on another day."""
    loan = _loan(ref)
    form = LendForm({"to": loan.person.email or loan.person.ref, "due_on": request.POST.get("due_on", "")},
                    today=clock.today())  # fmt: skip
    if not form.is_valid() and "due_on" in form.errors:
        messages.error(request, str(form.errors["due_on"][0]))
        return see_other(loan.device.get_absolute_url())
    try:
        lending.prolong(loan, form.cleaned_data["due_on"], by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, loan.device, refused.reason)
    messages.success(request, _("The loan is prolonged."))
    return see_other(loan.device.get_absolute_url())


def _loan(ref):
    return get_object_or_404(Loan.objects.select_related("device", "person"), ref=ref.upper())
