"""How much of a payment an admin can refund now, and why not more; and a refund of what the admin saw to be left."""

from datetime import datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.journal.sentences import says
from velory.payments import gateway
from velory.payments.currencies import from_minor
from velory.payments.models import Attempt, Refund
from velory.payments.reasons import not_set_up
from velory.payments.refunds import refund
from velory.ui.money import money


def left_to_refund(attempt: Attempt) -> Decimal:
    """What could still go back, in the currency's own unit; never less than nothing."""
    return from_minor(max(attempt.refundable, 0), attempt.currency)


def why_not_refundable(attempt: Attempt) -> Reason | None:
    """Why an admin can't refund anything of a payment now, or None."""
    if not attempt.captured:
        return Reason("no_money", _("No money came, so there is nothing to refund."))
    if attempt.refundable <= 0:
        return _nothing_left(attempt)
    if attempt.payee.disconnected_at and attempt.payee.account == attempt.account:
        return Reason(
            "payee_gone",
            _("%(payee)s is no longer connected with the account that was paid. The refund is made at Stripe itself.")
            % {"payee": attempt.payee},
            who=attempt.payee.name,
        )
    if not gateway.set_up():
        return not_set_up()
    return None


def _nothing_left(attempt):
    if attempt.disputed > 0:
        return Reason("disputed", _("The payer’s bank has taken the money back already, because of a dispute."))
    if attempt.refunds.unfinished().exists():
        return Reason("under_way", _("A refund of all that is left is on its way."))
    return Reason("refunded", _("Everything has been refunded."))


def refund_as_seen(attempt: Attempt, *, amount: Decimal, reason: str, left: int, by, at: datetime) -> Refund:
    """Refund some of a payment, if what is left of it is still what the admin saw (`left`, in the smallest unit).

    Pressed twice, or on two pages at once, the second finds less left than it saw: Refused, and one refund is made.
    """
    with transaction.atomic():
        held = Attempt.objects.select_for_update(of=("self",)).select_related("payee").get(pk=attempt.pk)
        reason_not = why_not_refundable(held)
        if reason_not:
            raise Refused(reason_not)
        if held.refundable != left:
            raise Refused(
                Reason(
                    "stale",
                    _("Something was refunded while this page was open: %(left)s is left now.")
                    % {"left": money(left_to_refund(held), held.currency)},
                )
            )
        made = refund(held, amount=amount, reason=reason, by=by, at=at)
        details = {"amount": str(made.amount), "currency": made.currency, "refund": made.ref, "reason": reason}
        write(held, "refund", by=by, at=at, details=details)
    return made


says("payments.attempt", "refund", gettext_lazy("{by} decided to refund {amount}: {reason}"))
