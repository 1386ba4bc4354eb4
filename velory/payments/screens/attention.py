"""What waits for the admins about payments: in words, with what to do; and the page where they say what came of it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from velory import clock
from velory.journal.reason import Refused
from velory.payments.matters import waiting
from velory.payments.models import Comparison, Finding
from velory.payments.screens.forms import NoteForm
from velory.payments.screens.looks import address_of
from velory.payments.screens.places import tabs
from velory.payments.screens.told import matter_called, matters_that_wait
from velory.people.doors import for_admins
from velory.ui.steps import conflict, see_other, sent
from velory.ui.tables import Table


@require_safe
@for_admins
def attention(request):
    """Everything that waits, kind by kind, each with how many they are."""
    shown: dict[str, list] = {}
    for matter in matters_that_wait():
        shown.setdefault(matter.code, []).append(matter)
    kinds = [
        (kind, shown.get(kind.matter, []), kind.count - len(shown.get(kind.matter, [])))
        for kind in waiting()
        if kind.count
    ]
    return render(request, "payments/attention.html", {"kinds": kinds, "tabs": tabs("attention")})


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def look(request, code, key):
    """One matter: an admin says what came of it, and it no longer waits."""
    matter = matter_called(code, key)
    if matter is None:
        raise Http404
    form = NoteForm(sent(request))
    if not form.is_valid():
        page = {"matter": matter, "form": form}
        return render(request, "payments/look.html", page, status=422 if form.is_bound else 200)
    try:
        matter.keep(note=form.cleaned_data["note"], by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, matter.title, refused.reason, address=reverse("money:attention"))
    messages.success(request, _("Noted. It no longer waits for anybody."))
    return see_other(address_of(matter.attempt) if matter.attempt else reverse("money:attention"))


@require_safe
@for_admins
def comparisons(request):
    """Every night's comparison with Stripe, account by account, the latest first."""
    table = Table(request, sorts={"when": ("-made_at", "-pk")}, default="when")
    table.show(Comparison.objects.with_counts(), count=Comparison.objects.count())
    found = Finding.objects.filter(comparison__in=table.rows).select_related("attempt", "explained_by").order_by("pk")
    by_comparison: dict[int, list] = {}
    for finding in found:
        by_comparison.setdefault(finding.comparison_id, []).append(finding)
    rows = [(comparison, by_comparison.get(comparison.pk, [])) for comparison in table.rows]
    page = {"table": table, "rows": rows, "tabs": tabs("comparisons")}
    return render(request, "payments/comparisons.html", page)
