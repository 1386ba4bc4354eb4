"""Distributors and leasing providers: the list, one of them, a new one."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from assets.forms import PartnerForm
from assets.models import Partner
from assets.panels import partner_panels_of
from velory import clock
from velory.journal.deeds import record
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.people.doors import for_admins
from velory.ui.steps import conflict, seen_version, sent


@require_safe
@for_admins
def partners(request):
    """Everyone that devices come from or are leased from; those alone that a link names."""
    named = [ref for ref in request.GET.getlist("ref") if "\0" not in ref]
    partners = Partner.objects.with_devices_counted()
    page = {"partners": partners.filter(ref__in=named) if named else partners, "named": named}
    return render(request, "assets/partners.html", page)


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
    seen = seen_version(request) if request.method == "POST" else Entry.objects.version_of(partner)
    form = PartnerForm(sent(request), instance=partner)
    if request.method == "POST" and form.is_valid():
        try:
            record(form, deed, by=request.user, at=clock.now(), version=seen)
        except Refused as stale:
            return conflict(request, partner, stale.reason, address=reverse("assets:partners"))
        messages.success(request, _("%s is saved.") % partner)
        return redirect("assets:partners")
    panels = partner_panels_of(partner, request.user, today=clock.today())
    drawn = [render_to_string(template, {"partner": partner} | context, request) for template, context in panels]
    page = {"form": form, "partner": partner, "version": seen, "panels": drawn}
    return render(request, "assets/partner.html", page, status=422 if form.is_bound else 200)
