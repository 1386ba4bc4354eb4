"""What must hold of orders on their way to the distributor."""

from orders.lifecycle import OrderStatus
from orders.models import Order
from orders.ordering.letters import DISPATCH, letters_of
from velory.agenda.models import Due
from velory.journal.invariants import invariant
from velory.tenancy.context import current_company


@invariant("an order that waits is on the agenda")
def forgotten_orders():
    """Queued, and neither the agenda nor a letter that is still to go will bring it on."""
    due = set(Due.objects.filter(company_id=current_company().pk, kind=DISPATCH).values_list("ref", flat=True))
    for order in Order.objects.filter(status=OrderStatus.QUEUED).exclude(ref__in=due):
        if not letters_of(order).unsent().exists():
            yield f"Order {order.ref} waits, and nothing will send it."
