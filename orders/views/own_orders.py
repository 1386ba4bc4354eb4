"""What somebody ordered or is to get: where each device is, what its status means, and why nothing is changed here."""

from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods, require_safe

from assets.support import admins_on
from orders.cancelling.showing import cancelled_of
from orders.deliveries.delivery import Reader, deliveries_of, deliveries_to
from orders.doors import in_the_store
from orders.meanings import explained
from orders.models import Order, OrderLine, ProductRequest
from velory import clock
from velory.ui.tables import Table


@require_safe
@in_the_store
def own_orders(request):
    """What is on its way to somebody, what they wait for an answer about, and what has come or was cancelled."""
    reader = reader_of(request)
    lines = OrderLine.objects.concerning(request.user)
    table = Table(request, sorts={"ordered": ("order__ordered_at", "pk")}, default="-ordered", size=20)
    table.show(lines.not_under_way().for_following())
    page = {
        "table": table, "under_way": deliveries_to(reader), "over": deliveries_of(table.rows, reader),
        "waiting": ProductRequest.objects.undecided().concerning(request.user).newest_first().with_what_a_list_shows(),
        "explained": explained(),
    }  # fmt: skip
    return render(request, "orders/own_orders.html", page)


@require_safe
@in_the_store
def own_order(request, ref):
    """One order for whoever asked for it or is to get something of it: of a shared one, their own devices."""
    order, deliveries = order_of(request, ref)
    page = {"order": order, "deliveries": deliveries, "begun": begun(deliveries)}
    page["cancelled"] = cancelled_of(order.request, request.user, order=order)
    return render(request, "orders/own_order.html", page | whom_to_ask(request))


@require_http_methods(["GET", "HEAD", "POST"])
@in_the_store
def change_order(request, ref):
    """Why an order is not changed here, and who can still do something about it. To insist changes nothing."""
    order, deliveries = order_of(request, ref)
    page = {
        "order": order, "deliveries": deliveries, "begun": begun(deliveries),
        "open": [delivery for delivery in deliveries if delivery.is_under_way],
        "leased": any(delivery.device.is_leased for delivery in deliveries),
    }  # fmt: skip
    status = 409 if request.method == "POST" else 200
    return render(request, "orders/change_order.html", page | whom_to_ask(request), status=status)


def reader_of(request) -> Reader:
    """Whoever sits at the keyboard, today."""
    return Reader(request.user, at=clock.now(), today=clock.today())


def order_of(request, ref):
    """An order and those of its devices that concern the reader; 404 where none does. Admins see all of it."""
    orders = Order.objects.all() if request.user.is_admin else Order.objects.concerning(request.user)
    order = get_object_or_404(orders.with_what_a_reader_sees(), ref=ref.upper())
    lines = order.lines.for_following().order_by("number")
    deliveries = deliveries_of(lines if request.user.is_admin else lines.concerning(request.user), reader_of(request))
    if not deliveries:
        raise Http404
    return order, deliveries


def begun(deliveries) -> bool:
    """Whether the distributor works on anything of it."""
    return any(delivery.has_begun for delivery in deliveries)


def whom_to_ask(request) -> dict:
    """The admins, for the contacts beside an order."""
    return {"admins": admins_on(clock.today())[:5]}
