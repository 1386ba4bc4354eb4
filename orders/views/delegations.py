"""One's deputies: who answers requests in one's place, and on which days."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orders.doors import in_the_store
from orders.models import Delegation
from orders.requests import delegating
from velory import clock
from velory.journal.reason import Refused
from velory.ui.steps import see_other, sent


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_store
def delegations(request):
    """Who answers in one's place and in whose place one answers; on POST one more deputy."""
    today = clock.today()
    form = delegating.DelegationForm(sent(request), approver=request.user, today=today)
    if form.is_valid() and _named(request, form):
        return see_other(reverse("orders:delegations"))
    page = {
        "form": form, "deputies": delegating.deputies_of(request.user, today=today),
        "places": delegating.deputy_for(request.user, today=today), "is_approver": delegating.is_approver(request.user),
    }  # fmt: skip
    return render(request, "orders/delegations.html", page, status=422 if form.is_bound else 200)


def _named(request, form) -> bool:
    try:
        delegating.delegate(request.user, at=clock.now(), **form.cleaned_data)
    except Refused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("%s answers in your place on these days.") % form.cleaned_data["deputy"])
    return True


@require_POST
@in_the_store
def end_delegation(request, pk):
    """One answers oneself again."""
    own = Delegation.objects.not_over(clock.today()).select_related("deputy", "approver")
    found = get_object_or_404(own, approver=request.user, pk=pk)
    delegating.end(found, at=clock.now())
    messages.success(request, _("You answer yourself again. %s no longer does it in your place.") % found.deputy)
    return see_other(reverse("orders:delegations"))
