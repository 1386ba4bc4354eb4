"""What follows a device's steps here, in the same transaction."""

from assets.models import Device
from renewals.buyouts import notices
from velory.journal.steps import follows


@follows(Device, "release_bought")
def its_buyer_hears_that_it_is_theirs(devices, *, name, at):
    """The letter for which they have waited."""
    for device in devices:
        notices.device_is_theirs(device, at=at)
