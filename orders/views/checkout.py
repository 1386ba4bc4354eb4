"""The checkout: the whole calculation before anything is sent, and the button that sends it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from orders.doors import in_the_store
from orders.requests.approvers import approver_for, goes_through_at_once
from orders.requests.sending import send
from orders.store.carts import cart_of
from orders.store.forms import CheckoutForm
from orders.store.reckoning import Reckoning
from velory import clock
from velory.journal.reason import Refused
from velory.payments.models import Card
from velory.ui.steps import see_other


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_store
def checkout(request):
    """What is asked for, what it costs and who bears it; on POST it is sent, exactly as it was shown."""
    if request.method == "POST":
        return _send(request)
    reckoned = _reckoned(request)
    return _show(request, reckoned) if reckoned.can_be_sent else redirect("orders:cart")


def _reckoned(request) -> Reckoning:
    return Reckoning(cart_of(request.user), by=request.user, today=clock.today())


def _send(request):
    """Whoever presses twice is shown the request that the first press made."""
    form = CheckoutForm(request.POST)
    if not form.is_valid():
        return _show(request, _reckoned(request), form=form, status=422)
    try:
        seen = request.POST.get("seen", "")[:64]
        asked = send(cart_of(request.user), by=request.user, seen=seen, at=clock.now(), **form.terms)
    except Refused as refused:
        if refused.reason.code in {"overage", "card"}:
            form.add_error("pay", str(refused.reason))
            return _show(request, _reckoned(request), form=form, status=422)
        return _show(request, _reckoned(request), form=form, why=refused.reason, status=409)
    messages.success(request, _what_happened(asked))
    return see_other(asked.get_absolute_url())


def _what_happened(asked) -> str:
    if asked.status == "approved":
        return _("%s is approved and ordered.") % asked.ref
    if asked.approver:
        return _("%(request)s is sent. %(approver)s is asked.") % {"request": asked.ref, "approver": asked.approver}
    return _("%s is sent.") % asked.ref


def _show(request, reckoned, *, form=None, why=None, status=200):
    by, person, cards = request.user, reckoned.person, _cards(reckoned)
    at_once = goes_through_at_once(by, person, today=reckoned.today)
    page = {
        "reckoned": reckoned, "form": form or CheckoutForm(reckoned=reckoned, cards=cards), "why": why, "cards": cards,
        "at_once": at_once, "by_itself": reckoned.is_within_budget and reckoned.shelf.settings.auto_approve,
        "approver": None if at_once else approver_for(by, person, today=reckoned.today),
    }  # fmt: skip
    return render(request, "orders/checkout.html", page, status=status)


def _cards(reckoned):
    usable = Card.objects.usable_by(reckoned.by) if "card" in reckoned.ways else []
    return [card for card in usable if card.is_good_on(reckoned.today)]
