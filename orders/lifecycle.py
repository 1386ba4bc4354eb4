"""The lives of what orders owns on one page: a request, an order on its way to the distributor, a device that the
distributor added by itself (spec 3). What follows from a step stands beside it in `orders/follows.py` and its packages.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from orders import roles
from orders.roles import ADMIN, APPROVER, DEPUTY, DISTRIBUTOR, REQUESTER, SYSTEM
from velory.journal.models import Lifecycle
from velory.journal.state_field import StateField
from velory.journal.steps import Either, step


class RequestStatus(models.TextChoices):
    """Where a product request is. `approved` always means: ordered."""

    PENDING = "pending", pgettext_lazy("request", "Pending")
    PAYMENT_NEEDED = "payment_needed", pgettext_lazy("request", "Approved - payment needed")
    APPROVED = "approved", pgettext_lazy("request", "Approved")
    REJECTED = "rejected", pgettext_lazy("request", "Rejected")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Withdrawn")


R = RequestStatus
UNDECIDED = (R.PENDING, R.PAYMENT_NEEDED)


def ordered_or_paid_first(request):
    """Where an approval leads: what a person's own card bears is paid before anything is ordered."""
    return R.PAYMENT_NEEDED if request.has_card_part else R.APPROVED


class RequestLife(Lifecycle):
    """What can happen to a product request."""

    PHASES = {"open": UNDECIDED, "closed": (R.APPROVED, R.REJECTED, R.WITHDRAWN)}

    status = StateField(_("status"), max_length=20, choices=RequestStatus, default=RequestStatus.PENDING)

    class Meta:
        abstract = True

    @step(R.PENDING, to=Either((R.APPROVED, R.PAYMENT_NEEDED), ordered_or_paid_first),
          who=[APPROVER, DEPUTY, SYSTEM], label=pgettext_lazy("request", "Approve"), asks=("message",),
          says=_("{by} approved the request. {message}"))  # fmt: skip
    def approve(self, *, by, at, message=""):
        """It may be ordered. `by=None`: within budget, by the company's settings."""
        self.message, self.decided_at = message, at

    @step(R.PENDING, to=R.REJECTED, who=[APPROVER, DEPUTY], label=pgettext_lazy("request", "Reject"),
          asks=("message",), says=_("{by} rejected the request. {message}"))  # fmt: skip
    def reject(self, *, by, at, message=""):
        """It is not ordered."""
        self.message, self.decided_at = message, at

    @step(R.PENDING, R.PAYMENT_NEEDED, to=R.WITHDRAWN, who=[REQUESTER, SYSTEM],
          label=pgettext_lazy("request", "Withdraw"), danger=True,
          says=_("{by} withdrew the request. {why}"))  # fmt: skip
    def withdraw(self, *, by, at, why=""):
        """Whoever sent it does not want it any more; `by=None`: it was not paid in time."""
        self.decided_at = at

    @step(R.PAYMENT_NEEDED, to=R.APPROVED, who=[SYSTEM], when=[roles.is_paid],
          says=_("The card was charged: {amount}."))  # fmt: skip
    def settle(self, *, by, at, amount="", currency="", payment=""):
        """The person's part is paid, on the payment provider's word; now it is ordered."""

    @step(R.PAYMENT_NEEDED, to=None, who=[SYSTEM], says=_("The card could not be charged: {why}"))
    def miss_payment(self, *, by, at, why="", payment=""):
        """The bank wants the person, or says no: they are asked to pay."""


class OrderStatus(models.TextChoices):
    """How far an order has come on its way to the distributor. How its devices fare, each says itself."""

    QUEUED = "queued", pgettext_lazy("order", "Queued")
    SENT = "sent", pgettext_lazy("order", "Sent")
    CONFIRMED = "confirmed", pgettext_lazy("order", "Confirmed")
    FAILED = "failed", pgettext_lazy("order", "Failed")
    CALLED_OFF = "called_off", pgettext_lazy("order", "Cancelled")


O = OrderStatus  # noqa: E741 - as S and R: the table below is read by its columns


class OrderLife(Lifecycle):
    """What can happen to an order."""

    PHASES = {
        "on its way": (O.QUEUED, O.FAILED),
        "with the distributor": (O.SENT, O.CONFIRMED),
        "over": (O.CALLED_OFF,),
    }

    status = StateField(_("status"), max_length=12, choices=OrderStatus, default=OrderStatus.QUEUED)

    class Meta:
        abstract = True

    @step(O.QUEUED, O.FAILED, to=O.SENT, who=[SYSTEM], says=_("The order was sent to {to}."))
    def send(self, *, by, at, to=""):
        """The distributor has it: the mail server or their machine took it."""
        self.sent_at, self.fault, self.fault_answer = at, "", ""

    @step(O.QUEUED, O.SENT, to=O.FAILED, who=[SYSTEM], says=_("The order could not be sent: {why} {answer}"))
    def fail(self, *, by, at, why, answer=""):
        """It did not get there, or its mail came back after all; an admin is told and may try again."""
        self.fault, self.fault_answer = why[:300], answer[:20]

    @step(O.FAILED, to=O.QUEUED, who=[ADMIN], label=_("Send again"), says=_("{by} had it sent again."))
    def retry(self, *, by, at):
        """Once more, to the address that the distributor has now."""
        self.fault, self.fault_answer, self.tries = "", "", 0

    @step(O.SENT, O.CONFIRMED, to=None, who=[ADMIN], label=_("Send the link again"), when=[roles.can_be_written_to],
          says=_("{by} had the link to the order sent again to {to}."))  # fmt: skip
    def send_link(self, *, by, at):
        """The mail was mislaid: the same link once more; another one where that was ended."""
        self.note_fact("to", self.written_to)

    @step(
        O.SENT, O.CONFIRMED, to=None, who=[ADMIN], label=_("Renew the link"), when=[roles.can_be_written_to],
        says=_("{by} renewed the link to the order: the old one opens nothing any more, a new one went to {to}."),
    )  # fmt: skip
    def renew_link(self, *, by, at):
        """The link came into the wrong hands: it opens nothing any more, and the distributor gets another."""
        self.note_fact("to", self.written_to)
        self.end_links(at)

    @step(O.SENT, O.CONFIRMED, O.FAILED, to=None, who=[ADMIN], label=_("End the link"),
          when=[roles.has_a_link], says=_("{by} ended the link to the order: it opens nothing any more."))  # fmt: skip
    def end_link(self, *, by, at):
        """Nobody opens the order by a link until one is sent again."""
        self.end_links(at)

    @step(O.QUEUED, O.SENT, O.FAILED, O.CONFIRMED, to=O.CONFIRMED, who=[DISTRIBUTOR, ADMIN],
          says=_("{by} confirmed the order as {number}."))  # fmt: skip
    def confirm(self, *, by, at, number=""):
        """The distributor has taken it on, mostly under a number of its own."""
        self.number = number or self.number
        self.confirmed_at = self.confirmed_at or at

    @step(
        O.QUEUED,
        O.FAILED,
        to=O.CALLED_OFF,
        who=[SYSTEM, ADMIN],
        says=_("Everything in it was cancelled before it was sent."),
    )
    def call_off(self, *, by, at):
        """Nothing is left to be sent."""


class ProposalStatus(models.TextChoices):
    """What became of a device that the distributor added."""

    PROPOSED = "proposed", pgettext_lazy("proposal", "Proposed")
    ACCEPTED = "accepted", pgettext_lazy("proposal", "Accepted")
    DECLINED = "declined", pgettext_lazy("proposal", "Declined")


P = ProposalStatus


class ProposalLife(Lifecycle):
    """What can happen to a proposed device."""

    PHASES = {"open": (P.PROPOSED,), "closed": (P.ACCEPTED, P.DECLINED)}

    status = StateField(_("status"), max_length=12, choices=ProposalStatus, default=ProposalStatus.PROPOSED)

    class Meta:
        abstract = True

    @step(P.PROPOSED, to=P.ACCEPTED, who=[ADMIN], label=pgettext_lazy("proposal", "Accept"),
          says=_("{by} accepted it as {device_ref}."))  # fmt: skip
    def accept(self, *, by, at, device_ref=""):
        """It is the company's: registered as a device."""
        self.settled_at = at

    @step(P.PROPOSED, to=P.DECLINED, who=[ADMIN], label=pgettext_lazy("proposal", "Decline"), danger=True,
          asks=("why",), says=_("{by} declined it. {why}"))  # fmt: skip
    def decline(self, *, by, at, why=""):
        """It is not the company's, or known already."""
        self.settled_at = at
