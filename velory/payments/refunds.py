"""Giving money back: an obligation first, in a transaction; then the call, safe to repeat (reliability 3.1).

A refund goes to the intent that paid, on the account that was paid (R14). It is tried under one key until Stripe has
answered; one that fails is not tried again by itself: an admin is told, and settles it.
"""

import logging
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from velory import clock
from velory.crash import crash
from velory.journal.reason import Reason, Refused
from velory.payments import agenda, gateway
from velory.payments.apply import apply
from velory.payments.creating import KEYS_LIVE
from velory.payments.currencies import from_minor, to_minor
from velory.payments.errors import Declined, Stored
from velory.payments.models import Attempt, Refund
from velory.payments.sales import Why, sale_of
from velory.ui.money import money

log = logging.getLogger(__name__)
REFUNDABLE = {Attempt.State.PAID, Attempt.State.REFUND_DUE, Attempt.State.MISMATCH}
AGAIN = timedelta(hours=1)  # how long after one look at an unfinished refund the next comes


def refund(attempt: Attempt, *, amount: Decimal, reason: str, by, at: datetime) -> Refund:
    """Owe a payer some of their money back, or all; a worker sees to it. Refused where less is left than that.

    `reason` is what the admin says, for whoever reads it later.
    """
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        minor = _to_refund(held, amount)
        made = Refund.objects.create(
            attempt=held, amount_minor=minor, currency=held.currency, cause=Refund.Cause.BY_ADMIN, note=reason[:300],
            by=by, asked_at=at,
        )  # fmt: skip
        agenda.give_back(made, at=at)
    crash("REFUND.after_row")
    return made


def owe(attempt: Attempt, *, amount: Decimal, subject: str, note: str = "", at: datetime) -> Refund | None:
    """Owe a payer what they paid for a part (`subject`) of what was sold, which was cancelled: in the caller's
    transaction, once for each part. No more than is left; None where nothing is, or nothing was paid.
    """
    held = Attempt.held(attempt.pk)
    known = held.refunds.filter(subject_ref=subject).first()
    if known is not None:
        return known
    minor = min(to_minor(amount, held.currency), held.refundable)
    if held.state not in REFUNDABLE or minor <= 0:
        return None
    made = Refund.objects.create(
        attempt=held, amount_minor=minor, currency=held.currency, cause=Refund.Cause.CANCELLED, subject_ref=subject,
        note=note[:300], asked_at=at,
    )  # fmt: skip
    agenda.give_back(made, at=at)
    return made


def _to_refund(attempt, amount):
    if attempt.state not in REFUNDABLE:
        raise Refused(Reason("not_paid", _("Nothing of this payment can be refunded now.")))
    try:
        minor = to_minor(amount, attempt.currency)
    except ValueError:
        raise Refused(Reason("amount", _("That amount cannot be paid in %s.") % attempt.currency))
    left = attempt.refundable
    if minor <= 0:
        raise Refused(Reason("amount", _("A refund is more than nothing.")))
    if minor > left:
        shown = money(from_minor(max(left, 0), attempt.currency), attempt.currency)
        raise Refused(Reason("too_much", _("No more than %s can be refunded.") % shown))
    return minor


def carry_out(ref: str, *, at: datetime) -> Refund:
    """Make one refund that is owed, or see how it stands. Outside any transaction; safe to call at any time, twice.

    Raises Unreachable where Stripe does not answer.
    """
    owed = Refund.objects.select_related("attempt").get(ref=ref)
    if owed.state == Refund.State.DUE:
        _make(owed, at=at)
        crash("REFUND.after_call")
    apply(owed.attempt, at=at)
    return Refund.objects.get(pk=owed.pk)


def _make(owed, *, at):
    attempt = owed.attempt
    asked_before = owed.asked_of_stripe_at
    owed = _about_to_ask(owed)
    if owed is None:
        return
    try:
        if asked_before and clock.wall() - asked_before > KEYS_LIVE:
            _find(owed, attempt) or _ask(_with_another_key(owed), attempt)
            return
        try:
            _ask(owed, attempt)
        except Stored:
            _find(owed, attempt) or _ask(_with_another_key(owed), attempt)
    except Declined as refusal:
        fail(owed, why=refusal.code or "refused", at=at)


def _ask(owed, attempt):
    key = f"refund:{owed.uuid}" + (f":{owed.tries}" if owed.tries > 1 else "")
    return gateway.create_refund(
        attempt.intent_id, owed.amount_minor, refund=str(owed.uuid), account=attempt.account, key=key
    )


def _find(owed, attempt):
    return gateway.find_refund(str(owed.uuid), intent=attempt.intent_id, account=attempt.account)


def _about_to_ask(owed):
    """Kept before the call, on the machine's clock: how old a key is decides how it may be used (R10)."""
    with transaction.atomic():
        Attempt.held(owed.attempt_id)
        held = Refund.objects.select_for_update().get(pk=owed.pk)
        if held.state != Refund.State.DUE:
            return None
        if held.asked_of_stripe_at is None:
            held.asked_of_stripe_at = clock.wall()
            held.save(update_fields=["asked_of_stripe_at"])
    return held


def _with_another_key(owed):
    with transaction.atomic():
        Attempt.held(owed.attempt_id)
        held = Refund.objects.select_for_update().get(pk=owed.pk)
        held.tries, held.asked_of_stripe_at = held.tries + 1, clock.wall()
        held.save(update_fields=["tries", "asked_of_stripe_at"])
    return held


def fail(owed: Refund, *, why: str, at: datetime) -> None:
    """Stripe will not make it: the money is still owed, and an admin sees to it."""
    attempt = owed.attempt
    sale = sale_of(attempt)
    with transaction.atomic():
        thing = sale.hold(attempt.subject_ref)
        attempt = Attempt.held(attempt.pk)
        held = Refund.objects.select_for_update().get(pk=owed.pk)
        if held.state != Refund.State.DUE:
            return
        held.state, held.why, held.finished_at = Refund.State.FAILED, why[:60], at
        held.save(update_fields=["state", "why", "finished_at"])
        log.error("Refund %s of payment %s was refused: %s", held.ref, attempt.ref, why)
        sale.money_back(thing, attempt, amount=held.amount, why=Why.REFUND_FAILED, at=at)
