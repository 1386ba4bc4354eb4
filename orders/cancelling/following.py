"""What a cancelled device gives back, as one unit with its cancellation (spec 3, R15): to the budget, salary and card;
its contract is void, and whoever waits for it hears. All of it stands in the step's own transaction, so that it is
owed whole or not at all; the money itself moves afterwards, once.

Whoever calls holds the device and waits for no person and no request: giving back only makes room.
"""

from django.utils.translation import gettext_lazy as _

from assets.models import Device
from orders.budgets.ledger import give_back
from orders.cancelling import letters
from orders.models import LedgerLine, Order, OrderLine
from orders.ordering.dispatch import call_off_when_it_can_be
from orders.overage import salary
from orders.overage.card import refund_of
from velory import clock
from velory.crash import crash
from velory.journal.sentences import says
from velory.journal.steps import follows, write

says("assets.device", "void_contract", _("The leasing contract is void: the device was cancelled. {number}"))
says("assets.device", "give_back", _("What it took of the budget of {person} was given back."))
says("assets.device", "reverse_deduction", _("The salary deduction for it was reversed."))
says("assets.device", "owe_refund", _("What was paid for it by card is refunded."))


@follows(Device, "cancel")
def what_was_cancelled_is_made_whole(devices, *, name, at):
    """Whoever cancelled it: the distributor, or an admin who records it."""
    for device in devices:
        make_whole(device, at=at)


def make_whole(device, *, at) -> None:
    """Everything that follows when a device is cancelled."""
    void_contract(device, at=at)
    ordered = OrderLine.objects.with_what_a_cancellation_needs().filter(device=device).first()
    if ordered is None:
        return
    ordered.device = device
    if ordered.request_line is not None:
        give_everything_back(ordered.request_line, device, at=at)
    call_off_if_empty(ordered.order, at=at)
    letters.whoever_waits_is_told(ordered, at=at)


def give_everything_back(line, device, *, at) -> None:
    """What was taken for a device, from wherever: each obligation once."""
    spent = LedgerLine.objects.filter(kind=LedgerLine.Kind.SPEND, cause=line.cause).first()
    if spent is not None:
        give_back(spent, at=at)
        _note(device, "give_back", at=at, person=str(line.request.person or ""))
    crash("CANCEL.mid")
    if salary.reverse(line, at=at) is not None:
        _note(device, "reverse_deduction", at=at)
    if line.request.has_card_part and refund_of(line, at=at) is not None:
        _note(device, "owe_refund", at=at)


def void_contract(device, *, at) -> None:
    """A lease that never began ends on the day of the cancellation."""
    contract = device.open_contract
    if contract is None:
        return
    contract.closed_on = clock.local_date(at)
    contract.save(update_fields=["closed_on"])
    _note(device, "void_contract", at=at, number=contract.number, closed_on=contract.closed_on)


def call_off_if_empty(order, *, at) -> None:
    """Nothing is left of an order that the distributor has not got: it is not sent any more.

    Of two devices that are cancelled at once the one that holds the order later sees the other.
    """
    if not Order.objects.unsent().filter(pk=order.pk).exists():
        return
    order.take_hold()
    if order.is_unsent and not order.lines.left().exists():
        call_off_when_it_can_be(order, at=at)


def _note(device, deed, *, at, **details):
    write(device, deed, by=None, role="system", at=at, came_from=device.status, details=details)
