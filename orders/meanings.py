"""What a device's status means, in a sentence for whoever waits for the device or has it. One place for all pages."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.lifecycle import OPEN_DELIVERY, PHASES, Status

S = Status

MEANINGS = {
    S.ORDERED: gettext_lazy("The order is on its way to the distributor, who has not answered yet."),
    S.NOT_STARTED: gettext_lazy("The distributor has the order and has not begun with it."),
    S.ON_HOLD: gettext_lazy("The distributor waits with the order. Ask why if it stays so for long."),
    S.PREPARING: gettext_lazy("The distributor is preparing the order. It can't be changed here any more."),
    S.BACKORDERED: gettext_lazy("The distributor has none left and sends it when new ones have come."),
    S.SHIPPED: gettext_lazy("It is with the carrier, on its way to you."),
    S.DELIVERED: gettext_lazy("The carrier has handed it over. When you have it, it is marked as received."),
    S.RECEIVED: gettext_lazy("It has come. It is put in use as soon as somebody has it."),
    S.CANCELLED: gettext_lazy("The distributor won't deliver it. What it took from your budget is given back."),
    S.ACTIVE: gettext_lazy("It is in use."),
    S.PRELIMINARY_BUYOUT: gettext_lazy("It is in use. Its holder would rather buy it out; nothing is decided yet."),
    S.PRELIMINARY_RETURN: gettext_lazy("It is in use. Its holder would rather return it; nothing is decided yet."),
    S.PENDING_BUYOUT: gettext_lazy("Its holder is buying it out; the payment has not come yet."),
    S.BOUGHT_BY_EMPLOYEE: gettext_lazy("Its holder has paid for it and uses it for work until it is released."),
    S.TO_RETURN: gettext_lazy("It is in use until the new device has come; then it goes back."),
    S.RETURN_PENDING: gettext_lazy("Its renewal has begun: it is in use until the new device has come."),
    S.RETURNED: gettext_lazy("It has been sent back and is being taken out of the company's systems."),
    S.NEEDS_REPAIR: gettext_lazy("It is in use, and a fault has been reported."),
    S.IN_REPAIR: gettext_lazy("It has been taken in and is being repaired."),
    S.TRADE_IN: gettext_lazy("A partner looks at what it is worth; it has not been traded in yet."),
    S.TRADED_IN: gettext_lazy("A partner has taken it in exchange."),
    S.BOUGHT_OUT: gettext_lazy("It belongs to whoever bought it out and is out of the company's systems."),
    S.RECYCLED: gettext_lazy("It was not worth repairing and has been recycled."),
    S.REMOVED: gettext_lazy("It has left the company. Its log stays in the archive."),
}

TOLD_OF_ORDERS = (
    *OPEN_DELIVERY, S.SHIPPED, S.DELIVERED, S.RECEIVED, S.CANCELLED, S.ACTIVE, S.PENDING_BUYOUT, S.BOUGHT_OUT,
    S.TRADE_IN, S.TRADED_IN, S.REMOVED,
)  # fmt: skip
"""The fifteen that a page about orders explains (seed: orders); the others belong to renewals and repairs."""

BEGUN = tuple(status for status in PHASES["delivery"] if status not in {S.ORDERED, S.NOT_STARTED, S.ON_HOLD})
"""From here on the distributor works on it, or it has come: nothing of it can be changed here."""


def meaning_of(status: str) -> str:
    """What a status means, in the reader's language."""
    return str(MEANINGS[Status(status)])


def explained() -> list[tuple[str, str]]:
    """The statuses that a device may have from its order on, each with its meaning."""
    return [(status.value, meaning_of(status)) for status in TOLD_OF_ORDERS]


def meaning_for(device, *, holds: bool) -> str:
    """What it means for one reader: whoever doesn't have the device isn't told that it comes to them."""
    if holds or device.status not in {S.SHIPPED, S.DELIVERED, S.CANCELLED}:
        return meaning_of(device.status)
    return {
        S.SHIPPED: _("It is with the carrier."),
        S.DELIVERED: _("The carrier has handed it over. It is marked as received by whoever has it, or by an admin."),
        S.CANCELLED: _("The distributor won't deliver it. What it took from a budget is given back."),
    }[Status(device.status)]
