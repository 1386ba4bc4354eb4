"""What can be sold: each seller registers one class; payments itself knows nothing of devices.

    @sells("renewals.buyout")
    class Buyout(Sale):
        def hold(self, ref): …

What it is told, it is told inside `apply`'s transaction, with its subject's row and then the attempt's held: it takes
steps and writes letters there, and asks nothing of the network.
"""

from typing import Any

from django.db import models
from django.utils.translation import pgettext_lazy

_sales: dict[str, "Sale"] = {}


class Why(models.TextChoices):
    """Why a sale is told that nothing was paid, or that money went or goes back."""

    EXPIRED = "expired", pgettext_lazy("payment", "The time to pay ran out")
    ABANDONED = "abandoned", pgettext_lazy("payment", "Called off by the payer")
    REFUSED = "refused", pgettext_lazy("payment", "Stripe did not take the payment on")
    NEEDS_PERSON = "needs_person", pgettext_lazy("payment", "The bank wants the card’s owner to confirm")
    DECLINED = "declined", pgettext_lazy("payment", "The card was declined")
    MISMATCH = "mismatch", pgettext_lazy("payment", "What Stripe says does not match")
    TOO_LATE = "too_late", pgettext_lazy("payment", "It could no longer be bought")
    REFUNDED = "refunded", pgettext_lazy("payment", "Refunded")
    REFUND_FAILED = "refund_failed", pgettext_lazy("payment", "The refund failed")
    DISPUTED = "disputed", pgettext_lazy("payment", "Disputed by the payer’s bank")
    DISPUTE_WON = "dispute_won", pgettext_lazy("payment", "The dispute was won")
    DISPUTE_LOST = "dispute_lost", pgettext_lazy("payment", "The dispute was lost")


class Sale:
    """One kind of thing that can be bought. Subclasses say what follows from money, and from none."""

    def hold(self, ref: str) -> Any:
        """Lock the subject's row and return it, in the caller's transaction; None if there is none any more."""
        raise NotImplementedError

    def is_open_for(self, thing: Any, attempt) -> bool:
        """Whether this attempt may still buy the thing."""
        raise NotImplementedError

    def paid(self, thing: Any, attempt, *, at) -> None:
        """The money is there: take the step, write the letter."""
        raise NotImplementedError

    def not_paid(self, thing: Any, attempt, *, at, why: str) -> None:
        """It ended without money (`why` is EXPIRED, ABANDONED, REFUSED or MISMATCH; of a saved card also NEEDS_PERSON
        or DECLINED): the choice is open again.
        """
        raise NotImplementedError

    def money_back(self, thing: Any, attempt, *, amount, why: str, at) -> None:
        """Money came for what can't be bought any more (TOO_LATE), was refunded (REFUNDED, and REFUND_FAILED where it
        came back), or the payer's bank disputes it (DISPUTED, DISPUTE_WON, DISPUTE_LOST): tell the person and admins.
        """
        raise NotImplementedError

    def title(self, attempt) -> str:
        """What stands on the page where it is paid, in the payer's language."""
        raise NotImplementedError

    def titles(self, attempts) -> dict[int, str]:
        """What each of some attempts is for, in the reader's language, by primary key: for lists. A seller that can
        look many up at once does so here."""
        return {attempt.pk: self.title(attempt) for attempt in attempts}

    def back_to(self, attempt) -> str:
        """The path of the page to return to."""
        raise NotImplementedError

    def is_open_to_its_payer(self, attempt) -> bool:
        """Whether the payer may still read that page."""
        return True


def sells(kind: str):
    """Register a Sale under the kind that stands on its attempts."""

    def register(sale: type[Sale]) -> type[Sale]:
        _sales[kind] = sale()
        return sale

    return register


def sale_of(attempt) -> Sale:
    """Who sells what an attempt is for."""
    return _sales[attempt.kind]
