"""The company's orders as a list: search, filters, how much of each has come; and the same as a file."""

from django.db.models import Count, F, Min, Q
from django.utils.translation import gettext as _

from assets.lifecycle import OPEN_DELIVERY, Status
from assets.models import Device, Partner
from orders.lifecycle import OrderStatus
from orders.models import Order, OrderLine
from velory import clock
from velory.folding import words_of
from velory.people.models import Person
from velory.ui.tables import Table

SORTS = {
    "ordered": "ordered_at",
    "distributor": ("distributor__name", "-ordered_at"),
    "status": ("status", "-ordered_at"),
    "expected": (F("expected_on").asc(nulls_last=True), "-ordered_at"),
}
ON_THEIR_WAY = (*OPEN_DELIVERY, Status.SHIPPED)


class Orders(Table):
    """The list as its address tells it."""

    def __init__(self, request):
        super().__init__(request, sorts=SORTS, default="-ordered", filters=["status", "distributor"])

    def order(self):
        """Orders without an expected day come last, whichever way round."""
        if self.sort != "-expected":
            return super().order()
        return [F("expected_on").desc(nulls_last=True), "-pk"]

    @property
    def orders(self):
        """Whatever the search and the filters leave."""
        found = matching(Order.objects.all(), self.q)
        if statuses := [status for status in self.chosen("status") if status in OrderStatus.values]:
            found = found.filter(status__in=statuses)
        if distributors := self.chosen("distributor"):
            found = found.filter(distributor__ref__in=distributors)
        return found

    def fetch(self):
        """The page's orders, each with how much of it has come."""
        return self.show(counted(self.orders), count=self.orders.count())

    @property
    def statuses(self) -> list[tuple]:
        """The statuses of the filter."""
        return [(status.value, str(status.label)) for status in OrderStatus]

    @property
    def distributors(self) -> list[tuple]:
        """The distributors of the filter."""
        return [(partner.ref, partner.name) for partner in Partner.objects.distributing()]

    @property
    def export_query(self) -> str:
        """The filters as the export takes them."""
        return self.link().partition("?")[2]


def counted(orders):
    """Orders with their devices counted: how many, how many have come, how many were cancelled, and when the next is
    expected."""
    living = ~Q(lines__device__status=Status.CANCELLED)
    return orders.select_related("distributor", "request__requester", "request__person", "request__space").annotate(
        devices=Count("lines", filter=living),
        received=Count("lines", filter=Q(lines__device__received_at__isnull=False)),
        cancelled=Count("lines", filter=~living),
        expected_on=Min("lines__expected_on", filter=Q(lines__device__status__in=ON_THEIR_WAY)),
    )


def matching(orders, q: str):
    """Orders whose reference or number holds what is searched for, or a device, or a person."""
    if not q:
        return orders
    lines = OrderLine.objects.filter(device__in=Device.objects.matching(q))
    words = words_of(q)
    people = list(
        Person.objects.filter(*(Q(search__contains=word) for word in words)).values_list("pk", flat=True)[:2000]
    )
    named = Q(ref__icontains=q) | Q(number__icontains=q) | Q(request__ref__iexact=q)
    asked = Q(request__requester__in=people) | Q(request__person__in=people)
    return orders.filter(named | asked | Q(pk__in=lines.values("order")))


def file_rows(orders):
    """Orders as a file: one row for each device."""
    yield [
        _("Order"), _("Status"), _("Distributor"), _("Distributor's order number"), _("Ordered"), _("Request"),
        _("Asked for by"), _("Line"), _("Article number"), _("Product"), _("Device"), _("Device status"),
        _("Holder or space"), _("Serial number"), _("IMEI"), _("Expected delivery"), _("Tracking number"),
        _("Received"),
    ]  # fmt: skip
    lines = OrderLine.objects.filter(order__in=orders).select_related(
        "order__distributor", "order__request__requester", "device__holder", "device__space"
    )
    for line in lines.order_by("-order__ordered_at", "-order__pk", "number").iterator(chunk_size=500):
        order, device = line.order, line.device
        yield [
            order.ref, order.get_status_display(), order.distributor, order.number, order.ordered_at,
            order.request.ref if order.request else "", order.request.requester if order.request else "",
            line.number, line.article_number, device.name, device.ref, device.get_status_display(),
            device.whose or "", device.serial, device.imei, line.expected_on, device.tracking_number,
            device.received_at and clock.local_date(device.received_at),
        ]  # fmt: skip
