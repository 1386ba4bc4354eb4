"""A device on its way to a buyer: sent, answered, traded in or withdrawn, paid."""

from django.db import transaction
from django.utils.translation import gettext as _

from assets.guards import answers
from assets.models import Device, Partner
from repairs.models import TradeIn
from repairs.tradein import notices
from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.journal.steps import follows
from velory.post.links import void_links

# What the ground floor asks


@answers("trade_in_can_start")
@answers("trade_in_can_be_withdrawn")
def nothing_is_against_it(device, *, by, at, **details):
    """The step's own table says all: owned, active or returned; on its way."""
    return


@answers("trade_in_can_be_completed")
def its_final_value_is_known(device, *, by, at, **details):
    """The buyer has said what they pay."""
    trade_in = TradeIn.objects.open().of(device).select_related("buyer").first()
    if trade_in is None or trade_in.final_value is None:
        text = _("The final value is missing. The buyer says it on their page, or you record it for them.")
        return Reason("no_value", text, who=str(trade_in.buyer) if trade_in else "")
    return None


# What follows from the device's steps


@follows(Device, "send_to_trade_in")
def it_goes_to_the_buyer(devices, *, name, at):
    """With what was said of its condition; the buyer gets a page of their own."""
    for device in devices:
        said = device.journal.last().details
        if "buyer" not in said:
            raise Refused(Reason("no_buyer", _("Say who would buy it.")))
        trade_in = TradeIn.objects.create(
            device=device, buyer=Partner.objects.get(ref=said["buyer"]), condition=said.get("condition", {}),
            remark=said.get("remark", ""), preliminary_value=said.get("value"), currency=said["currency"], sent_at=at,
        )  # fmt: skip
        notices.buyer_is_told(trade_in, at=at)


@follows(Device, "complete_trade_in", "withdraw_trade_in")
def it_is_over(devices, *, name, at):
    """Traded in, or back: the buyer's page is closed, and they are told."""
    for trade_in in TradeIn.objects.open().filter(device__in=devices).select_for_update(of=("self",)).order_by("pk"):
        trade_in.completed, trade_in.closed_at = name == "complete_trade_in", at
        trade_in.save(update_fields=["completed", "closed_at"])
        void_links(trade_in, at=at)
        notices.buyer_hears_the_end(trade_in, at=at)


# What is said meanwhile


def answer(trade_in: TradeIn, *, final_value, declined: bool, text: str, by, at) -> TradeIn:
    """What the buyer pays, or that they do not want it: said by them, or recorded by an admin. Raises Refused."""
    with transaction.atomic():
        Device.objects.select_for_update(of=("self",)).get(pk=trade_in.device_id)
        held = TradeIn.objects.select_for_update(of=("self",)).get(pk=trade_in.pk)
        if not held.is_open:
            raise Refused(Reason("over", _("It is decided already: nothing can be changed any more.")))
        held.final_value, held.declined, held.answer = final_value, declined, text
        held.answered_at = at
        held.save(update_fields=["final_value", "declined", "answer", "answered_at"])
        details = {"amount": str(final_value), "currency": held.currency} if final_value is not None else {}
        role = "partner" if isinstance(by, Partner) else "admin"
        write(held, "decline" if declined else "value", by=by, at=at, details=details | {"text": text}, role=role)
        notices.admins_hear_the_answer(held, at=at)
    return held


def record_money(trade_in: TradeIn, *, money, money_on, by, at) -> None:
    """What the company got for it, and when. Raises Refused."""
    with transaction.atomic():
        held = TradeIn.objects.select_for_update(of=("self",)).get(pk=trade_in.pk)
        if not held.completed:
            raise Refused(Reason("not_traded_in", _("It has not been traded in.")))
        held.money, held.money_on = money, money_on
        held.save(update_fields=["money", "money_on"])
        details = {"amount": str(money), "currency": held.currency, "money_on": money_on.isoformat()}
        write(held, "receive_money", by=by, at=at, details=details)
