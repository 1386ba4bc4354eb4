"""A device that a distributor delivered beside an order: an admin takes it in or declines it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from orders.doors import for_the_stores_admins
from orders.models import ProposedDevice
from orders.reports.proposal_forms import AcceptForm, DeclineForm
from orders.reports.proposals import take_in_as_device
from velory import clock
from velory.journal.reason import Refused
from velory.ui.steps import conflict, see_other, seen_version


@require_safe
@for_the_stores_admins
def proposal(request, ref):
    """What was told of it, and both answers."""
    return _page(request, _called(ref))


@require_POST
@for_the_stores_admins
def accept_proposal(request, ref):
    """It is the company's: registered as a device."""
    found = _called(ref)
    form = AcceptForm(request.POST, proposal=found, today=clock.today())
    if found.status != "proposed":
        return _page(request, found, status=409)
    if not form.is_valid():
        return _page(request, found, accept=form, status=422)
    try:
        device = take_in_as_device(
            found, by=request.user, at=clock.now(), version=seen_version(request), to=form.cleaned_data["to"],
            facts=form.facts(),
        )  # fmt: skip
    except Refused as refused:
        return conflict(request, _called(ref), refused.reason)
    messages.success(request, _("%(device)s, %(ref)s, is registered.") % {"device": device, "ref": device.ref})
    return see_other(device.get_absolute_url())


@require_POST
@for_the_stores_admins
def decline_proposal(request, ref):
    """It is not the company's, or known already."""
    found = _called(ref)
    form = DeclineForm(request.POST)
    if not form.is_valid():
        return _page(request, found, decline=form, status=422)
    try:
        found.decline(by=request.user, version=seen_version(request), why=form.cleaned_data["why"])
    except Refused as refused:
        return conflict(request, _called(ref), refused.reason)
    messages.success(request, _("Declined: %(thing)s.") % {"thing": found})
    return see_other(found.get_absolute_url())


def _called(ref):
    return get_object_or_404(
        ProposedDevice.objects.select_related("order__request", "distributor", "device", "report"), ref=ref
    )


def _page(request, found, *, accept=None, decline=None, status=200):
    page = {
        "proposal": found, "accept": accept or AcceptForm(proposal=found, today=clock.today()),
        "decline": decline or DeclineForm(), "entries": found.journal.newest_first(),
        "is_open": found.status == "proposed",
    }  # fmt: skip
    return render(request, "orders/reports/proposal.html", page, status=status)
