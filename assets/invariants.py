"""What must hold of devices besides what the database itself refuses."""

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q

from assets.lifecycle import ARCHIVED, Status
from assets.models import Contract, Device, Holding
from velory.journal.invariants import invariant


@invariant("holding")
def one_open_holding_is_who_has_it():
    """A device has one open holding exactly while it has a holder or a space, and it names the same."""
    open_one = Holding.objects.filter(device=OuterRef("pk"), until_at=None)
    same = open_one.filter(Q(person=OuterRef("holder")) | Q(space=OuterRef("space")))
    has = Q(holder__isnull=False) | Q(space__isnull=False)
    for ref in Device.objects.filter(has).exclude(Exists(same)).values_list("ref", flat=True):
        yield f"{ref} has a holder or a space that no open holding names"
    for ref in Device.objects.exclude(has).filter(Exists(open_one)).values_list("ref", flat=True):
        yield f"{ref} is nobody's, yet a holding is open"


@invariant("holdings in order")
def holdings_do_not_overlap():
    """Nobody has a device before the one before them let it go."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT device.ref FROM assets_holding AS one
            JOIN assets_holding AS other ON other.device_id = one.device_id AND other.id > one.id
                AND other.from_at < coalesce(one.until_at, 'infinity')
                AND one.from_at < coalesce(other.until_at, 'infinity')
            JOIN assets_device AS device ON device.id = one.device_id
            """
        )
        for (ref,) in cursor.fetchall():
            yield f"{ref} has two holdings at once"


@invariant("archived")
def what_is_archived_is_nobodys():
    """An archived device has neither holder nor space; one in repair has no payor either."""
    gone = Device.objects.filter(status__in=ARCHIVED).exclude(holder=None, space=None)
    taken_in = Device.objects.filter(status=Status.IN_REPAIR).exclude(holder=None, space=None, payor="")
    for ref, status in [*gone.values_list("ref", "status"), *taken_in.values_list("ref", "status")]:
        yield f"{ref} is {status} and still somebody's"


@invariant("currency")
def an_amount_has_a_currency():
    """No price without its currency."""
    for ref in Device.objects.filter(purchase_price__isnull=False, currency="").values_list("ref", flat=True):
        yield f"{ref} has a price without a currency"
    priced = Contract.objects.filter(currency="").exclude(monthly_cost=None, acquisition_price=None)
    for ref in priced.annotate(ref=F("device__ref")).values_list("ref", flat=True):
        yield f"the contract of {ref} has an amount without a currency"
