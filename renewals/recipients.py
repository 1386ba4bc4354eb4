"""Who is paid for devices: the company for those it owns, each leasing provider for those leased from it."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.models import Partner
from assets.panels import partner_panel, settings_section
from velory.payments.models import Payee
from velory.payments.models.payee import COMPANY, key_of_partner
from velory.payments.recipients import Recipient, can_be_paid
from velory.payments.screens.payees import lines
from velory.payments.standing import standing_of
from velory.tenancy.context import current_company


@can_be_paid(order=10)
def the_company():
    """Devices that it owns are bought out from the company itself."""
    return [Recipient(COMPANY, current_company().name, _("Buy-outs of devices that the company owns"))]


@can_be_paid(order=20)
def leasing_providers():
    """Leased devices are bought out from their leasing providers."""
    return [recipient_for(partner) for partner in Partner.objects.leasing()]


def recipient_for(partner) -> Recipient:
    """A leasing provider as somebody who can be paid."""
    return Recipient(
        key_of_partner(partner.ref), partner.name, _("Buy-outs of devices leased from %s") % partner.name,
        partner.email, partner.language, reverse("assets:edit_partner", args=[partner.ref]),
    )  # fmt: skip


@partner_panel(order=30)
def how_it_is_paid(partner, person, *, today):
    """Whether a leasing provider's account takes money."""
    if not partner.leases:
        return None
    recipient = recipient_for(partner)
    payee = Payee.objects.of(recipient.key)
    return "payments/_payee_panel.html", {"recipient": recipient, "standing": standing_of(payee)}


@settings_section(order=60)
def payments(request):
    """Who is paid, and whether they take money; each has a page of its own."""
    return _("Who is paid"), "payments/_settings_section.html", {"lines": lines()}
