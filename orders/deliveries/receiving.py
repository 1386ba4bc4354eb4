"""Receipt: what comes of its own accord, and why a device can't be received now. The step itself is the device's."""

from django.utils.translation import gettext as _

from assets.guards import settled
from assets.lifecycle import OPEN_DELIVERY, Status
from assets.models import Device
from orders.models import StoreSettings
from velory import clock
from velory.journal.reason import Reason
from velory.journal.steps import steps_of
from velory.ui.dates import day_long


def receive_by_itself(devices, *, at) -> list:
    """Delivered devices that the company owns are received, where it has chosen that and nothing is missing."""
    waiting = [device for device in devices if device.status == Status.DELIVERED]
    if not waiting or not StoreSettings.here().auto_receive:
        return []
    received = [device for device in waiting if comes_by_itself(device, at=at)]
    for device in received:
        device.receive(by=None, at=at)
    return received


def comes_by_itself(device, *, at) -> bool:
    """Owned, and its numbers known: what is leased is looked at by somebody, and a missing number stands on the box."""
    return not device.is_leased and steps_of(Device)["receive"].reason(device, by=None, at=at) is None


@settled("receive")
def not_now(device):
    """Before it is shipped, after it has come, or when it never will."""
    if device.status in OPEN_DELIVERY:
        text = _("It has not been shipped yet. It can be marked as received from the day on which it is.")
        return Reason("not_shipped", text)
    if device.status == Status.CANCELLED:
        return Reason("cancelled", _("It was cancelled and won't come."))
    if device.received_at:
        day = day_long(clock.local_date(device.received_at))
        return Reason("received", _("It was marked as received already, on %s.") % day)
    return None
