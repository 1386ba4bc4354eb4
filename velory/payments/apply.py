"""`apply`: what Stripe says at this moment, made true here. The only writer of what a payment comes to (R5).

Whoever calls it (the inbox's worker, the page that a payer comes back to, the sweeper, an admin's button) brings the
attempt and nothing else. First everything is read, outside any transaction; then, with the subject and after it the
attempt held, it is compared, written down and decided, whole or not at all.
"""

import logging
from datetime import datetime

from django.db import transaction

from velory.crash import crash
from velory.journal.reason import NotYours, Refused
from velory.payments import agenda, charging, creating, gateway
from velory.payments.comparing import differences
from velory.payments.currencies import from_minor
from velory.payments.models import Attempt, Refund
from velory.payments.recording import Moved, record
from velory.payments.routes import keep_route
from velory.payments.sales import Why, sale_of
from velory.payments.seen import Seen
from velory.payments.telling import admins_hear_of_mismatch

log = logging.getLogger(__name__)
State = Attempt.State

TOLD = {
    "refund": Why.REFUNDED, "refund_failed": Why.REFUND_FAILED, "dispute": Why.DISPUTED, "dispute_won": Why.DISPUTE_WON,
    "dispute_lost": Why.DISPUTE_LOST,
}  # fmt: skip


def apply(attempt: Attempt, *, at: datetime) -> Attempt:
    """Read the truth about an attempt at Stripe and bring ours to it; returns the attempt as it then is.

    Raises Unreachable where Stripe does not answer; nothing is then changed.
    """
    seen = _look(Attempt.objects.get(pk=attempt.pk))
    crash("APPLY.after_fetch")
    return conclude(attempt, seen, at=at)


def conclude(attempt: Attempt, seen: Seen, *, at: datetime) -> Attempt:
    """Bring an attempt to what was seen at Stripe, whole or not. Seeing nothing ends what was being called off."""
    with transaction.atomic():
        held = _decide(attempt, seen, at=at)
        crash("APPLY.before_commit")
    crash("APPLY.after_commit")
    return held


def _look(attempt):
    """Everything, as it stands at Stripe; also where a crash kept us from knowing the session's id."""
    if attempt.card_id:
        return charging.look(attempt)
    id_ = attempt.session_id
    if not id_:
        found = creating.find(attempt)
        id_ = found.id if found else ""
    return gateway.look(id_, account=attempt.account) if id_ else Seen()


def _decide(attempt, seen, *, at) -> Attempt:
    sale = sale_of(attempt)
    thing = sale.hold(attempt.subject_ref)
    held = Attempt.held(attempt.pk)
    _keep_ids(held, seen, at=at)
    odd = differences(held, seen)
    moved, too_much = record(held, seen, at=at)
    decision = Decision(held, sale, thing, seen, at)
    decision.about_the_sale(odd)
    for movement in moved:
        decision.tell(movement)
    decision.about_refunds(too_much)
    return held


def _keep_ids(attempt, seen, *, at):
    session, intent = seen.session, seen.intent
    facts = {"looked_at": at}
    if session and not attempt.session_id:
        facts |= {"session_id": session.id, "session_url": session.url}
    if intent and not attempt.intent_id:
        facts["intent_id"] = intent.id
    attempt.note(**facts)
    keep_route(attempt, facts.get("session_id", ""), facts.get("intent_id", ""))


class Decision:
    """What follows for one attempt, whose row and whose subject's are held."""

    def __init__(self, attempt: Attempt, sale, thing, seen: Seen, at: datetime):
        self.attempt, self.sale, self.thing, self.seen, self.at = attempt, sale, thing, seen, at

    # Whether it is bought

    def about_the_sale(self, odd: list[dict]) -> None:
        """Paid, not paid, to be refunded, or otherwise than we asked for; nothing where that is decided or open."""
        session = self.seen.session
        if not (self.attempt.is_open or self.attempt.state == State.EXPIRED):
            return
        if self.attempt.why == Why.MISMATCH and not self.seen.charges:
            return  # an admin has closed it, and no money came since
        if self.attempt.card_id:
            self.about_the_charge(odd)
        elif session is None:
            if self.attempt.state == State.SUPERSEDING:
                self.is_not_paid()
        elif odd:
            self.does_not_match(odd)
        elif session.status == "complete" and session.paid:
            self.is_paid()
        elif session.status == "expired" and self.attempt.is_open:
            self.is_not_paid()
        elif self.attempt.state == State.CREATING:
            self.attempt.move(State.OPEN, at=self.at)

    def about_the_charge(self, odd: list[dict]) -> None:
        """The same of a saved card. One that the bank refused is called off by `start`, and only then not paid."""
        intent = self.seen.intent
        if intent is None:
            if self.attempt.state == State.SUPERSEDING:
                self.is_not_paid()
        elif odd:
            self.does_not_match(odd)
        elif intent.status == "succeeded":
            self.is_paid()
        elif intent.status == "canceled" and self.attempt.is_open:
            self.is_not_paid()
        elif intent.status == "processing" and self.attempt.state == State.CREATING:
            self.attempt.move(State.OPEN, at=self.at)

    def is_paid(self) -> None:
        """It buys what it is for, unless that can no longer be bought: then the money goes back (R9)."""
        if self._may_buy() and self._buys():
            agenda.keep_looking(self.attempt, at=self.at)
            return
        self.attempt.move(State.REFUND_DUE, at=self.at, why=Why.TOO_LATE, settled_at=self.at)
        self._give_back()
        self._money_back(from_minor(self.attempt.amount_minor, self.attempt.currency), Why.TOO_LATE)

    def _may_buy(self):
        rival = Attempt.objects.paid_about(self.attempt.kind, self.attempt.subject_ref)
        return self.thing is not None and rival is None and self.sale.is_open_for(self.thing, self.attempt)

    def _buys(self):
        """Whether the seller takes the step. One that refuses leaves nothing behind."""
        before = dict(self.attempt.__dict__)
        try:
            with transaction.atomic():
                self.attempt.move(State.PAID, at=self.at, why="", settled_at=self.at)
                self.sale.paid(self.thing, self.attempt, at=self.at)
        except (Refused, NotYours) as refusal:
            log.error("Payment %s came, and its seller refuses: %s", self.attempt.ref, refusal)
            self.attempt.__dict__.update(before)
            self.thing = self.sale.hold(self.attempt.subject_ref)
            return False
        return True

    def _give_back(self):
        """The whole of it, owed once."""
        amount = self.attempt.refundable
        if amount > 0:
            refund = Refund.objects.create(
                attempt=self.attempt, amount_minor=amount, currency=self.attempt.currency, asked_at=self.at,
                cause=Refund.Cause.TOO_LATE,
            )  # fmt: skip
            agenda.give_back(refund, at=self.at)

    def is_not_paid(self) -> None:
        """Nobody can pay it any more; the choice is open again."""
        why = self.attempt.why or (Why.DECLINED if self.attempt.card_id else Why.EXPIRED)
        self.attempt.move(State.EXPIRED, at=self.at, why=why, settled_at=self.at)
        agenda.keep_looking(self.attempt, at=self.at)
        if self.thing is not None:
            self.sale.not_paid(self.thing, self.attempt, at=self.at, why=why)

    def does_not_match(self, odd: list[dict]) -> None:
        """Something is otherwise than we asked for: nothing is handed over, and an admin looks into it (R6)."""
        log.error("Payment %s does not match: %s", self.attempt.ref, ", ".join(one["what"] for one in odd))
        self.attempt.move(State.MISMATCH, at=self.at, why=Why.MISMATCH, differences=odd, settled_at=self.at)
        admins_hear_of_mismatch(self.attempt, at=self.at)
        agenda.keep_looking(self.attempt, at=self.at)

    # Money that went, or goes, back

    def tell(self, movement: Moved) -> None:
        """Whoever sold it hears of money that moved the other way."""
        if movement.kind in TOLD:
            amount = from_minor(movement.amount_minor, self.attempt.currency)
            self._money_back(amount, TOLD[movement.kind])
            agenda.keep_looking(self.attempt, at=self.at)

    def about_refunds(self, too_much: list[dict]) -> None:
        """Refunded where all of it went back; owed again where it came back to the payee (R14)."""
        attempt = self.attempt
        if too_much and too_much != [one for one in attempt.differences if one in too_much]:
            log.error("Payment %s: more goes back than came.", attempt.ref)
            attempt.note(differences=[*attempt.differences, *too_much])
        captured, back = attempt.captured, attempt.given_back
        if attempt.state in {State.PAID, State.REFUND_DUE, State.MISMATCH} and 0 < captured <= back:
            was = attempt.state
            attempt.move(State.REFUNDED, at=self.at)
            if was == State.MISMATCH and self.thing is not None:
                self.sale.not_paid(self.thing, attempt, at=self.at, why=Why.MISMATCH)
        elif attempt.state == State.REFUNDED and back < captured:
            attempt.move(State.REFUND_DUE, at=self.at)

    def _money_back(self, amount, why):
        self.sale.money_back(self.thing, self.attempt, amount=amount, why=why, at=self.at)
