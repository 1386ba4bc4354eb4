"""The page that a payer comes back to from Stripe: theirs alone. GET shows what we know; POST asks Stripe (R12).

No parameter is a fact. `back` in the address only chooses which words are shown first, `shown` what need not be sent
again; both may be forged, and nothing comes of it.
"""

import re

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.journal.reason import Refused
from velory.payments import start
from velory.payments.apply import apply
from velory.payments.errors import Trouble
from velory.payments.models import Attempt
from velory.payments.reasons import no_answer
from velory.payments.sales import sale_of
from velory.payments.views.returning import face_of_waiting, is_worth_a_look, show_again
from velory.ui.steps import conflict, see_other, whole_page_to

State = Attempt.State
REF = re.compile(r"A-[0-9A-Z]{6}")


@require_safe
@never_cache
def payment(request, ref):
    """Where the payment is."""
    return _show(request, _own(request, ref), turned_back="back" in request.GET)


@require_POST
def refresh(request, ref):
    """Ask Stripe, and show what came of it: the page does so by itself while it waits, and has a button for it."""
    attempt, at = _own(request, ref), clock.now()
    turned_back = True
    if (attempt.is_open or attempt.state == State.EXPIRED) and is_worth_a_look(attempt, at):
        try:
            attempt = apply(attempt, at=at)
        except Trouble:
            turned_back = False
    return show_again(
        request, attempt, _face(attempt, turned_back), lambda: _show(request, attempt, turned_back=turned_back)
    )


@require_POST
def go_on(request, ref):
    """On to Stripe once more, to the same page."""
    attempt = _own(request, ref)
    try:
        return whole_page_to(request, start.checkout(attempt, at=clock.now()))
    except Refused as refused:
        return conflict(request, attempt, refused.reason)
    except Trouble:
        return conflict(request, attempt, no_answer())


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
        "refresh": reverse("payments:refresh", args=[attempt.ref]),
    }  # fmt: skip
    return render(request, "payments/payment.html", page)


def _face(attempt, turned_back) -> str:
    """Which words are shown: the state, and of what is open how far we are."""
    if attempt.state == State.SUPERSEDING or not attempt.is_open:
        return attempt.state
    if attempt.card_id:
        return "charging"  # nobody can go on to a page: the saved card is charged without its owner
    return face_of_waiting(attempt, turned_back)
