"""What an admin says and does about one device of somebody who leaves."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assets.offboarding import plans
from assets.offboarding.forms import PlanForm
from assets.offboarding.roster import roster_of, ways_of
from assets.offboarding.views.leavers import _row
from velory import clock
from velory.journal.reason import Refused
from velory.people.doors import for_admins
from velory.ui.steps import conflict, see_other, seen_version, sent


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def plan_device(request, ref, device):
    """What is to become of it: decided here, or left to them with what is offered."""
    row, at = _row(ref), clock.now()
    item = _item(row, device, at)
    plan = item.plan
    initial = {"way": item.way if item.decided_by_admin else "", "price": item.device.buyout_price,
               "early_return": bool(plan and plan.early_return)}  # fmt: skip
    form = PlanForm(sent(request), initial=initial)
    ways = {way.way: way for way in ways_of(item, by=row.person, at=at)}
    if form.is_valid() and _lacks_a_price(form, ways):
        form.add_error("price", _("Say what it costs: its time has not come, and nobody else knows the price."))
    if form.is_valid():
        price = form.cleaned_data["price"]
        try:
            plans.say(row, item.device, form.cleaned_data["way"], by=request.user, at=at,
                      price=price if price != item.device.buyout_price or _offers(form) else None,
                      early_return=form.cleaned_data["early_return"] or _is_early(form, ways, "return"))  # fmt: skip
        except Refused as refused:
            return conflict(request, row, refused.reason)
        messages.success(request, _("Noted for %s.") % item.device)
        return see_other(row.get_absolute_url())
    page = {"offboarding": row, "person": row.person, "item": item, "form": form, "ways": list(ways.values())}
    return render(request, "people/leaving/plan.html", page, status=422 if form.is_bound else 200)


def _is_early(form, ways, way):
    """Whether a way is decided whose time has not come."""
    known = ways.get(way) if form.cleaned_data["way"] == way else None
    return bool(known and known.shut and known.shut.code in {"window", "price_missing"})


def _lacks_a_price(form, ways):
    return _is_early(form, ways, "buy_out") and form.cleaned_data["price"] is None


def _offers(form):
    return form.cleaned_data["price"] is not None and form.cleaned_data["way"] in {"", "buy_out"}


@require_POST
@for_admins
def hand_in(request, ref, device):
    """The admin has it in hand: nobody's from now on."""
    row, at = _row(ref), clock.now()
    item = _item(row, device, at)
    try:
        plans.hand_in(row, item.device, by=request.user, at=at, version=seen_version(request))
    except Refused as refused:
        return conflict(request, row, refused.reason)
    messages.success(request, _("%s is handed in. It stands under Unassigned.") % item.device)
    return see_other(row.get_absolute_url())


def _item(row, device, at):
    item = roster_of(row, at=at).of(device)
    if item is None:
        raise Http404
    return item
