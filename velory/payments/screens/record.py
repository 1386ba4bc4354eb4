"""One payment, as an admin sees it: the sum, what happened in words, the money that moved, and what can be done."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from velory import clock
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.payments.apply import apply
from velory.payments.closing import close, why_not_closable
from velory.payments.errors import Trouble
from velory.payments.models import Attempt
from velory.payments.reasons import no_answer
from velory.payments.refundable import left_to_refund, why_not_refundable
from velory.payments.screens.forms import NoteForm
from velory.payments.screens.looks import address_of, badge_of, badge_of_refund, place_of_thing, titles_of
from velory.payments.screens.places import tabs
from velory.payments.screens.story import story_of
from velory.payments.screens.told import differences_of, matters_of
from velory.people.doors import for_admins
from velory.ui.steps import conflict, see_other, sent


def found(ref: str) -> Attempt:
    """A payment of this company; 404 for any other."""
    return get_object_or_404(Attempt.objects.with_what_lists_need(), ref=ref)


@require_safe
@for_admins
def payment(request, ref):
    """One payment."""
    attempt = found(ref)
    refunds = [(refund, badge_of_refund(refund)) for refund in attempt.refunds.select_related("by").newest_first()]
    money, matters = list(attempt.money.in_order()), matters_of(attempt)
    page = {
        "attempt": attempt,
        "title": titles_of([attempt])[attempt.pk],
        "badge": badge_of(attempt),
        "place": place_of_thing(attempt),
        "money": money,
        "refunds": refunds,
        "left": left_to_refund(attempt),
        "why_not": why_not_refundable(attempt),
        "closable": why_not_closable(attempt) is None,
        "stages": story_of(attempt, money, [refund for refund, _badge in refunds]),
        "matters": matters,
        "differences": [] if matters else differences_of(attempt),
        "entries": Entry.objects.about(attempt).newest_first()[:50],
        "tabs": tabs("payments"),
    }
    return render(request, "payments/record.html", page)


@require_POST
@for_admins
def check_payment(request, ref):
    """Ask Stripe once more, and make here true what it says."""
    attempt = found(ref)
    try:
        now = apply(attempt, at=clock.now())
    except Trouble:
        messages.warning(request, _("Stripe does not answer at the moment. Nothing has changed here."))
    else:
        messages.success(request, _("Checked with Stripe: %(status)s.") % {"status": now.get_state_display()})
    return see_other(address_of(attempt))


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def close_payment(request, ref):
    """Ask, then close a payment that does not match and to which no money came."""
    attempt = found(ref)
    form = NoteForm(sent(request))
    reason = why_not_closable(attempt)
    if reason:
        return refused_about(request, attempt, reason)
    if not form.is_valid():
        page = {"attempt": attempt, "title": titles_of([attempt])[attempt.pk], "form": form}
        return render(request, "payments/close.html", page, status=422 if form.is_bound else 200)
    try:
        close(attempt, note=form.cleaned_data["note"], by=request.user, at=clock.now())
    except Refused as refused:
        return refused_about(request, attempt, refused.reason)
    except Trouble:
        return refused_about(request, attempt, no_answer())
    messages.success(request, _("%(payment)s is closed. It can be chosen anew.") % {"payment": attempt})
    return see_other(address_of(attempt))


def refused_about(request, attempt, reason):
    """409: why nothing was done about a payment, with the way back to the admins' page of it."""
    return conflict(request, attempt, reason, address=address_of(attempt))
