"""The page that a payer comes back to from Stripe: theirs alone. GET shows what we know; POST asks Stripe (R12).

No parameter is a fact. `back` in the address only chooses which words are shown first, `shown` what need not be sent
again; both may be forged, and nothing comes of it.
"""

import re
from datetime import timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.journal.reason import Reason, Refused
from velory.payments import start
from velory.payments.apply import apply
from velory.payments.errors import Trouble
from velory.payments.models import Attempt
from velory.payments.sales import sale_of
from velory.ui.steps import conflict, see_other

State = Attempt.State
REF = re.compile(r"A-[0-9A-Z]{6}")
JUST_LOOKED = timedelta(seconds=20)  # so long what was seen at Stripe is shown as it was seen
BETWEEN_LOOKS = timedelta(seconds=1)  # whoever asks more often is shown what was seen a moment ago


@require_safe
@never_cache
def payment(request, ref):
    """Where the payment is."""
    return _show(request, _own(request, ref), turned_back="back" in request.GET)


@require_POST
def refresh(request, ref):
    """Ask Stripe, and show what came of it: the page does so by itself while it waits, and has a button for it."""
    attempt, at = _own(request, ref), clock.now()
    if _is_worth_a_look(attempt, at):
        try:
            attempt = apply(attempt, at=at)
        except Trouble:
            return _again(request, attempt, turned_back=False)
    return _again(request, attempt, turned_back=True)


def _again(request, attempt, *, turned_back):
    if not request.htmx:
        return see_other(attempt.get_absolute_url())
    if request.POST.get("shown") == _face(attempt, turned_back):
        return HttpResponse(status=204)
    return _show(request, attempt, turned_back=turned_back)


def _is_worth_a_look(attempt, at):
    if not (attempt.is_open or attempt.state == State.EXPIRED):
        return False
    return attempt.looked_at is None or abs(at - attempt.looked_at) >= BETWEEN_LOOKS


@require_POST
def go_on(request, ref):
    """On to Stripe once more, to the same page."""
    attempt = _own(request, ref)
    try:
        address = start.checkout(attempt, at=clock.now())
    except Refused as refused:
        return conflict(request, attempt, refused.reason)
    except Trouble:
        return conflict(request, attempt, _no_answer())
    if request.htmx:
        return HttpResponse(headers={"HX-Redirect": address})
    return see_other(address)


@require_POST
def abandon(request, ref):
    """Call the payment off, so that the choice is open again; unless it was paid a moment before."""
    attempt = _own(request, ref)
    if not attempt.is_open:
        return see_other(attempt.get_absolute_url())
    state = start.abandon(attempt, at=clock.now())
    if state != State.EXPIRED:
        return see_other(attempt.get_absolute_url())
    messages.success(request, _("The payment was called off. Nothing was charged."))
    return see_other(sale_of(attempt).back_to(attempt))


def _no_answer():
    return Reason("unreachable", _("Stripe does not answer at the moment. Try again in a minute."))


def _own(request, ref) -> Attempt:
    """The payer's own payment; anybody else's, and nobody's, is the same 404."""
    if not REF.fullmatch(ref):
        raise Http404
    return get_object_or_404(Attempt.objects.by(request.user).with_what_lists_need(), ref=ref)


def _show(request, attempt, *, turned_back):
    sale = sale_of(attempt)
    page = {
        "attempt": attempt, "face": _face(attempt, turned_back), "title": sale.title(attempt),
        "back_to": sale.back_to(attempt) if sale.is_open_to_its_payer(attempt) else "", "waits": attempt.is_open,
    }  # fmt: skip
    return render(request, "payments/payment.html", page)


def _face(attempt, turned_back) -> str:
    """Which words are shown: the state, and of what is open whether we are still asking or have seen it unpaid."""
    if attempt.state == State.SUPERSEDING or not attempt.is_open:
        return attempt.state
    if attempt.card_id:
        return "charging"  # nobody can go on to a page: the saved card is charged without its owner
    seen = attempt.looked_at is not None and abs(clock.now() - attempt.looked_at) < JUST_LOOKED
    return "turned_back" if turned_back or seen else "confirming"
