"""What must hold between devices that are bought and the money for them (reliability 3.1, P3)."""

from decimal import Decimal

from django.db import connection

from assets.models import Device
from renewals.buyouts.starting import BOUGHT, KIND
from velory.journal.invariants import invariant
from velory.journal.models import Entry
from velory.payments.models import Attempt


@invariant("P3 a device is bought if and only if it is paid")
def bought_is_paid():
    """One payment of the amount that its journal says; a refund after the purchase is a decision of somebody's."""
    bought = {device.ref: device for device in Device.objects.filter(status__in=BOUGHT)}
    entries = {
        entry.about_ref: entry
        for entry in Entry.objects.of_steps(["complete_buyout"]).filter(about_ref__in=bought).order_by("version")
    }
    payments: dict[str, list[Attempt]] = {}
    settled = [Attempt.State.PAID, Attempt.State.REFUNDED, Attempt.State.REFUND_DUE]
    for attempt in Attempt.objects.filter(kind=KIND).in_state(*settled).with_sums():
        payments.setdefault(attempt.subject_ref, []).append(attempt)
    for ref in sorted(bought):
        yield from _of_one(ref, entries.get(ref), payments.get(ref, []))
    for ref, attempts in sorted(payments.items()):
        if ref not in bought and any(attempt.state == Attempt.State.PAID for attempt in attempts):
            yield f"{ref} is paid and not bought"


def _of_one(ref, entry, attempts):
    if entry is None:
        yield f"{ref} is bought and no entry says by which payment"
        return
    its = [attempt for attempt in attempts if attempt.ref == entry.details.get("payment")]
    paid = [attempt for attempt in attempts if attempt.state == Attempt.State.PAID]
    if len(its) != 1 or any(attempt not in its for attempt in paid):
        yield f"{ref} is bought, with {len(its)} payments of its own and {len(paid)} that hold"
        return
    [attempt] = its
    said = (Decimal(entry.details["amount"]), entry.details["currency"])
    if said != (attempt.amount, attempt.currency) or attempt.captured_minor != attempt.amount_minor:
        yield f"{ref} was bought for {said[0]} {said[1]}, and {attempt.ref} is another amount"


@invariant("P8 what is returned is not paid for")
def returned_is_not_paid():
    """Nobody can still pay for a device whose final choice is its return."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT d.ref, a.ref FROM payments_attempt a JOIN assets_device d ON d.ref = a.subject_ref
               WHERE a.kind = %s AND a.state IN ('creating', 'open', 'superseding', 'paid')
               AND d.status IN ('to_return', 'return_pending', 'returned', 'removed')""",
            [KIND],
        )
        for device, attempt in cursor.fetchall():
            yield f"{device} goes back, and {attempt} can still be paid or is"
