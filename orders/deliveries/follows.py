"""What follows when a parcel moves, in the same transaction: receipt of its own accord, and letters."""

from assets.models import Device
from orders.deliveries import notices
from orders.deliveries.receiving import receive_by_itself
from velory.journal.steps import follows
from velory.tenancy.context import current_company


@follows(Device, "ship")
def it_is_on_its_way(devices, *, name, at):
    """Whoever waits for it hears at once."""
    if current_company().has("store"):
        for device in devices:
            notices.it_is_shipped(device, at=at)


@follows(Device, "*")
def it_has_come(devices, *, name, at):
    """Delivered, or delivered before and a number has become known since: it may be received of its own accord."""
    if not current_company().has("store"):
        return
    received = receive_by_itself(devices, at=at)
    if name == "deliver":
        for device in devices:
            notices.it_is_delivered(device, by_itself=device in received, at=at)
