"""What the buy-out answers when a device's steps ask: is it paid? On payments' word alone."""

from django.utils.translation import gettext as _

from assets.guards import answers
from renewals.buyouts.starting import KIND
from velory.journal.reason import Reason
from velory.payments.models import Attempt


@answers("buyout_is_paid")
def buyout_is_paid(device, *, by, at, payment="", amount="", currency="", **details):
    """A payment of its present holder for this device has taken place, of exactly this amount."""
    attempt = Attempt.objects.paid_about(KIND, device.ref)
    if attempt is None or attempt.person_id != device.holder_id or attempt.captured != attempt.amount_minor:
        return Reason("not_paid", _("Stripe has not said that it is paid."))
    return None
