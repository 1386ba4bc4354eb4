"""Who is paid for a device: its leasing provider, or the company where it owns the device (spec 2)."""

from django.utils.translation import gettext as _

from renewals.paths import Path, path_of
from velory.journal.reason import Reason
from velory.payments import gateway
from velory.payments.models import Payee
from velory.payments.models.payee import COMPANY, key_of_partner
from velory.payments.reasons import not_set_up
from velory.tenancy.context import current_company


def payee_key(device) -> str:
    """The key under which the seller of a device is paid; empty where a lease names no provider."""
    if path_of(device) != Path.LEASED:
        return COMPANY
    provider = device.open_contract.provider
    return key_of_partner(provider.ref) if provider else ""


def seller_of(device) -> str:
    """Who is paid, by name."""
    if path_of(device) == Path.LEASED and device.open_contract.provider:
        return device.open_contract.provider.name
    return current_company().name


def payee_of(device) -> Payee | Reason:
    """The seller's account for payments, or why nothing can be paid to it."""
    if not gateway.set_up():
        return not_set_up()
    key = payee_key(device)
    if not key:
        text = _("The contract names no leasing provider to be paid. It is set in the device's facts.")
        return Reason("payee_missing", text, who=_("an admin"))
    payee = Payee.objects.of(key) or Payee(key=key, name=seller_of(device))
    return payee.takes_money or payee
