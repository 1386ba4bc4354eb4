"""Giving money back, decided by an admin: a page of its own, because it can't be undone."""

from django.contrib import messages
from django.shortcuts import render
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from velory import clock
from velory.journal.reason import Refused
from velory.payments.apply import apply
from velory.payments.currencies import from_minor
from velory.payments.errors import Trouble
from velory.payments.reasons import no_answer
from velory.payments.refundable import left_to_refund, refund_as_seen, why_not_refundable
from velory.payments.screens.forms import RefundForm
from velory.payments.screens.looks import address_of, titles_of
from velory.payments.screens.record import found, refused_about
from velory.people.doors import for_admins
from velory.ui.inputs import whole_number
from velory.ui.money import money
from velory.ui.steps import see_other


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def refund_payment(request, ref):
    """Ask how much and why; on POST see what Stripe says now, and owe it."""
    attempt = found(ref)
    if reason := why_not_refundable(attempt):
        return refused_about(request, attempt, reason)
    if request.method != "POST":
        return _ask(request, attempt, None, attempt.refundable)
    left = _seen_left(request)
    form = RefundForm(request.POST, attempt=attempt, left=left)
    if not form.is_valid():
        return _ask(request, attempt, form, left)
    try:
        _refund(attempt, form.cleaned_data, left, request.user)
    except Refused as refused:
        return refused_about(request, attempt, refused.reason)
    except Trouble:
        return refused_about(request, attempt, no_answer())
    words = money(form.cleaned_data["amount"], attempt.currency)
    messages.success(request, _("%(amount)s goes back to %(person)s.") % {"amount": words, "person": attempt.person})
    return see_other(address_of(attempt))


def _refund(attempt, said, left, by):
    at = clock.now()
    now = apply(attempt, at=at)
    refund_as_seen(now, amount=said["amount"], reason=said["reason"], left=left, by=by, at=at)


def _ask(request, attempt, form, left):
    captured = from_minor(attempt.captured, attempt.currency)
    page = {
        "attempt": attempt, "title": titles_of([attempt])[attempt.pk], "place": address_of(attempt), "left": left,
        "left_amount": from_minor(max(left, 0), attempt.currency), "back": captured - left_to_refund(attempt),
        "captured": captured,
        "form": form or RefundForm(initial={"amount": _as_written(left, attempt)}, attempt=attempt, left=left),
    }  # fmt: skip
    return render(request, "payments/refund.html", page, status=422 if form else 200)


def _as_written(minor, attempt):
    """As the reader would write it: 1667.25, or 1667,25."""
    return number_format(from_minor(minor, attempt.currency), use_l10n=True)


def _seen_left(request) -> int:
    return whole_number(request.POST.get("left", ""), digits=11) or 0
