"""Devices that are on their way to somebody, where the company has no store that would say more of them."""

from assets.models import Device
from assets.panels import home_panel
from assets.views.device_page import offers_for
from velory import clock
from velory.tenancy.context import current_company


@home_panel(order=10)
def on_their_way(person, *, today):
    """Each with its status, and the button for what has come."""
    if current_company().has("store"):
        return None
    devices = Device.objects.held_by(person).in_phase("delivery").with_what_a_list_shows().order_by("pk")
    at = clock.now()
    rows = [(device, _receipt(device, person, at)) for device in devices]
    return ("assets/_on_their_way.html", {"orders": rows}) if rows else None


def _receipt(device, person, at):
    return next((offer for offer in offers_for(device, person, at=at) if offer.name == "receive"), None)
