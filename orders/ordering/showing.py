"""What orders on their way show on the pages below: on a partner's, on a device's, among the admins' to-dos."""

from django.db.models import Count, Min
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.beside import tells
from assets.lifecycle import PHASES
from assets.panels import panel, partner_panel
from orders.models import Order, OrderLine
from orders.ordering.channels import address_of, channel_of, secrets_of
from velory import clock
from velory.journal.sentences import says
from velory.tenancy.context import current_company
from velory.ui.todos import Todo, todo

says("orders.channel", "change", gettext_lazy("{by} changed how orders reach {thing}: {changes}."))
says("orders.channel", "renew_secret", gettext_lazy("{by} made a new secret for orders to {thing}."))


@partner_panel(order=40)
def how_orders_reach_it(partner, person, *, today):
    """By mail or by machine, and whether that works."""
    if not partner.distributes or not current_company().has("store"):
        return None
    channel = channel_of(partner)
    return "orders/_channel_panel.html", {
        "channel": channel, "address": address_of(partner), "has_secret": bool(secrets_of(partner, clock.now())),
        "unsent": Order.objects.failed().filter(distributor=partner).count(),
    }  # fmt: skip


@panel("overview", order=30)
def how_it_was_ordered(device, person, *, today):
    """For admins, once it is in use: by which order it came."""
    if not person.is_admin or device.status in PHASES["delivery"] or not current_company().has("store"):
        return None
    line = OrderLine.objects.filter(device=device).select_related("order__distributor", "order__request").first()
    return ("orders/_came_by.html", {"line": line, "order": line.order}) if line else None


@tells("order")
def what_the_command_prints(device):
    """The order, its line and the number under which the distributor has it."""
    line = OrderLine.objects.filter(device=device).select_related("order__request").first()
    return line and {
        "ref": line.order.ref, "line": line.number, "status": line.order.status, "number": line.order.number,
        "request": line.order.request.ref if line.order.request else "",
        "expected_on": line.expected_on and line.expected_on.isoformat(),
    }  # fmt: skip


@todo(order=12)
def orders_that_did_not_get_there(today):
    """Nothing is delivered before somebody has sent them again."""
    if not current_company().has("store"):
        return []
    figures = Order.objects.failed().aggregate(count=Count("pk"), oldest=Min("ordered_at"))
    return [
        Todo("orders_failed", figures["count"], _("Orders that were not sent"),
             _("The distributor has not got them. Put right what is wrong and send them again."),
             f"{reverse('orders:orders')}?status=failed",
             oldest_on=figures["oldest"] and clock.local_date(figures["oldest"]), late=figures["count"]),
    ]  # fmt: skip
