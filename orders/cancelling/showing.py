"""What pages below say of a cancellation: what follows from it, why it is too late, what was given back; and what the
admins do about a device that waits for one that does not come."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.consequences import consequence
from assets.filters import FILTERS, Filter
from assets.guards import settled
from assets.lifecycle import PHASES, Status
from assets.models import Device
from assets.panels import panel
from orders.cancelling.given_back import given_back_for
from orders.lifecycle import RequestStatus
from orders.models import LedgerLine, OrderLine, ProductRequest, RequestLine
from velory.journal.reason import Reason
from velory.tenancy.context import current_company
from velory.ui.money import money
from velory.ui.todos import Todo, todo

WENT = {Status.SHIPPED, Status.DELIVERED, Status.RECEIVED}


# Before it is cancelled


@consequence("cancel")
def what_a_cancellation_gives_back(device, person, *, today):
    """Who hears of it and who does not, then what goes back, and what stays undone."""
    ordered = _ordered(device)
    lines = list(_who_is_told(device, ordered))
    if ordered is not None and ordered.request_line is not None:
        lines += _what_goes_back(ordered.request_line)
    if device.is_leased:
        lines.append(("file-x", _("Its leasing contract is void.")))
    old = ordered.request_line.replaces if ordered and ordered.request_line else None
    if old is not None and old.status in PHASES["leaving"]:
        text = _("%s goes back only when a new device has come: another one has to be ordered, or it is asked back.")
        lines.append(("undo-2", text % old))
    return lines


def _ordered(device):
    return OrderLine.objects.with_what_a_cancellation_needs().filter(device=device).first()


def _who_is_told(device, ordered):
    if ordered is not None and not ordered.order.is_unsent:
        text = _("%s is not told by this: agree on it with them first, then record it here.")
        yield "triangle-alert", text % ordered.order.distributor
    elif ordered is not None:
        yield "send", _("The order has not been sent yet: %s never hears of this device.") % ordered.order.distributor
    if device.holder:
        yield "mail", _("%s is told by mail, with the reason.") % device.holder


def _what_goes_back(line):
    request = line.request
    spent = LedgerLine.objects.filter(kind=LedgerLine.Kind.SPEND, cause=line.cause).first()
    if spent is not None:
        values = {"amount": _by_time(line, -spent.amount), "person": request.person}
        yield "wallet", _("%(amount)s goes back to the budget of %(person)s.") % values
    if line.overage_gross and request.overage == ProductRequest.Overage.SALARY:
        text = _("The salary deduction of %s is reversed.")
        yield "hand-coins", text % _by_time(line, line.overage_gross)
    if line.overage_gross and request.overage == ProductRequest.Overage.CARD:
        yield "credit-card", _("%s is refunded to the card that paid.") % money(line.overage_gross, line.currency)


def _by_time(line, amount):
    shown = money(amount, line.currency)
    return _("%s a month") % shown if line.is_monthly else shown


@settled("cancel")
def too_late_to_cancel(device):
    """It has left the distributor, or it is here; None where nothing more can be said."""
    if device.status not in WENT:
        return None
    partner = device.distributor
    text = _("It has left the distributor, so it can’t be cancelled any more. Agree with them on sending it back.")
    ways = ", ".join(filter(None, [partner.support_email, partner.support_phone])) if partner else ""
    return Reason("too_late", text, who=f"{partner} ({ways})" if ways else str(partner or _("the distributor")))


# Afterwards


@panel("overview", order=12)
def what_was_given_back(device, person, *, today):
    """For admins and for whoever it was for: the budget, the salary and the card, with how the refund stands."""
    ordered = _ordered(device) if device.status == Status.CANCELLED else None
    line = ordered.request_line if ordered else None
    if line is None or not may_read_sums(line.request, person):
        return None
    return "orders/_cancelled_panel.html", {"back": given_back_for([line])[line.pk]}


def may_read_sums(request, person) -> bool:
    """Whether somebody reads what was taken and given back: admins, whom it was for, and whoever asked for it."""
    return person.is_admin or person.pk in {request.person_id, request.requester_id}


def cancelled_of(request, person, *, order=None) -> list:
    """What each cancelled device of a request gave back, for its pages; of one order only, if one is named."""
    if request is None or request.status != RequestStatus.APPROVED or not may_read_sums(request, person):
        return []
    lines = OrderLine.objects.cancelled().filter(order__request=request, request_line__isnull=False)
    lines = lines.filter(order=order) if order else lines
    asked = [line.request_line for line in lines.select_related("request_line__request").order_by("order", "number")]
    back = given_back_for(asked) if asked else {}
    return [back[line.pk] for line in asked]


@todo(order=23)
def what_waits_for_a_device_that_does_not_come(today):
    """The replacement was cancelled and no other is on its way: the old device would wait for ever."""
    waiting = waiting_in_vain() if current_company().has("store") else []
    if not waiting:
        return []
    one = f"{waiting[0].get_absolute_url()}?tab=lifecycle"
    return [
        Todo(
            "replacement_cancelled", len(waiting), _("Replacement cancelled"),
            _("Order another one, or tell the holder to return the old device now."),
            one if len(waiting) == 1 else f"{reverse('assets:hardware')}?replacement=cancelled",
        )
    ]  # fmt: skip


FILTERS["replacement"] = Filter(
    "replacement", gettext_lazy("Replacement"), lambda names: [("cancelled", gettext_lazy("Cancelled"))],
    lambda devices, chosen, today: devices.filter(pk__in=[device.pk for device in waiting_in_vain()]),
)  # fmt: skip


def waiting_in_vain() -> list[Device]:
    """Devices that go back when a new one has come, which was cancelled; with no other asked for or on its way, and
    whose holder was not told to return it all the same."""
    old = Device.objects.filter(
        pk__in=OrderLine.objects.cancelled().values("request_line__replaces"),
        status__in=[Status.TO_RETURN, Status.RETURN_PENDING],
    )
    return [device for device in old.with_what_a_list_shows().order_by("pk") if not _is_cared_for(device)]


def _is_cared_for(old):
    if old.journal.of_steps(["ask_back", "time_to_return", "begin_return"]).exists():
        return True
    theirs = Device.objects.held_by(old.holder).in_phase("delivery").filter(category=old.category)
    asked = RequestLine.objects.filter(request__in=ProductRequest.objects.undecided(), replaces=old)
    return asked.exists() or (old.holder_id is not None and theirs.exists())
