"""The distributor's link to one order: where its letter leads, until when, and what it holds good for."""

from datetime import timedelta

from orders.models import Order, OrderLine
from orders.ordering.channels import address_of
from orders.reports.lines import UNDER_WAY
from velory import clock
from velory.post.links import OVER, link_for
from velory.post.models import Link

PURPOSE = "orders.order"
VALID = timedelta(days=60)
LONGEST = timedelta(days=3 * 365)  # while something of it is on its way


def order_link(order: Order) -> str:
    """The address for the letter that carries an order. Asked again it is the same."""
    return link_for(
        PURPOSE, order, address_of(order.distributor), binding=binding_of(order), expires_at=order.ordered_at + LONGEST
    )  # fmt: skip


def binding_of(order: Order) -> str:
    """This order, with this distributor."""
    return f"{order.ref}/{order.distributor.ref}"


def bound_to(link) -> str | None:
    """It opens for sixty days, and as long as something is on its way. An order that was never sent has none."""
    order = Order.objects.select_related("distributor").filter(pk=link.about_id).first()
    if order is None:
        return None
    return OVER if clock.now() >= valid_until(order) and not is_under_way(order) else binding_of(order)


def valid_until(order: Order):
    """Until when it opens in any case."""
    return order.ordered_at + VALID


def opens_by_link(order: Order, *, at) -> bool:
    """Whether some link opens it, or would if it had not become too old."""
    return Link.objects.about(order).of_purpose(PURPOSE).good_at(at).exists()


def is_under_way(order: Order) -> bool:
    """Whether a device of it has not come yet."""
    return OrderLine.objects.filter(order=order, device__status__in=UNDER_WAY).exists()
