"""What a buy-out shows on the ground floor's pages: what waits, what has been paid, what came back, when."""

from decimal import Decimal

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.consequences import consequence
from assets.gate import may_order
from assets.lifecycle import Status
from assets.models import Device
from assets.offboarding.plans import leaves_soon
from assets.panels import Alert, Milestone, alert, milestone, panel
from renewals.buyouts.starting import BOUGHT, last_payment, quote_behind
from velory import clock
from velory.payments.models import Attempt, Money
from velory.ui.money import money

CAME_BACK = (Money.Kind.REFUND, Money.Kind.REFUND_FAILED, Money.Kind.DISPUTE, Money.Kind.DISPUTE_WON,
             Money.Kind.DISPUTE_LOST)  # fmt: skip


@alert
def payments_under_way(person, *, today):
    """Each device of theirs that waits for its payment."""
    waiting = Device.objects.held_by(person).filter(status=Status.PENDING_BUYOUT).order_by("pk")
    return [_alert(device) for device in waiting]


def _alert(device):
    text = _("The buy-out is not paid yet. Go on to the payment or call it off: then the choice is open again.")
    url = f"{device.get_absolute_url()}?tab=lifecycle"
    return Alert(_("Pay for your %s") % device, text, _("See the payment"), url, device=device, urgent=True)


@panel("lifecycle", order=5)
def the_buyout(device, person, *, today):
    """Where the payment stands, what was paid, what its buyer is to know, what came back."""
    if device.status not in {Status.PENDING_BUYOUT, *BOUGHT} or not (person.is_admin or _theirs(device, person)):
        return None
    entry = device.journal.filter(step="complete_buyout").last()
    attempt = _payment_of(entry) if entry else last_payment(device)
    if attempt is None:
        return None
    theirs = _theirs(device, person)
    context = {
        "attempt": attempt, "sum": quote_behind(attempt), "seller": attempt.payee.name,
        "theirs": theirs, "movements": _movements(attempt) if person.is_admin else [],
        "price": money(attempt.amount, attempt.currency),
        "is_mismatch": attempt.state == Attempt.State.MISMATCH,
        "is_being_called_off": attempt.state == Attempt.State.SUPERSEDING,
        "paid_on": clock.local_date(entry.at) if entry else None, "is_released": device.status == Status.BOUGHT_OUT,
        "gate": may_order(person, device.category, today=today) if entry and device.holder_id == person.pk else None,
        "leaves": leaves_soon(person, today=today),
        "address": reverse("payments:payment" if theirs else "money:payment", args=[attempt.ref]),
    }  # fmt: skip
    return "renewals/buyouts/_panel.html", context


@panel("overview", order=5)
def what_its_buyer_is_to_know(device, person, *, today):
    """On the tab on which its holder lands, as long as there is something to do."""
    if device.holder_id != person.pk or device.status not in {Status.PENDING_BUYOUT, Status.BOUGHT_BY_EMPLOYEE}:
        return None
    return the_buyout(device, person, today=today)


def _theirs(device, person):
    return device.holder_id == person.pk or (device.status == Status.BOUGHT_OUT and device.last_holder_id == person.pk)


def _movements(attempt):
    """Refunds and disputes after the purchase, in words."""
    return [
        {"what": row.get_kind_display(), "on": clock.local_date(row.at), "amount": money(row.amount, row.currency)}
        for row in attempt.money.of_kind(*CAME_BACK).in_order()
    ]


def _payment_of(entry):
    return Attempt.objects.filter(ref=entry.details["payment"]).with_what_lists_need().first()


@milestone
def the_days_of_a_buyout(device, *, today):
    """Begun, paid, released."""
    if device.status not in {Status.PENDING_BUYOUT, *BOUGHT}:
        return []
    found = [_milestone(entry) for entry in device.journal.filter(step__in=MILESTONES)]
    if device.status == Status.PENDING_BUYOUT:
        begun = device.journal.filter(step="start_buyout").last()
        found.append(Milestone(_("On the way to the payment"), clock.local_date(begun.at), _("Not paid yet")))
    if device.status == Status.BOUGHT_BY_EMPLOYEE:
        leaves = device.holder is not None and leaves_soon(device.holder, today=today)
        when = _("When an admin does it") if leaves else _("When the new one has come and an admin does it")
        found.append(Milestone(_("Released to its buyer"), None, when))
    return found


MILESTONES = ("complete_buyout", "release_bought")


def _milestone(entry):
    if entry.step == "release_bought":
        return Milestone(_("Released to its buyer"), clock.local_date(entry.at))
    paid = money(Decimal(entry.details["amount"]), entry.details["currency"])
    return Milestone(_("Bought out"), clock.local_date(entry.at), paid)


@consequence("release_bought")
def its_buyer_is_written_to(device, person, *, today):
    """They have waited for it."""
    return [("mail", _("%s gets a letter: the device can be used privately now.") % device.holder)]
