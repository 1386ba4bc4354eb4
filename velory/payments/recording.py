"""What moved, written down: money once for each of Stripe's ids, and how our refunds stand. Called by `apply` alone.

It writes the same rows whenever and however often it is asked (R4): what Stripe says now is all that it goes by. A
refund that failed leaves two rows, as does a dispute that was won: the one and the one that undoes it.
"""

from dataclasses import dataclass
from datetime import datetime

from velory.payments.models import Attempt, Money, Refund
from velory.payments.seen import Back, Dispute, Seen

MADE = {"succeeded"}
OVER = {"failed", "canceled"}
OPEN_INQUIRY = "warning_"
ORDER = list(Refund.State.values)


@dataclass(frozen=True)
class Moved:
    """One movement that was not known before."""

    kind: str
    amount_minor: int


def record(attempt: Attempt, seen: Seen, *, at: datetime) -> tuple[list[Moved], list[dict]]:
    """Write down what is missing; returns it, and what cannot be: more going back than came.

    What moved in another currency or another mode is not this attempt's money, and stands with its differences only.
    """
    ours = [c for c in seen.charges if c.currency == attempt.currency and c.livemode == attempt.livemode]
    moved = _write(attempt, [("charge", c.captured, c.id) for c in ours], at=at)
    odd: list[dict] = []
    for dispute in seen.disputes:
        moved += _disputed(attempt, dispute, odd, at=at)
    for back in seen.refunds:
        moved += _refunded(attempt, back, odd, at=at)
    return moved, odd


def _disputed(attempt, dispute: Dispute, odd, *, at):
    if dispute.status.startswith(OPEN_INQUIRY) or dispute.status == "prevented":
        return []
    rows = [("dispute", dispute.amount, dispute.id)]
    if dispute.status == "won":
        rows.append(("dispute_won", dispute.amount, dispute.id))
    if dispute.status == "lost":
        rows.append(("dispute_lost", dispute.amount, dispute.id))
    known = attempt.money.filter(kind="dispute", provider_id=dispute.id).exists()
    if not known and not _room(attempt, dispute.amount, at=at) and dispute.status != "won":
        odd.append(_too_much("dispute", dispute.id, dispute.amount))
        return []
    return _write(attempt, rows, at=at)


def _refunded(attempt, back: Back, odd, *, at):
    refund = _our_refund(attempt, back, at=at)
    if refund is None:
        if back.status not in OVER and not _room(attempt, back.amount, at=at):
            odd.append(_too_much("refund", back.id, back.amount))
            return []
        refund = Refund(
            attempt=attempt, amount_minor=back.amount, currency=attempt.currency, cause=Refund.Cause.AT_STRIPE,
            asked_at=at, state=Refund.State.FAILED if back.status in OVER else Refund.State.PENDING,
        )  # fmt: skip
    _bring_on(refund, back, at=at)
    rows = []
    if back.status in MADE | OVER:
        rows.append(("refund", back.amount, back.id))
    if back.status in OVER:
        rows.append(("refund_failed", back.amount, back.id))
    return _write(attempt, rows, at=at)


def _our_refund(attempt, back, *, at):
    """The refund that Stripe's is: by its id, or by the name that we gave it.

    One that we had given up although Stripe made it is settled by that, and Stripe's stands beside it.
    """
    refunds = attempt.refunds.select_for_update()
    found = refunds.filter(provider_id=back.id).first()
    if found is None and back.refund:
        found = next((one for one in refunds.filter(provider_id=None) if str(one.uuid) == back.refund), None)
        if found and found.state == Refund.State.FAILED and back.status not in OVER:
            found.settled_at = found.settled_at or at
            found.save(update_fields=["settled_at"])
            return None
    return found if found is None or found.amount_minor == back.amount else None


def _bring_on(refund, back, *, at):
    """To where Stripe says it is; never back."""
    told = {"succeeded": Refund.State.SUCCEEDED, "failed": Refund.State.FAILED, "canceled": Refund.State.FAILED}
    state = told.get(back.status, Refund.State.PENDING)
    before = (refund.state, refund.provider_id, refund.pk)
    if ORDER.index(state) > ORDER.index(refund.state):
        refund.state = state
    if refund.is_final and refund.finished_at is None:
        refund.finished_at = at
    if refund.state == Refund.State.FAILED and not refund.why:
        refund.why = (back.why or back.status)[:60]
    refund.provider_id = back.id
    if before != (refund.state, refund.provider_id, refund.pk) or refund.pk is None:
        refund.save()


def _room(attempt, amount, *, at):
    """Whether that much can still go back. A refund that was made at Stripe takes the place of one not yet sent."""
    for waiting in attempt.refunds.select_for_update().filter(state=Refund.State.DUE, asked_of_stripe_at=None):
        if attempt.refundable >= amount:
            break
        waiting.state, waiting.why = Refund.State.FAILED, "superseded"
        waiting.finished_at = waiting.settled_at = at
        waiting.save()
    return attempt.refundable >= amount


def _too_much(what, id_, amount):
    return {"what": f"{what}.too_much", "ours": "0", "theirs": f"{id_}: {amount}"}


def _write(attempt, rows, *, at) -> list[Moved]:
    known = set(attempt.money.values_list("kind", "provider_id"))
    fresh = [
        Money(
            attempt=attempt, kind=kind, amount_minor=amount, currency=attempt.currency, account=attempt.account,
            livemode=attempt.livemode, provider_id=id_, at=at,
        )
        for kind, amount, id_ in rows
        if (kind, id_) not in known
    ]  # fmt: skip
    for money in fresh:  # one by one: the database holds the sums after each, a dispute and its end in that order
        money.save(force_insert=True)
    return [Moved(money.kind, money.amount_minor) for money in fresh]
