"""Beginning to pay, going on to Stripe, and calling it off: everything before there is money (reliability 3.1).

    Tx1    begin: the row, in the caller's transaction, with the subject held
    call   checkout: the session at Stripe, under a key that follows from the row
    Tx2    checkout: its id and address, and where its events belong

Whatever dies in between, the same call with the same key finds the same session. A saved card needs nobody there: after
`begin` a worker charges it (`charge`), in the same three parts.
"""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from velory.crash import crash
from velory.journal.reason import Reason, Refused
from velory.payments import agenda, charging, creating, gateway
from velory.payments.apply import apply, conclude
from velory.payments.currencies import MOST, least, payable, to_minor
from velory.payments.errors import Declined, Gone, Trouble
from velory.payments.line import patience
from velory.payments.models import Attempt, Card, Payee
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
    card: Card | None = None, at: datetime,
) -> Attempt:  # fmt: skip
    """An attempt to buy a thing whose row the caller holds, in the caller's transaction.

    The open one is given again if it is this person's, at this price; OpenAlready or Refused otherwise. `until` is the
    moment at which the right to buy ends. With a `card` it is charged by a worker once this is committed.
    """
    amount = payable(amount, currency)
    if reason := _reason_against(payee, amount, currency, until, at) or _reason_against_card(card, person, payee):
        raise Refused(reason)
    if standing := Attempt.objects.open_about(kind, ref):
        if _is_the_same(standing, person, amount, currency, payee, card) and at < standing.expires_at:
            return standing
        raise OpenAlready(standing)
    if _is_settled(kind, ref):
        raise Refused(Reason("settled", _("This has been paid already, or a payment for it is being looked into.")))
    attempt = Attempt(
        kind=kind, subject_ref=ref, person=person, amount=amount, currency=currency.upper(),
        amount_minor=to_minor(amount, currency), payee=payee, account=payee.account, livemode=gateway.livemode(),
        basis=basis, card=card, begun_at=at, moved_at=at, expires_at=min(until, at + MOST_TIME),
    )  # fmt: skip
    try:
        with transaction.atomic():
            attempt.save(force_insert=True)
    except IntegrityError:  # somebody who did not hold the subject was first; the index has the last word (R7)
        raise OpenAlready(Attempt.objects.about(kind, ref).latest("pk"))
    agenda.watch(attempt, at=at)
    if card:
        agenda.charge(attempt, at=at)
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


def _reason_against_card(card, person, payee) -> Reason | None:
    if card is None:
        return None
    if not card.is_saved or card.person_id != person.pk or card.account != payee.account:
        return Reason("card_gone", _("The saved card can’t be charged any more."))
    return None


def _is_the_same(standing, person, amount, currency, payee, card):
    ours = (standing.person_id, standing.amount, standing.currency, standing.account, standing.card_id)
    asked = (person.pk, amount, currency.upper(), payee.account, card.pk if card else None)
    return ours == asked and standing.state != State.SUPERSEDING


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
    if attempt.card_id and attempt.is_open:
        raise Refused(Reason("charging", _("The saved card is being charged. Try again in a minute.")))
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
def charge(attempt: Attempt, *, at: datetime) -> str:
    """Charge the saved card of an attempt, without its owner there; returns the state. Outside any transaction.

    `paid`, or `expired` with `why`: NEEDS_PERSON where the bank wants the owner, DECLINED where it says no; then the
    intent is called off, and the thing can be paid in another way. Raises Unreachable where Stripe does not answer: the
    attempt then stands, and the next call goes on with it.
    """
    attempt = Attempt.objects.select_related("card").get(pk=attempt.pk)
    if not attempt.is_open or attempt.state == State.SUPERSEDING:
        return attempt.state
    if at >= attempt.expires_at:
        return abandon(attempt, at=at, why=Why.EXPIRED)
    if not attempt.intent_id:
        crash("CHARGE.after_tx1")
        try:
            intent = charging.intent_of(attempt, at=at)
        except charging.CalledOff:
            return Attempt.objects.get(pk=attempt.pk).state
        except charging.NothingMade:
            return _is_declined(attempt, at=at)
        crash("CHARGE.after_call")
        attempt = _keep_intent(attempt, intent)
        crash("CHARGE.after_tx2")
    seen = charging.look(attempt)
    crash("APPLY.after_fetch")
    held = conclude(attempt, seen, at=at)
    if held.is_open and seen.intent and (why := charging.why_not_paid(seen.intent)):
        return abandon(held, at=at, why=why)
    return held.state


def _keep_intent(attempt, intent):
    """Tx2: which intent it is, and where its events belong. One that was called off meanwhile keeps it too."""
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        if not held.intent_id:
            held.note(intent_id=intent.id)
        keep_route(held, intent.id)
    return held


def _is_declined(attempt, *, at):
    """Stripe would not even try: nothing is there that could be called off."""
    with transaction.atomic():
        held = Attempt.held(attempt.pk)
        if held.state != State.CREATING:
            return held.state
        held.move(State.SUPERSEDING, at=at, why=Why.DECLINED)
    return conclude(held, Seen(), at=at).state


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
    is_over = at >= attempt.expires_at or not (attempt.request if attempt.card_id else attempt.session_id)
    if isinstance(trouble, Gone) and is_over and attempt.state == State.SUPERSEDING:
        return conclude(attempt, Seen(), at=at)
    agenda.look_soon(attempt, at=at)
    return attempt


def _expire(attempt, *, at):
    """At Stripe. A session that may exist without our knowing its id is asked for once more under its key; a charge is
    not, for that would be one: it is searched for, once it must have come there.
    """
    if attempt.card_id:
        _cancel_charge(attempt)
        return
    if not attempt.session_id and attempt.request:
        try:
            attempt = _keep_session(attempt, creating.session_of(attempt, at=at), at=at)
        except Declined:
            return
    if attempt.session_id:
        gateway.expire_session(attempt.session_id, account=attempt.account)


def _cancel_charge(attempt):
    if not attempt.intent_id and attempt.request:
        found = charging.find(attempt)
        if found is None:
            charging.wait_until_it_is_there(attempt)
        else:
            attempt = _keep_intent(attempt, found)
    if attempt.intent_id:
        gateway.cancel_intent(attempt.intent_id, account=attempt.account)
