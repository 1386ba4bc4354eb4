"""What follows when a parcel moves, in the same transaction: receipt of its own accord, and letters."""

from assets.models import Device
from orders.deliveries import notices, reminding
from orders.deliveries.receiving import receive_by_itself
from orders.models import Order, OrderLine
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
        if len(received) < len(devices):
            reminding.put_next(at)


@follows(Order, "hear")
def more_is_known_of_it(orders, *, name, at):
    """A distributor has named a number that was missing: what waits for it may be received of its own accord."""
    if current_company().has("store"):
        receive_by_itself([line.device for line in OrderLine.objects.delivered_of(orders)], at=at)
