"""The page that somebody comes back to after saving a card: theirs alone. GET shows what we know; POST asks Stripe.

As of a payment's page: no parameter is a fact, `back` only chooses which words are shown first.
"""

import re

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.journal.reason import Refused
from velory.payments import cards
from velory.payments.errors import Trouble
from velory.payments.models import Card
from velory.payments.reasons import no_answer
from velory.payments.views.returning import face_of_waiting, is_worth_a_look, show_again
from velory.ui.steps import conflict, see_other, whole_page_to

State = Card.State
REF = re.compile(r"K-[0-9A-Z]{6}")


@require_safe
@never_cache
def card(request, ref):
    """Where the card is."""
    return _show(request, _own(request, ref), turned_back="back" in request.GET)


@require_POST
def refresh(request, ref):
    """Ask Stripe, and show what came of it: the page does so by itself while it waits, and has a button for it."""
    found, at = _own(request, ref), clock.now()
    turned_back = True
    if found.state == State.SAVING and is_worth_a_look(found, at):
        try:
            found = cards.look_at(found, at=at)
        except Trouble:
            turned_back = False
    return show_again(request, found, _face(found, turned_back), lambda: _show(request, found, turned_back=turned_back))


@require_POST
def go_on(request, ref):
    """On to Stripe once more, to the same page."""
    found = _own(request, ref)
    try:
        return whole_page_to(request, cards.save_page(found, at=clock.now()))
    except Refused as refused:
        return conflict(request, _("Your card"), refused.reason, address=found.back_to)
    except Trouble:
        return conflict(request, _("Your card"), no_answer(), address=found.back_to)


@require_POST
def forget(request, ref):
    """Take the card away, as far as nothing that was asked for needs it."""
    found = _own(request, ref)
    try:
        cards.forget_as_asked(found, at=clock.now())
    except Refused as refused:
        return conflict(request, _("Your card"), refused.reason, address="/you/")
    return see_other("/you/")


def _own(request, ref) -> Card:
    """One's own card; anybody else's, and nobody's, is the same 404."""
    if not REF.fullmatch(ref):
        raise Http404
    return get_object_or_404(Card.objects.of(request.user).select_related("payee"), ref=ref)


def _show(request, found, *, turned_back):
    page = {
        "card": found, "face": _face(found, turned_back), "waits": found.state == State.SAVING,
        "refresh": reverse("payments:card_refresh", args=[found.ref]),
    }  # fmt: skip
    return render(request, "payments/card.html", page)


def _face(found, turned_back) -> str:
    """Which words are shown: the state, and of what is open how far we are."""
    return face_of_waiting(found, turned_back) if found.state == State.SAVING else found.state
