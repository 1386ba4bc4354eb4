"""What is on its way, on the pages below: home, a device's page, whom to ask; and the pages beside Your details."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.lifecycle import OPEN_DELIVERY, Status
from assets.models import Device
from assets.panels import Alert, Milestone, alert, concerns, home_panel, milestone, panel
from orders.budgets.standing import grant_of, standings_of
from orders.deliveries.delivery import Reader, deliveries_to, delivery_of
from orders.models import OrderLine, ProductRequest
from velory import clock
from velory.people.panels import own_place
from velory.tenancy.context import current_company
from velory.ui.dates import day_long

AT_HOME = 8


# Home


@home_panel(order=10)
def ongoing_orders(person, *, today):
    """What is on its way to them, or to a space for which they ordered it; what waits for an answer."""
    if not current_company().has("store"):
        return None
    reader = Reader(person, at=clock.now(), today=today)
    deliveries = [d for d in deliveries_to(reader) if d.is_theirs or d.device.holder_id is None]
    waiting = ProductRequest.objects.undecided().concerning(person).newest_first().with_what_a_list_shows()[:AT_HOME]
    if not deliveries and not waiting:
        return None
    return "orders/_ongoing.html", {"deliveries": deliveries[:AT_HOME], "waiting": waiting}


@home_panel(order=30)
def budget_left(person, *, today):
    """What is left of their budget, category by category; nothing where they have none."""
    grant = grant_of(person) if current_company().has("store") else None
    standings = standings_of(person, grant, today=today) if grant else []
    return ("orders/_budget_at_home.html", {"standings": standings}) if standings else None


@alert
def what_has_come(person, *, today):
    """Delivered and not received yet: whoever has it says so, unless the company leaves that to others."""
    if not current_company().has("store"):
        return []
    devices = Device.objects.held_by(person).delivered().order_by("pk")
    reader = Reader(person, at=clock.now(), today=today)
    return [_alert(device, today) for device in devices if reader.why_not_receive is None]


def _alert(device, today):
    delivered = device.journal.of_steps(["deliver"]).last()
    day = clock.local_date(delivered.at) if delivered else today
    text = _("It was delivered on %s. When you have it, mark it as received: then it stands under your hardware.")
    return Alert(
        _("Has your %s come?") % device, text % day_long(day), _("Mark as received"),
        reverse("assets:step", args=[device.ref, "receive"]), device=device, step="receive",
    )  # fmt: skip


# A device's page


@panel("overview", order=20)
def its_order(device, person, *, today):
    """While it is on its way: what its status means, when it is expected, by which order."""
    if not _concerns(device, person) or device.status not in _TOLD:
        return None
    delivery = delivery_of(device, person, today=today)
    return "orders/_device_order.html", {"delivery": delivery, "order": delivery.order}


@panel("support", order=10)
def what_to_ask_with(device, person, *, today):
    """The numbers that a distributor asks for."""
    line = OrderLine.objects.of(device).for_following().first() if _concerns(device, person) else None
    return ("orders/_device_numbers.html", {"order": line.order}) if line else None


_TOLD = (*OPEN_DELIVERY, Status.SHIPPED, Status.DELIVERED, Status.RECEIVED)


def _concerns(device, person):
    return current_company().has("store") and (person.is_admin or device.holder_id == person.pk)


@milestone
def its_way(device, *, today):
    """Ordered, shipped, delivered or cancelled; when it is expected, until it is there."""
    line = OrderLine.objects.of(device).for_following().first()
    if line is None:
        return []
    order = line.order
    days = [
        Milestone(_("Ordered"), clock.local_date(order.ordered_at), ", ".join(filter(None, [order.ref, order.number])))
    ]
    words = {"ship": _("Shipped"), "deliver": _("Delivered"), "cancel": _("Cancelled")}
    days += [Milestone(words[e.step], clock.local_date(e.at)) for e in device.journal.of_steps(words)]
    if device.status in (*OPEN_DELIVERY, Status.SHIPPED):
        days.append(_expected(line.expected_on, today))
    return days


def _expected(day, today):
    if day is None:
        return Milestone(_("Delivery"), None, _("The distributor has not said when."))
    if day < today:
        return Milestone(_("Expected delivery"), day, _("It should have come. Ask the distributor."), open=True)
    return Milestone(_("Expected delivery"), day, open=day == today)


@concerns
def what_they_ordered_for_others(person):
    """Devices on their way that somebody ordered and does not get themselves."""
    if not current_company().has("store"):
        return []
    lines = OrderLine.objects.concerning(person).under_way().for_following().order_by("pk")
    return [line.device for line in lines if line.device.holder_id != person.pk]


# Beside Your details


@own_place(order=20)
def orders(person):
    """One's orders."""
    return (_("Orders"), reverse("orders:own_orders")) if current_company().has("store") else None


@own_place(order=30)
def requests(person):
    """What one has asked for."""
    return (_("Requests"), reverse("orders:requests")) if current_company().has("store") else None


@own_place(order=40)
def budget(person):
    """One's budget."""
    return (_("Budget"), reverse("orders:my_budget")) if current_company().has("store") else None
