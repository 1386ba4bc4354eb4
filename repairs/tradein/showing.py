"""What trade-ins show on the ground floor's pages."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.consequences import consequence
from assets.lifecycle import Status
from assets.panels import Milestone, milestone, panel
from repairs.models import TradeIn
from velory import clock
from velory.ui.todos import Todo, todo


@panel("overview", order=6)
def with_the_buyer(device, person, *, today):
    """For admins: what the buyer said, and what it brought."""
    if not person.is_admin or device.status not in {Status.TRADE_IN, Status.TRADED_IN}:
        return None
    trade_in = TradeIn.objects.of(device).with_what_a_list_shows().newest_first().first()
    return ("repairs/tradein/_panel.html", {"trade_in": trade_in}) if trade_in else None


@milestone
def days_of_trade_ins(device, *, today):
    """Sent, answered, decided."""
    found = []
    for trade_in in TradeIn.objects.of(device).select_related("buyer").order_by("pk"):
        found.append(Milestone(_("Sent to trade in"), clock.local_date(trade_in.sent_at), str(trade_in.buyer)))
        if trade_in.closed_at:
            title = _("Traded in") if trade_in.completed else _("Trade-in withdrawn")
            found.append(Milestone(title, clock.local_date(trade_in.closed_at)))
    return found


@consequence("send_to_trade_in")
def the_buyer_is_told(device, person, *, today):
    """What follows from sending it."""
    return [
        ("mail", _("The buyer gets a mail with the device, its condition and a page of their own.")),
        ("hand-coins", _("They say there what they pay. You decide then: mark it as traded in, or withdraw it.")),
    ]


@consequence("complete_trade_in")
def it_is_sold(device, person, *, today):
    """The value is kept, and it goes to the archive."""
    lines = [("archive", _("It goes to the archive, and the buyer is told. The value stays on record."))]
    if device.holder_id:
        lines.append(("user", _("%s is no longer its holder.") % device.holder))
    return lines


@consequence("withdraw_trade_in")
def it_stays(device, person, *, today):
    """Back to where it was."""
    status = Status(device.status_before or Status.ACTIVE).label
    return [
        ("refresh-cw", _("It is “%s” again.") % status),
        ("mail", _("The buyer is told, and their page is closed.")),
    ]


@todo(order=40)
def what_trade_ins_wait_for(today):
    """Answers to decide on, money to come."""
    answered, owed = TradeIn.objects.answered().count(), TradeIn.objects.money_expected().count()
    address = reverse("repairs:trade_ins")
    return [
        Todo("trade_in_answered", answered, _("Trade-ins to decide"), _("The buyer has answered"),
             f"{address}?state=answered"),
        Todo("trade_in_money", owed, _("Money for trade-ins"), _("Record it when it has come"),
             f"{address}?state=money"),
    ]  # fmt: skip
