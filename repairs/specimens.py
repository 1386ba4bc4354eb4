"""Specimens of letters about repairs, loans and trade-ins."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from velory import clock
from velory.post.specimens import Thing, specimen

LINK = "https://velory.example/devices/preview/"


def _device():
    return Thing("iPhone 15, 128 GB", name="iPhone 15, 128 GB", serial="F2LXQ7K4M9", imei="")


@specimen("repairs/fault_reported", device="device.name", holder="case.whose")
def a_fault():
    """The display of a phone."""
    whose = Thing("Karin Ström")
    case = Thing(reported_by=whose, whose=whose, fault=_("The display stays dark."))
    return {"case": case, "device": _device(), "photos": 1, "url": LINK}


@specimen("repairs/loan_due", device="device.name", day="loan.due_on")
def a_loan():
    """It is due tomorrow."""
    loan = Thing(due_on=clock.today() + timedelta(days=1))
    return {"loan": loan, "device": _device(), "late": False, "url": LINK}


@specimen("repairs/trade_in_offered", "repairs/trade_in_over", to_partner=True, device="device.name")
def a_trade_in():
    """Offered, and then accepted."""
    trade_in = Thing(
        preliminary_value=Decimal(900), final_value=Decimal(850), currency="SEK", completed=True, remark="",
        buyer=Thing("Foxway"),
    )  # fmt: skip
    condition = [(_("Does it turn on?"), _("Yes")), (_("Is the display whole?"), _("Yes"))]
    return {"trade_in": trade_in, "device": _device(), "condition": condition, "url": LINK}


@specimen("repairs/trade_in_answered", device="device.name", buyer="trade_in.buyer")
def an_answer():
    """What the buyer pays."""
    value: dict[str, Any] = {"preliminary_value": None, "final_value": Decimal(850), "currency": "SEK"}
    return a_trade_in() | {"trade_in": Thing(buyer=Thing("Foxway"), declined=False, answer="", **value)}
