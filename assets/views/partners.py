"""Distributors and leasing providers: the list, one of them, a new one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assets.forms import PartnerForm
from assets.models import Partner
from velory import clock
from velory.journal.deeds import record
from velory.people.doors import for_admins


@require_safe
@for_admins
def partners(request):
    """Everyone that devices come from or are leased from."""
    return render(request, "assets/partners.html", {"partners": Partner.objects.with_devices_counted()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def add_partner(request):
    """A partner that the company has not had before."""
    return save(request, Partner(), "add")


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def edit_partner(request, ref):
    """What is known of a partner; whether it is integrated decides the path of its devices."""
    return save(request, get_object_or_404(Partner, ref=ref), "change")


def save(request, partner, deed):
    """Ask for a partner's facts; on POST keep them and note in the log what changed."""
    form = PartnerForm(request.POST if request.method == "POST" else None, instance=partner)
    if request.method == "POST" and form.is_valid():
        record(form, deed, by=request.user, at=clock.now())
        messages.success(request, _("%s is saved.") % partner)
        return redirect("assets:partners")
    return render(
        request, "assets/partner.html", {"form": form, "partner": partner}, status=422 if form.is_bound else 200
    )
