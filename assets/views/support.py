"""Support: who to contact."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from assets.support import contacts_of
from velory import clock


@require_safe
def support(request):
    """Admins, distributors and leasing providers, as far as they concern the reader."""
    return render(request, "assets/support.html", {"contacts": contacts_of(request.user, today=clock.today())})
