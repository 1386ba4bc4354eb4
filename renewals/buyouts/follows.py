"""What follows a device's steps here, in the same transaction."""

from assets.models import Device
from renewals.buyouts import notices
from velory import clock
from velory.journal.steps import follows


@follows(Device, "release_bought")
def its_buyer_hears_that_it_is_theirs(devices, *, name, at):
    """And what was leased is so no longer: the lease ends with the device."""
    for device in devices:
        notices.device_is_theirs(device, at=at)
        if device.is_leased:
            contract = device.open_contract
            contract.closed_on = clock.local_date(at)
            contract.save(update_fields=["closed_on"])
