"""What a cancelled device gave back, in the words of the pages and letters that show it: budget, salary, card."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from orders.models import Deduction, LedgerLine, ProductRequest, RequestLine
from orders.overage.refunds import refunds_of
from velory import clock
from velory.payments.models import Refund


@dataclass(frozen=True)
class GivenBack:
    """For one line of a request: the ledger's line that gives back, the deduction's reversal, the card's refund.

    Each is None where nothing was taken from there. `paid`: the payment that the refund is of.
    """

    line: RequestLine
    budget: LedgerLine | None = None
    deduction: Deduction | None = None
    refund: Refund | None = None

    @property
    def is_anything(self) -> bool:
        """Whether something was taken that is given back."""
        return bool(self.budget or self.deduction or self.refund)

    @property
    def from_salary(self):
        """What is not taken from the salary any more, VAT included; by the month where it is leased."""
        return -self.deduction.amount if self.deduction else None

    @property
    def card(self) -> str:
        """The card that it goes back to, in words."""
        card = self.refund.attempt.card if self.refund else None
        return _("the card ending %s") % card.last4 if card and card.last4 else _("the card that paid")

    @property
    def refunded_on(self):
        """The local date on which the refund was made, if it was."""
        if self.refund is None or self.refund.state != Refund.State.SUCCEEDED or self.refund.finished_at is None:
            return None
        return clock.local_date(self.refund.finished_at)

    @property
    def has_failed(self) -> bool:
        """The card did not take it back, and nobody has settled it otherwise: the money is still owed."""
        return self.refund is not None and self.refund.state == Refund.State.FAILED and self.refund.settled_at is None

    @property
    def settled_on(self):
        """The local date on which an admin settled it in another way, if one did."""
        settled_at = self.refund.settled_at if self.refund else None
        return clock.local_date(settled_at) if settled_at else None


def given_back_for(lines) -> dict[int, GivenBack]:
    """What each of some lines of requests gave back, by primary key; three queries in all."""
    lines = list(lines)
    causes = {line.cause: line.pk for line in lines}
    budget = {
        causes[row.cause]: row
        for row in LedgerLine.objects.filter(kind=LedgerLine.Kind.GIVE_BACK, cause__in=causes)
    }  # fmt: skip
    salary = {row.line_id: row for row in Deduction.objects.filter(kind=Deduction.Kind.REVERSE, line__in=lines)}
    cards = refunds_of([line for line in lines if line.request.overage == ProductRequest.Overage.CARD])
    return {line.pk: GivenBack(line, budget.get(line.pk), salary.get(line.pk), cards.get(line.pk)) for line in lines}
