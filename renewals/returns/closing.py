"""A return ends: the device is back, then released; or it was called off. The lease is closed with its date."""

from assets.lifecycle import ARCHIVED
from renewals.models import Return
from renewals.returns import notices
from velory import clock
from velory.journal.steps import write
from velory.post.links import void_links


def note_receipt(devices, *, at) -> None:
    """Confirmed by the provider or by an admin."""
    for returning in Return.objects.under_way().of_any(devices):
        returning.received_at = at
        returning.save(update_fields=["received_at"])


def close(devices, *, at) -> None:
    """The devices have left the house: nothing of their returns is open, and no link opens anything."""
    gone = {device.pk: device for device in devices if device.status in ARCHIVED}
    for returning in Return.objects.open().of_any(gone.values()).with_what_a_page_shows():
        if returning.received_at:
            close_contracts([gone[returning.device_id]], at=at)
        elif returning.provider is not None and returning.told_at:
            notices.provider_is_told_otherwise(returning, returning.provider, at=at)
        returning.closed_at = at
        returning.save(update_fields=["closed_at"])
        void_links(returning, at=at)


def close_contracts(devices, *, at) -> None:
    """Returned or bought, and released: the lease ends on this day."""
    for device in devices:
        contract = device.open_contract
        if contract is not None:
            contract.closed_on = clock.local_date(at)
            contract.save(update_fields=["closed_on"])
            write(
                device, "close_contract", by=None, role="system", at=at, came_from=device.status,
                details={"number": contract.number, "closed_on": contract.closed_on},
            )  # fmt: skip
