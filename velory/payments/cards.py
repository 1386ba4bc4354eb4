"""Personal cards that are saved now and charged later: how one is saved, looked at, and forgotten.

    Tx1    begin_saving: the row
    call   save_page: the customer and the page at Stripe, under keys that follow from our rows
    Tx2    save_page: where the page is, and where its events belong
    later  look_at: what Stripe says; whoever brings it there (page, event, sweeper) decides nothing

Nobody needs a card for ever: what no app names as needed any more is taken away at Stripe, and that is owed.
"""

import logging
from calendar import monthrange
from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from velory.crash import crash
from velory.journal.reason import Reason, Refused
from velory.payments import agenda, gateway, saving
from velory.payments.errors import Declined, Gone
from velory.payments.line import patience
from velory.payments.models import Card, Payee
from velory.payments.routes import keep_route
from velory.payments.seen import Method, Saving

log = logging.getLogger(__name__)
State = Card.State
TIME_TO_SAVE = timedelta(hours=1)
LEAST_LEFT = timedelta(minutes=5)  # with less, somebody who comes back gets a page of their own
UNUSED = timedelta(days=1)  # so long a card is kept that nobody needs
GIVE_UP = timedelta(days=30)  # of asking an account that we may no longer ask

_needed: list[Callable[[Card], bool]] = []


def needs_cards(asks: Callable[[Card], bool]):
    """Register who says whether a card is still needed."""
    _needed.append(asks)
    return asks


def is_needed(card: Card) -> bool:
    """Whether anything that was asked for may still be charged to it."""
    return any(asks(card) for asks in _needed)


# Saving


def begin_saving(person, *, payee: Payee, back_to: str, at: datetime) -> Card:
    """A card that somebody is about to save with a payee; the one that they are saving already, if there is one.

    `back_to` is the path to go on at. Raises Refused where the payee takes no cards.
    """
    if reason := payee.takes_money:
        raise Refused(reason)
    standing = Card.objects.of(person).saving().filter(account=payee.account).first()
    if standing and standing.expires_at - at > LEAST_LEFT:
        return standing
    with transaction.atomic():
        if standing:
            _is_over(Card.held(standing.pk), at=at)
        card = Card(
            person=person, payee=payee, account=payee.account, livemode=gateway.livemode(), back_to=back_to,
            begun_at=at, moved_at=at, expires_at=at + TIME_TO_SAVE,
        )  # fmt: skip
        try:
            with transaction.atomic():
                card.save(force_insert=True)
        except IntegrityError:  # the same press twice, and the other was first
            return Card.objects.of(person).saving().get(account=payee.account)
        agenda.watch_card(card, at=at)
    return card


@patience()
def save_page(card: Card, *, at: datetime) -> str:
    """The address at Stripe where the card is saved: made there, or found again. Outside any transaction.

    Raises Refused where that is over or Stripe says no, Unreachable where it does not answer.
    """
    card = Card.objects.select_related("person", "payee").get(pk=card.pk)
    if card.state != State.SAVING or at >= card.expires_at:
        raise Refused(Reason("over", _("The time to save the card has run out. Begin again.")))
    if card.session_url:
        return card.session_url
    crash("CARD.after_tx1")
    try:
        session = saving.session_of(card, at=at)
    except Declined as refusal:
        log.warning("Card %s cannot be saved: %s", card.ref, refusal.code or type(refusal).__name__)
        with transaction.atomic():
            _is_over(Card.held(card.pk), at=at)
        raise Refused(Reason("refused", _("Your card can’t be saved just now. Nothing was charged.")))
    crash("CARD.after_create")
    with transaction.atomic():
        held = Card.held(card.pk)
        _keep_session(held, session)
    crash("CARD.after_tx2")
    return held.session_url


def _keep_session(card, session):
    if not card.session_id:
        card.note(session_id=session.id, session_url=session.url)
    keep_route(card, card.session_id, session.setup)


def _is_over(card, *, at):
    if card.state == State.SAVING:
        card.become(State.NOT_SAVED, at=at)


# Looking


def look_at(card: Card, *, at: datetime) -> Card:
    """Read at Stripe how it stands with a card, and bring ours to it; returns it as it then is. Outside transactions.

    Raises Unreachable where Stripe does not answer; nothing is then changed.
    """
    card = Card.objects.get(pk=card.pk)
    if card.state in {State.SAVING, State.NOT_SAVED}:
        return _look_whether_it_was_saved(card, at=at)
    if card.state == State.SAVED:
        return _look_whether_it_is_there(card, at=at)
    return card


def _look_whether_it_was_saved(card, *, at):
    session = None if card.session_id else saving.find(card)
    id_ = card.session_id or (session.id if session else "")
    if not id_:
        return _decide(card, None, None, at=at)
    if card.state == State.SAVING and at >= card.expires_at:
        gateway.expire_session(id_, account=card.account)
    seen, method = gateway.look_at_saving(id_, account=card.account)
    crash("CARD.after_fetch")
    return _decide(card, seen, method, at=at)


def _decide(card, session: Saving | None, method: Method | None, *, at):
    with transaction.atomic():
        held = Card.held(card.pk)
        held.note(looked_at=at)
        if held.state not in {State.SAVING, State.NOT_SAVED}:
            return held
        if session is not None:
            _keep_session(held, session)
        if session is not None and method is not None:
            _keep_method(held, session, method, at=at)
        elif held.state == State.SAVING and (_is_closed(session) or at >= held.expires_at):
            held.become(State.NOT_SAVED, at=at)
    return held


def _is_closed(session):
    return session is not None and session.status != "open"


def _keep_method(card, session, method, *, at):
    """Saved, if it is what we asked for; otherwise it is as if nothing had been saved, and it is never charged."""
    odd = differences(card, session, method)
    if odd:
        log.error("Card %s does not match: %s", card.ref, ", ".join(odd))
        _is_over(card, at=at)
        return
    card.become(
        State.SAVED, at=at, saved_at=at, customer_id=session.customer, method_id=method.id, brand=method.brand,
        last4=method.last4, good_until=_last_day(method),
    )  # fmt: skip
    keep_route(card, method.id)
    agenda.keep_card(card, at=at)


def differences(card: Card, session: Saving, method: Method) -> list[str]:
    """What is otherwise than we asked for, by name; empty where all agree (R6)."""
    ours = (card.session_id, card.account, card.livemode, str(card.uuid), str(card.uuid), card.customer_id, True)
    theirs = (
        session.id, session.account, session.livemode, session.reference, session.card, session.customer,
        bool(method.customer) and method.customer == session.customer,
    )  # fmt: skip
    names = ("session", "account", "livemode", "reference", "card", "customer", "owner")
    return [name for name, our, their in zip(names, ours, theirs, strict=True) if our != their]


def _last_day(method) -> date | None:
    if not (1 <= method.month <= 12 and 2000 <= method.year <= 9998):
        return None
    return date(method.year, method.month, monthrange(method.year, method.month)[1])


def _look_whether_it_is_there(card, *, at):
    """Whoever was paid may take it away at Stripe; then it can't be charged any more."""
    method = gateway.method(card.method_id, account=card.account)
    with transaction.atomic():
        held = Card.held(card.pk)
        held.note(looked_at=at)
        if held.state != State.SAVED:
            return held
        if method is None or method.customer != held.customer_id:
            held.become(State.FORGOTTEN, at=at)
        else:
            held.note(brand=method.brand, last4=method.last4, good_until=_last_day(method))
    return held


# Forgetting


def forget(card: Card, *, at: datetime) -> None:
    """Owe a card its being forgotten, in the caller's transaction: a worker takes it away at Stripe. Twice is once."""
    held = Card.held(card.pk)
    if held.state == State.SAVED:
        held.become(State.FORGETTING, at=at)
        agenda.forget_card(held, at=at)


def forget_as_asked(card: Card, *, at: datetime) -> None:
    """Its owner wants it away. Refused while something that they asked for may still be charged to it."""
    with transaction.atomic():
        if is_needed(card):
            text = _("The card is kept until the request that it pays for is over. Withdraw the request to remove it.")
            raise Refused(Reason("needed", text))
        forget(card, at=at)


def forget_unneeded(card: Card, *, at: datetime) -> None:
    """The same, unless something else that was asked for may still be charged to it."""
    if not is_needed(card):
        forget(card, at=at)


def take_away(card: Card, *, at: datetime) -> str:
    """Take a card away at Stripe that is to be forgotten; returns its state. Outside any transaction, safe to repeat.

    Raises Unreachable where Stripe does not answer. An account that we may not ask any more is asked for a month.
    """
    card = Card.objects.get(pk=card.pk)
    if card.state != State.FORGETTING:
        return card.state
    try:
        gateway.detach(card.method_id, account=card.account)
    except Gone:
        if at < card.moved_at + GIVE_UP:
            raise
        log.warning("Card %s can no longer be taken away at Stripe.", card.ref)
    crash("CARD.after_detach")
    with transaction.atomic():
        held = Card.held(card.pk)
        if held.state == State.FORGETTING:
            held.become(State.FORGOTTEN, at=at)
    return held.state


def sweep_card(card: Card, *, at: datetime) -> Card:
    """The sweeper's look: finish what was begun; forget what has been kept for a day and nobody needs."""
    card = look_at(card, at=at)
    if card.state == State.SAVED and card.saved_at and at >= card.saved_at + UNUSED:
        with transaction.atomic():
            forget_unneeded(card, at=at)
        card = Card.objects.get(pk=card.pk)
    return card
