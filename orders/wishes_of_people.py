"""What somebody asked for and got ordered: the panel that orders show on a person's page."""

from orders.models import OrderLine, ProductRequest
from velory.people.panels import panel
from velory.tenancy.context import current_company

SHOWN = 10


@panel(order=20)
def their_requests_and_orders(person, by, *, today):
    """The latest of both; nothing where the company has no store."""
    if not current_company().has("store"):
        return None
    requests = ProductRequest.objects.concerning(person).with_what_a_list_shows().newest_first()[:SHOWN]
    lines = OrderLine.objects.concerning(person).select_related("order", "device").order_by("-pk")[:SHOWN]
    return "orders/_their_wishes.html", {"requests": list(requests), "lines": list(lines)}
