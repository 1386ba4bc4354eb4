"""What must hold of returns in every company, asked of the rows as they stand."""

from django.db.models import Exists, OuterRef

from assets.lifecycle import Status
from assets.models import Device
from renewals.models import Return
from velory.journal.invariants import invariant

ON_THE_WAY = (Status.RETURN_PENDING, Status.TO_RETURN, Status.RETURNED, Status.TRADE_IN)


@invariant("V1 a device that is to be returned has its return")
def to_be_returned_has_its_return():
    """Nobody would be told of it otherwise."""
    open_ones = Return.objects.open().filter(device=OuterRef("pk"))
    for ref in Device.objects.filter(~Exists(open_ones), status=Status.TO_RETURN).values_list("ref", flat=True):
        yield f"{ref} is to be returned, and no return of it is open"


@invariant("V2 an open return is that of a device on its way back")
def open_return_is_on_its_way():
    """Released, removed and traded in ones are closed in the same transaction."""
    for returning in Return.objects.open().exclude(device__status__in=ON_THE_WAY).select_related("device"):
        yield f"the return of {returning.device.ref} is open, the device is {returning.device.status}"


@invariant("V3 what has come back was confirmed")
def received_is_returned():
    """The moment of receipt stands where the device is returned, and nowhere else."""
    for returning in Return.objects.open().select_related("device"):
        back = returning.device.status in {Status.RETURNED, Status.TRADE_IN}
        if back != bool(returning.received_at):
            yield f"the return of {returning.device.ref}: received {returning.received_at}, {returning.device.status}"


@invariant("V4 what has come back and left the house is leased no longer")
def closed_lease_is_closed():
    """With its date, in the transaction in which it left."""
    left = Return.objects.exclude(received_at=None).exclude(closed_at=None).filter(device__status=Status.REMOVED)
    for ref in left.filter(device__contract__isnull=False, device__contract__closed_on=None).values_list("device__ref"):
        yield f"{ref[0]} has come back and was released, and its lease is open"
