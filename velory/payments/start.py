"""Beginning to pay, going on to Stripe, and calling it off: everything before there is money (reliability 3.1).

    Tx1    begin: the row, in the caller's transaction, with the subject held
    call   checkout: the session at Stripe, under a key that follows from the row
    Tx2    checkout: its id and address, and where its events belong

Whatever dies in between, the same call with the same key finds the same session.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from velory.crash import crash
from velory.journal.reason import Reason, Refused
from velory.payments import agenda, creating, gateway
from velory.payments.apply import apply, conclude
from velory.payments.currencies import MOST, least, payable, to_minor
from velory.payments.errors import Declined, Gone, Trouble
from velory.payments.line import patience
from velory.payments.models import Attempt, Payee
from velory.payments.routes import keep_route
from velory.payments.sales import Why
from velory.payments.seen import Seen

LEAST_TIME = timedelta(minutes=31)  # Stripe wants half an hour from when it is asked, and asking takes a moment
MOST_TIME = timedelta(hours=23)  # as long as Stripe remembers our keys for sure; it allows a day

State = Attempt.State


class OpenAlready(Refused):
    """Somebody is paying for this already, at another price or in another's name: call `attempt` off first (R8)."""

    def __init__(self, attempt: Attempt):
        super().__init__(Reason("open_already", _("A payment for this is under way already.")))
        self.attempt = attempt


def begin(
    kind: str, ref: str, *, person, amount: Decimal, currency: str, payee: Payee, until: datetime, basis: str = "",
    at: datetime,
) -> Attempt:  # fmt: skip
    """An attempt to buy a thing whose row the caller holds, in the caller's transaction.

    The open one is given again if it is this person's, at this price; OpenAlready or Refused otherwise. `until` is the
    moment at which the right to buy ends.
    """
    amount = payable(amount, currency)
    if reason := _reason_against(payee, amount, currency, until, at):
        raise Refused(reason)
    if standing := Attempt.objects.open_about(kind, ref):
        if _is_the_same(standing, person, amount, currency, payee) and at < standing.expires_at:
            return standing
        raise OpenAlready(standing)
    if _is_settled(kind, ref):
        raise Refused(Reason("settled", _("This has been paid already, or a payment for it is being looked into.")))
    attempt = Attempt(
        kind=kind, subject_ref=ref, person=person, amount=amount, currency=currency.upper(),
        amount_minor=to_minor(amount, currency), payee=payee, account=payee.account, livemode=gateway.livemode(),
        basis=basis, begun_at=at, moved_at=at, expires_at=min(until, at + MOST_TIME),
    )  # fmt: skip
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:  # somebody who did not hold the subject was first; the index has the last word (R7)
        raise OpenAlready(Attempt.objects.about(kind, ref).latest("pk"))
    agenda.watch(attempt, at=at)
    return attempt


def _reason_against(payee, amount, currency, until, at) -> Reason | None:
    if reason := payee.takes_money:
        return reason
    if amount <= 0:
        return Reason("nothing_to_pay", _("There is nothing to pay."))
    if to_minor(amount, currency) < least(currency):
        return Reason("too_little", _("The amount is too small to be paid by card."), who=_("an admin"))
    if to_minor(amount, currency) > MOST:
        return Reason("too_much", _("The amount is too large to be paid by card."), who=_("an admin"))
    if until - at < LEAST_TIME:
        return Reason("no_time_left", _("Less than half an hour is left, too little to pay in."))
    return None


def _is_the_same(standing, person, amount, currency, payee):
    ours = (standing.person_id, standing.amount, standing.currency, standing.account)
    return ours == (person.pk, amount, currency.upper(), payee.account) and standing.state != State.SUPERSEDING


def _is_settled(kind, ref):
    """Paid, or with money that nobody has sorted out."""
    before = Attempt.objects.about(kind, ref).in_state(State.PAID, State.MISMATCH)
    return any(attempt.state == State.PAID or attempt.captured > attempt.given_back for attempt in before)


@patience()
def checkout(attempt: Attempt, *, at: datetime) -> str:
    """The address at which the attempt is paid: made at Stripe, or found there again. Outside any transaction.

    Raises Refused where it cannot be paid any more or Stripe says no, Unreachable where Stripe does not answer:
    the attempt then stands, and the next call goes on with it.
    """
    attempt = Attempt.objects.get(pk=attempt.pk)
    if attempt.is_open and at >= attempt.expires_at:
        abandon(attempt, at=at, why=Why.EXPIRED)
        raise Refused(Reason("expired", _("The time to pay has run out.")))
    if attempt.state == State.OPEN:
        return attempt.session_url
    if attempt.state != State.CREATING:
        raise _no_longer_open(attempt)
    crash("BUY.after_tx1")
    try:
        session = creating.session_of(attempt, at=at)
    except Declined:
        abandon(attempt, at=at, why=Why.REFUSED)
        raise Refused(Reason("refused", _("The payment could not be prepared. Nothing was charged.")))
    crash("BUY.after_create")
    attempt = _keep_session(attempt, session, at=at)
    crash("BUY.after_tx2")
    if attempt.state != State.OPEN:
        abandon(attempt, at=at)
        raise _no_longer_open(attempt)
    return attempt.session_url


def _keep_session(attempt, session, *, at):
    """Tx2: where it is paid, and where its events belong. One that was called off meanwhile keeps them too."""
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        if not held.session_id:
            facts = {"session_id": session.id, "session_url": session.url}
            if held.state == State.CREATING:
                held.move(State.OPEN, at=at, **facts)
            else:
                held.note(**facts)
            keep_route(held, session.id)
    return held


def _no_longer_open(attempt) -> Refused:
    text = _("This payment is no longer open: %s.") % attempt.get_state_display().lower()
    return Refused(Reason("not_open", text))


@patience()
def abandon(attempt: Attempt, *, at: datetime, why: str = Why.ABANDONED) -> str:
    """Call an attempt off at Stripe and see what became of it: returns its state. Outside any transaction.

    `paid` where the payer was first; `superseding` where Stripe does not answer (the sweeper goes on).
    """
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        if held.state in {State.CREATING, State.OPEN}:
            held.move(State.SUPERSEDING, at=at, why=why)
    if held.state in {State.SUPERSEDING, State.EXPIRED}:
        try:
            _expire(held, at=at)
            held = apply(held, at=at)
        except Trouble as trouble:
            held = _without_an_answer(held, trouble, at=at)
    return held.state


def _without_an_answer(attempt, trouble, *, at):
    """Ask again soon. Of an account that we may no longer ask about: what has run out, or was never made, is over."""
    attempt = Attempt.objects.get(pk=attempt.pk)
    is_over = not attempt.session_id or at >= attempt.expires_at
    if isinstance(trouble, Gone) and is_over and attempt.state == State.SUPERSEDING:
        return conclude(attempt, Seen(), at=at)
    agenda.look_soon(attempt, at=at)
    return attempt


def _expire(attempt, *, at):
    """At Stripe. A session that may exist without our knowing its id is asked for once more under its key."""
    if not attempt.session_id and attempt.request:
        try:
            attempt = _keep_session(attempt, creating.session_of(attempt, at=at), at=at)
        except Declined:
            return
    if attempt.session_id:
        gateway.expire_session(attempt.session_id, account=attempt.account)
