"""From the options to the last page before a final choice. Nothing is chosen by going there."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from assets.views.steps import device_in_hand
from renewals.choices.options import DECIDE


@require_safe
def choose(request, ref):
    """The page on which the marked choice is confirmed; who is not signed in does that on the way."""
    device = device_in_hand(request, ref)
    step = DECIDE.get(request.GET.get("choice", ""))
    if step is None:
        messages.warning(request, _("Mark one of the choices first."))
        return redirect(f"{device.get_absolute_url()}?tab=lifecycle")
    return redirect(f"{device.get_absolute_url()}{step}/")
