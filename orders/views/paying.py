"""Paying by personal card: saving one at checkout, and paying for what is approved where the saved card did not do."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from orders.doors import in_the_store
from orders.lifecycle import RequestStatus
from orders.models import ProductRequest, StoreSettings
from orders.overage.card import save_card
from orders.overage.paying import begin_paying, what_is_to_pay
from orders.requests.shown import asked_for, in_short
from velory import clock
from velory.journal.reason import Refused
from velory.payments import cards, start
from velory.payments.errors import Trouble
from velory.ui.steps import conflict, whole_page_to


@require_POST
@in_the_store
def save_ones_card(request):
    """On to Stripe, where a card is saved; nothing is charged there. It comes back to the checkout."""
    if not StoreSettings.here().personal_card:
        raise Http404
    back, at = reverse("orders:checkout"), clock.now()
    try:
        card = save_card(request.user, back_to=back, at=at)
        return whole_page_to(request, cards.save_page(card, at=at))
    except Refused as refused:
        return conflict(request, _("Your card"), refused.reason, address=back)
    except Trouble:
        return render(request, "orders/card_later.html", {"back": back}, status=503)


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_store
def pay_request(request, ref):
    """GET says what is paid, to whom and what follows; POST goes on to Stripe."""
    asked = get_object_or_404(ProductRequest.objects.with_what_a_list_shows(), ref=ref.upper())
    if not (asked.has_card_part and asked.person == request.user):
        raise Http404
    if asked.status != RequestStatus.PAYMENT_NEEDED:
        return redirect(asked)
    return _on_to_stripe(request, asked) if request.method == "POST" else _ask(request, asked)


def _ask(request, asked, *, status=200, later=False):
    page = {
        "asked": asked, "things": asked_for(asked), "what": in_short(asked), "later": later,
        "payment": what_is_to_pay(asked, request.user),
    }  # fmt: skip
    return render(request, "orders/pay_request.html", page, status=status)


def _on_to_stripe(request, asked):
    at = clock.now()
    try:
        attempt = begin_paying(asked, by=request.user, at=at)
        return whole_page_to(request, start.checkout(attempt, at=at))
    except Refused as refused:
        return conflict(request, ProductRequest.objects.get(pk=asked.pk), refused.reason)
    except Trouble:
        return _ask(request, asked, status=503, later=True)
