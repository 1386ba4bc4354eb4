"""The life of a device on one page: its statuses, then its steps in the order in which they happen (spec 1).

Guards that only an app above can answer are asked by name (`asks`); see `assets/guards.py`.
"""

from dateutil.relativedelta import relativedelta
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets import rules
from assets.guards import asks, feature
from assets.rules import ADMIN, ADMIN_FOR_HOLDER, HOLDER, LESSOR, PARTNER, SYSTEM
from velory.journal.models import Lifecycle
from velory.journal.state_field import StateField
from velory.journal.steps import Either, step


class Status(models.TextChoices):
    """Where a device is in its life. Codes and labels are a contract with mails, exports and the API."""

    ORDERED = "ordered", _("Ordered")
    NOT_STARTED = "not_started", _("Not started")
    ON_HOLD = "on_hold", _("On hold")
    PREPARING = "preparing", _("Preparing")
    BACKORDERED = "backordered", _("Backordered")
    SHIPPED = "shipped", pgettext_lazy("status", "Shipped")
    DELIVERED = "delivered", pgettext_lazy("status", "Delivered")
    RECEIVED = "received", pgettext_lazy("status", "Received")
    CANCELLED = "cancelled", pgettext_lazy("status", "Cancelled")
    ACTIVE = "active", pgettext_lazy("status", "Active")
    PRELIMINARY_BUYOUT = "preliminary_buyout", _("Active - preliminary buyout")
    PRELIMINARY_RETURN = "preliminary_return", _("Active - preliminary return")
    PENDING_BUYOUT = "pending_buyout", _("Pending employee buyout")
    BOUGHT_BY_EMPLOYEE = "bought_by_employee", _("Active - bought by employee")
    TO_RETURN = "to_return", _("Active - to be returned")
    RETURN_PENDING = "return_pending", _("Return pending")
    RETURNED = "returned", _("Returned - awaiting release")
    NEEDS_REPAIR = "needs_repair", _("Active - needs repair")
    IN_REPAIR = "in_repair", _("In repair")
    TRADE_IN = "trade_in", _("Processed for trade in")
    TRADED_IN = "traded_in", _("Traded in")
    BOUGHT_OUT = "bought_out", _("Bought out by employee")
    RECYCLED = "recycled", _("Recycled")
    REMOVED = "removed", pgettext_lazy("status", "Removed")


S = Status
OPEN_DELIVERY = (S.ORDERED, S.NOT_STARTED, S.ON_HOLD, S.PREPARING, S.BACKORDERED)
PRELIMINARY = (S.PRELIMINARY_BUYOUT, S.PRELIMINARY_RETURN)
PHASES = {
    "delivery": (*OPEN_DELIVERY, S.SHIPPED, S.DELIVERED, S.RECEIVED),
    "in use": (S.ACTIVE, *PRELIMINARY, S.PENDING_BUYOUT, S.NEEDS_REPAIR),
    "leaving": (S.BOUGHT_BY_EMPLOYEE, S.TO_RETURN, S.RETURN_PENDING, S.RETURNED, S.TRADE_IN),
    "repair": (S.IN_REPAIR,),
    "archived": (S.CANCELLED, S.TRADED_IN, S.BOUGHT_OUT, S.RECYCLED, S.REMOVED),
}
PHASE_OF = {status: phase for phase, statuses in PHASES.items() for status in statuses}
ARCHIVED = PHASES["archived"]
ASSIGNABLE = (*PHASES["delivery"], S.ACTIVE, *PRELIMINARY, S.NEEDS_REPAIR)
EDITABLE = tuple(status for status in S if status not in ARCHIVED)
PAYABLE = tuple(status for status in EDITABLE if status not in PHASES["repair"])  # taken in: the company pays


def the_status_before(device):
    """Where a device was before it went aside."""
    return device.status_before or S.ACTIVE


def where_a_return_begins(device):
    """A leased device waits for its replacement; one that the company owns is asked back at once."""
    return S.TO_RETURN if device.is_leased else S.RETURN_PENDING


def who_has_it_repaired(details):
    """The seed's sentence; without anybody it says so."""
    if details.get("to"):
        return _("{by} assigned repaired device to {to}.")
    return _("{by} ended the repair. Nobody has the device yet.")


class DeviceLife(Lifecycle):
    """What can happen to a device."""

    PHASES = PHASES

    status = StateField(_("status"), max_length=20, choices=Status, default=Status.ACTIVE)
    status_before = models.CharField(max_length=20, choices=Status, blank=True, editable=False)

    class Meta:
        abstract = True

    # On its way

    @step(*OPEN_DELIVERY, to=S.NOT_STARTED, who=[PARTNER, ADMIN], says=_("{by} has not started on the order."))
    def report_not_started(self, *, by, at):
        """The distributor has the order and has not begun."""

    @step(*OPEN_DELIVERY, to=S.ON_HOLD, who=[PARTNER, ADMIN], says=_("{by} put the order on hold."))
    def hold(self, *, by, at):
        """The distributor waits with it."""

    @step(*OPEN_DELIVERY, to=S.PREPARING, who=[PARTNER, ADMIN], says=_("{by} prepares the order."))
    def prepare(self, *, by, at):
        """The distributor works on it; from now on it can't be changed here."""

    @step(*OPEN_DELIVERY, to=S.BACKORDERED, who=[PARTNER, ADMIN], says=_("{by} waits for new stock."))
    def backorder(self, *, by, at):
        """The distributor has none left."""

    @step(*OPEN_DELIVERY, to=S.SHIPPED, who=[PARTNER, ADMIN], says=_("{by} shipped it. {tracking_number}"))
    def ship(self, *, by, at, tracking_number="", tracking_url=""):
        """The parcel is with the carrier; tracking is kept when it is given."""
        self.tracking_number = tracking_number or self.tracking_number
        self.tracking_url = tracking_url or self.tracking_url

    @step(*OPEN_DELIVERY, S.SHIPPED, to=S.DELIVERED, who=[PARTNER, ADMIN], says=_("{by} reports it as delivered."))
    def deliver(self, *, by, at):
        """The carrier has handed it over."""

    @step(
        S.SHIPPED, S.DELIVERED, to=S.RECEIVED, who=[HOLDER, ADMIN, SYSTEM], label=_("Mark as received"),
        when=[rules.holder_may_receive, rules.serial_is_known], says=_("{by} received it."), asks=("serial", "imei"),
    )  # fmt: skip
    def receive(self, *, by, at, serial="", imei=""):
        """It is here."""
        self.serial = self.serial or serial
        self.imei = self.imei or imei
        self.received_at = at

    @step(S.RECEIVED, to=S.ACTIVE, who=[SYSTEM], when=[rules.has_holder_or_space], says=_("It was put in use."))
    def put_in_use(self, *, by, at):
        """Received and with somebody: from now on it is used."""

    @step(*OPEN_DELIVERY, to=S.CANCELLED, who=[PARTNER, ADMIN], label=_("Cancel order"), danger=True,
          says=_("{by} cancelled the order. {why}"), asks=("why",))  # fmt: skip
    def cancel(self, *, by, at, why=""):
        """The order comes to nothing."""
        self.let_go(at)

    # The external path: everything but the start is between the holder and the distributor

    @step(S.ACTIVE, to=S.RETURN_PENDING, who=[HOLDER, ADMIN_FOR_HOLDER], label=_("Start the process"),
          when=[asks("renewal_can_start")], says=_("{by} started the renewal process."))  # fmt: skip
    def start_renewal(self, *, by, at):
        """The holder is ready to renew; the distributor is told."""

    @step(S.RETURN_PENDING, to=S.ACTIVE, who=[ADMIN], label=_("Cancel the process"), when=[asks("renewal_was_started")],
          says=_("{by} cancelled the renewal process: {why}"), asks=("why",))  # fmt: skip
    def withdraw_renewal(self, *, by, at, why):
        """Started by mistake: the stage opens again and the distributor is told."""

    # The leased path: first without being bound, then once

    @step(S.ACTIVE, S.PRELIMINARY_RETURN, to=S.PRELIMINARY_BUYOUT, who=[HOLDER, ADMIN_FOR_HOLDER], label=_("Buy out"),
          when=[asks("buyout_can_be_preferred")], says=_("{by} would rather buy it out (preliminary)."))  # fmt: skip
    def prefer_buyout(self, *, by, at):
        """A preliminary choice; it binds nobody."""

    @step(S.ACTIVE, S.PRELIMINARY_BUYOUT, to=S.PRELIMINARY_RETURN, who=[HOLDER, ADMIN_FOR_HOLDER], label=_("Return"),
          when=[asks("return_can_be_preferred")], says=_("{by} would rather return it (preliminary)."))  # fmt: skip
    def prefer_return(self, *, by, at):
        """A preliminary choice; it binds nobody."""

    @step(S.ACTIVE, *PRELIMINARY, to=Either((S.TO_RETURN, S.RETURN_PENDING), where_a_return_begins),
          who=[HOLDER, ADMIN_FOR_HOLDER], label=_("Return device"), when=[asks("return_can_be_chosen")],
          says=_("{by} decided to return it."), asks=("understood",))  # fmt: skip
    def choose_return(self, *, by, at):
        """The final choice: it goes back."""

    @step(S.ACTIVE, *PRELIMINARY, to=S.PENDING_BUYOUT, who=[HOLDER], label=_("Buy out device"),
          when=[asks("buyout_can_start")], says=_("{by} went to pay the buy-out."), asks=("understood",))  # fmt: skip
    def start_buyout(self, *, by, at):
        """On the way to the payment; nothing is decided before the money is there."""
        self.status_before = self.status

    @step(S.PENDING_BUYOUT, to=Either((S.ACTIVE, *PRELIMINARY), the_status_before), who=[HOLDER, SYSTEM],
          says=_("The buy-out was not paid; the choice is open again."))  # fmt: skip
    def abandon_buyout(self, *, by, at, why="", payment=""):
        """Not paid: everything is as it was."""

    @step(S.PENDING_BUYOUT, to=S.BOUGHT_BY_EMPLOYEE, who=[SYSTEM], when=[asks("buyout_is_paid")],
          says=_("The buy-out was paid: {amount}."))  # fmt: skip
    def complete_buyout(self, *, by, at, amount="", currency="", payment=""):
        """The payment provider says that the money is there; amount and currency are the payment's own."""

    @step(S.ACTIVE, to=S.ACTIVE, who=[HOLDER, ADMIN_FOR_HOLDER, SYSTEM], label=_("Keep device"),
          when=[asks("device_can_be_kept")], asks=("understood",),
          says=_("{by} kept it until {renewal_on}."))  # fmt: skip
    def keep(self, *, by, at):
        """Six more months, counted from the original renewal date: not from today, nor from a clamped end."""
        original, months = self.kept_since()
        self.note_fact("before_on", self.renewal_on)
        self.note_fact("original_on", original)
        self.note_fact("months", months + 6)
        self.renewal_on = original + relativedelta(months=months + 6)
        self.note_fact("renewal_on", self.renewal_on)

    # Going back

    @step(S.RETURN_PENDING, to=S.TO_RETURN, who=[SYSTEM], when=[asks("return_can_begin")],
          says=_("The replacement is here: time to return it."))  # fmt: skip
    def begin_return(self, *, by, at):
        """The replacement has come."""

    @step(S.RETURN_PENDING, S.TO_RETURN, to=S.RETURNED, who=[LESSOR, ADMIN], label=_("Confirm return"),
          says=_("{by} confirmed the return."), asks=("outcome", "note"))  # fmt: skip
    def confirm_return(self, *, by, at, outcome="", note=""):
        """It is gone from its holder: returned, or bought from the distributor."""
        self.return_outcome = outcome or self.return_outcome
        if note:
            self.remark(note, by=by, at=at)

    @step(S.RETURNED, to=S.REMOVED, who=[LESSOR, ADMIN], label=_("Mark as released"), danger=True,
          says=_("{by} marked it as released from all company systems."))  # fmt: skip
    def release(self, *, by, at):
        """No company system knows it any more."""
        self.let_go(at)

    @step(S.BOUGHT_BY_EMPLOYEE, to=S.BOUGHT_OUT, who=[ADMIN], label=_("Mark as released"), danger=True,
          says=_("{by} released it to {holder}."))  # fmt: skip
    def release_bought(self, *, by, at):
        """From now on it is its holder's own."""
        self.note_fact("holder", str(self.holder or ""))
        self.let_go(at)

    # Faults

    @step(S.ACTIVE, *PRELIMINARY, to=S.NEEDS_REPAIR, who=[HOLDER, ADMIN_FOR_HOLDER], when=[feature("repair_flow")],
          says=_("{by} reported a fault. {fault}"))  # fmt: skip
    def report_fault(self, *, by, at, fault=""):
        """Something is wrong with it."""
        self.status_before = self.status

    @step(S.NEEDS_REPAIR, to=S.IN_REPAIR, who=[ADMIN], label=_("Move to “In repair”"),
          when=[feature("repair_flow"), asks("repair_can_start")], says=_("{by} took it in for repair."),
          asks=("understood",))  # fmt: skip
    def start_repair(self, *, by, at):
        """Taken in: nobody's for the time being, paid for by the company."""
        self.let_go(at)
        self.payor = ""

    @step(S.NEEDS_REPAIR, to=Either((S.ACTIVE, *PRELIMINARY), the_status_before), who=[ADMIN],
          label=_("Revert to “Not in repair”"),
          when=[feature("repair_flow", but_from=(S.NEEDS_REPAIR,)), asks("fault_can_be_dismissed")],
          says=_("{by} found nothing to repair."), asks=("to",))  # fmt: skip
    def dismiss_fault(self, *, by, at, to=None):
        """No fault after all; it may go to somebody else in the same step."""
        if to is not None:
            self.hand_to(to, at)

    @step(S.IN_REPAIR, to=S.ACTIVE, who=[ADMIN], label=_("Not in repair"),
          when=[feature("repair_flow", but_from=(S.IN_REPAIR,)), asks("repair_can_finish")], says=who_has_it_repaired,
          asks=("understood",))  # fmt: skip
    def finish_repair(self, *, by, at, to=None):
        """Repaired; may be assigned in the same step."""
        if to is not None:
            self.hand_to(to, at)

    @step(S.IN_REPAIR, to=S.RECYCLED, who=[ADMIN], label=_("Remove device"), danger=True,
          when=[feature("repair_flow", but_from=(S.IN_REPAIR,))], says=_("{by} removed device from Velory."),
          asks=("why",))  # fmt: skip
    def recycle(self, *, by, at, why):
        """Not worth repairing."""
        self.let_go(at)

    # Trade-in

    @step(S.ACTIVE, S.RETURNED, to=S.TRADE_IN, who=[ADMIN], label=_("Trade in"),
          when=[asks("trade_in_can_start"), rules.is_owned], says=_("{by} sent it to trade in."),
          asks=("buyer",))  # fmt: skip
    def send_to_trade_in(self, *, by, at, buyer="", condition=None, value=None, currency="", remark=""):
        """A partner looks at what it is worth: who, in which condition it is, for about how much."""
        self.status_before = self.status

    @step(S.TRADE_IN, to=S.TRADED_IN, who=[ADMIN], label=_("Mark as traded in"), danger=True,
          when=[asks("trade_in_can_be_completed")], says=_("{by} marked it as traded in."))  # fmt: skip
    def complete_trade_in(self, *, by, at):
        """The partner has taken it."""
        self.let_go(at)

    @step(S.TRADE_IN, to=Either((S.ACTIVE, S.RETURNED), the_status_before), who=[ADMIN], label=_("Withdraw trade in"),
          when=[asks("trade_in_can_be_withdrawn")], says=_("{by} withdrew it from trade in. {why}"),
          asks=("why",))  # fmt: skip
    def withdraw_trade_in(self, *, by, at, why=""):
        """It stays after all."""

    # The end, and back from it

    @step(S.RECEIVED, S.ACTIVE, *PRELIMINARY, S.NEEDS_REPAIR, S.RETURN_PENDING, S.TO_RETURN, S.RETURNED,
          to=S.REMOVED, who=[ADMIN], label=_("Remove device"), danger=True,
          says=_("{by} removed device from Velory."), asks=("why",))  # fmt: skip
    def remove(self, *, by, at, why):
        """Gone: lost, sold, given away. Its log stays."""
        self.let_go(at)

    @step(S.REMOVED, S.RECYCLED, to=S.ACTIVE, who=[ADMIN], label=_("Restore device"),
          says=_("{by} restored it."))  # fmt: skip
    def restore(self, *, by, at):
        """Back from the archive, with nobody."""

    # Deeds: they change facts and leave the status where it is

    @step(*ASSIGNABLE, to=None, who=[ADMIN], when=[rules.someone_else_has_it],
          says=_("{by} assigned it to {to}."))  # fmt: skip
    def assign(self, *, by, at, to, payor="", cost_centre=""):
        """Give it to a person or a space. The payor is to be set again, unless it is said at once."""
        self.hand_to(to, at)
        self.payor, self.payor_cost_centre = payor, cost_centre

    @step(*ASSIGNABLE, to=None, who=[ADMIN, SYSTEM], says=_("{by} took it back from {holder}."))
    def unassign(self, *, by, at):
        """Nobody's: it stands under unassigned until it is given to someone."""
        self.note_fact("holder", str(self.holder or self.space or ""))
        self.let_go(at)

    @step(*PAYABLE, to=None, who=[ADMIN], says=_("{by} set the payor: {payor_label}."))
    def set_payor(self, *, by, at, payor, cost_centre=""):
        """Who pays for it: the company, with a cost centre if there is one, or the employee."""
        self.payor = payor
        self.payor_cost_centre = cost_centre
        self.note_fact("payor_label", str(self.get_payor_display() or "–"))

    @step(*EDITABLE, to=None, who=[ADMIN], says=_("{by} changed {changes}."))
    def edit(self, *, by, at, facts=None, contract=None):
        """Correct what is known of it: names, numbers, dates, partner, contract."""
        self.take_over(facts or {}, contract or {})
