"""The last page before a payment, the way to it, and the way back. What is paid is never read from a form."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assets.lifecycle import Status
from assets.models import Device
from assets.offboarding.plans import leaves_soon
from assets.views.steps import device_in_hand, step_called
from renewals.buyouts import starting
from renewals.buyouts.payees import seller_of
from renewals.paths import with_what_a_path_needs
from renewals.quotes import quote_shown
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.payments import start as payments
from velory.payments.errors import Trouble
from velory.payments.models import Attempt
from velory.ui.steps import conflict, see_other, seen_version, whole_page_to


class UnderstoodForm(forms.Form):
    """The tick without which no choice is final, and the price that was seen."""

    understood = forms.BooleanField(
        label=gettext_lazy("I understand that this choice is final."),
        error_messages={"required": gettext_lazy("Tick the box to say that you understand.")},
    )
    seen = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)


@require_http_methods(["GET", "HEAD", "POST"])
def start_buyout(request, ref):
    """GET shows the sum and what follows, and changes nothing; POST goes to the payment."""
    device = _own(request, ref)
    if request.method == "POST":
        return _to_the_payment(request, device)
    if device.status == Status.PENDING_BUYOUT:
        return redirect(device)
    return _page(request, device, UnderstoodForm())


@require_POST
def turn_back(request, ref):
    """Call the payment off: the choice is open again, unless the payment was quicker."""
    device = _own(request, ref)
    try:
        state = starting.turn_back(device, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, _as_it_is(device), refused.reason)
    messages.success(request, _what_came_of_it(state))
    return see_other(f"{device.get_absolute_url()}?tab=lifecycle")


def _own(request, ref):
    """The device of the person at the keyboard: nobody else buys it, an admin neither."""
    device = device_in_hand(request, ref)
    if step_called(device, "start_buyout", request.user).role_of(device, request.user) is None:
        raise PermissionDenied
    return device


def _to_the_payment(request, device):
    form, at = UnderstoodForm(request.POST), clock.now()
    if device.status != Status.PENDING_BUYOUT and not form.is_valid():
        return _page(request, device, form, status=422)
    try:
        attempt = starting.begin_buyout(
            device, by=request.user, seen=form.data.get("seen", ""), version=seen_version(request), at=at
        )
        return whole_page_to(request, payments.checkout(attempt, at=at))
    except starting.PriceChanged:
        return _page(request, _as_it_is(device), UnderstoodForm(), status=409, changed=True)
    except Refused as refused:
        return conflict(request, _as_it_is(device), refused.reason)
    except Trouble:
        return render(request, "renewals/buyouts/later.html", {"device": _as_it_is(device)}, status=503)


def _page(request, device, form, *, status=200, changed=False):
    at = clock.now()
    quote = quote_shown(device, at=at)
    reason = device.start_buyout.step.reason(device, by=request.user, at=at)
    if device.status not in device.start_buyout.step.sources:
        reason = Reason("status", _("That can't be done now: the status is “%s”.") % device.get_status_display())
    context = {
        "device": device, "form": form, "changed": changed, "reason": reason, "seller": seller_of(device),
        "quote": None if isinstance(quote, Reason) else quote,
        "leaves": leaves_soon(request.user, today=clock.local_date(at)),
    }  # fmt: skip
    return render(request, "renewals/buyouts/confirm.html", context, status=409 if reason and status == 200 else status)


def _as_it_is(device):
    return with_what_a_path_needs(Device.objects.all()).get(pk=device.pk)


def _what_came_of_it(state):
    if state == Attempt.State.EXPIRED:
        return _("The payment is called off. Nothing is paid, and the choice is open again.")
    if state == Attempt.State.SUPERSEDING:
        return _(
            "The payment is being called off. Stripe does not answer now; the choice opens again as soon as it does."
        )
    return _("The payment was quicker: it had already taken place.")
