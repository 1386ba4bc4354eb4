"""What payments has on the agenda: looking again, giving back, comparing. Each puts its next moment down first."""

from datetime import datetime, time, timedelta

from django.utils.translation import gettext_lazy

from velory import clock
from velory.agenda import book
from velory.payments.errors import Trouble
from velory.payments.models import Attempt, Card, Payee, Refund

LOOK, REFUND, COMPARE = "payments.look", "payments.refund", "payments.compare"
CHARGE, CARD, FORGET = "payments.charge", "payments.card", "payments.forget"
AGAIN = timedelta(minutes=1)  # until Stripe has answered whether a card was charged
SOON = timedelta(minutes=5)  # between two looks at what is open
LATER = timedelta(hours=1)  # between two looks at what is decided
ENOUGH = timedelta(hours=48)  # after which what is decided is looked at by the nightly comparison alone
AT_NIGHT = time(2, 15)
A_DAY = timedelta(days=1)


def watch(attempt: Attempt, *, at: datetime) -> None:
    """An attempt was begun: look at it until it is decided, and compare this company's payments at night."""
    book.put(LOOK, attempt.ref, at + SOON)
    book.put(COMPARE, "nightly", next_night(at), earlier_wins=True)


def look_soon(attempt: Attempt, *, at: datetime) -> None:
    """Stripe did not answer: go on in five minutes at the latest."""
    book.put(LOOK, attempt.ref, at + SOON, earlier_wins=True)


def keep_looking(attempt: Attempt, *, at: datetime) -> None:
    """Something happened to a payment: look at it once an hour for two days."""
    book.put(LOOK, attempt.ref, at + LATER)


def give_back(refund: Refund, *, at: datetime) -> None:
    """A refund is owed: a worker sees to it now."""
    book.put(REFUND, refund.ref, at)


def charge(attempt: Attempt, *, at: datetime) -> None:
    """A saved card is to be charged: a worker does so now."""
    book.put(CHARGE, attempt.ref, at)


def watch_card(card: Card, *, at: datetime) -> None:
    """Somebody is saving a card: look whether they have."""
    book.put(CARD, card.ref, at + SOON)


def keep_card(card: Card, *, at: datetime) -> None:
    """A card was saved: ask tomorrow whether anybody needs it."""
    book.put(CARD, card.ref, at + A_DAY)


def forget_card(card: Card, *, at: datetime) -> None:
    """A card is to be forgotten: a worker sees to it now."""
    book.put(FORGET, card.ref, at)


def next_night(at: datetime) -> datetime:
    """The next quarter past two in the company's night."""
    tonight = clock.local(clock.local_date(at), AT_NIGHT)
    return tonight if tonight > at else clock.local(clock.local_date(at) + timedelta(days=1), AT_NIGHT)


@book.does(LOOK, unnoticed=True, label=gettext_lazy("Asking Stripe about a payment"))
def look_again(ref: str, at: datetime) -> None:
    """The sweeper: what no event and no page has brought to an end is brought there by asking."""
    from velory.payments.sweeping import sweep

    attempt = Attempt.objects.get(ref=ref)
    if attempt.is_open:
        book.put(LOOK, ref, at + SOON)
    elif at < attempt.moved_at + ENOUGH:
        book.put(LOOK, ref, at + LATER)
    sweep(attempt, at=at)


@book.does(REFUND, label=gettext_lazy("Giving money back"))
def give_it_back(ref: str, at: datetime) -> None:
    """Make a refund that is owed; look again each hour until Stripe has said how it ended."""
    from velory.payments.refunds import AGAIN as IN_A_WHILE
    from velory.payments.refunds import carry_out

    refund = Refund.objects.get(ref=ref)
    if refund.is_final:
        return
    book.put(REFUND, ref, at + (SOON if refund.state == Refund.State.DUE else IN_A_WHILE))
    try:
        refund = carry_out(ref, at=at)
    except Trouble:
        return
    if refund.is_final:
        book.drop(REFUND, ref)


@book.does(CHARGE, label=gettext_lazy("Charging a saved card"))
def charge_it(ref: str, at: datetime) -> None:
    """Charge a saved card; again each minute until Stripe has answered."""
    from velory.payments.start import charge as charge_now

    attempt = Attempt.objects.get(ref=ref)
    if not attempt.is_open:
        return
    book.put(CHARGE, ref, at + AGAIN)
    try:
        charge_now(attempt, at=at)
    except Trouble:
        return
    book.drop(CHARGE, ref)


@book.does(CARD, unnoticed=True, label=gettext_lazy("Looking after a saved card"))
def look_at_card(ref: str, at: datetime) -> None:
    """The sweeper of cards: what is being saved is looked at; what nobody needs is forgotten."""
    from velory.payments.cards import sweep_card

    card = Card.objects.get(ref=ref)
    if card.state == Card.State.SAVING:
        book.put(CARD, ref, at + SOON)
    elif card.is_saved:
        book.put(CARD, ref, at + A_DAY)
    try:
        sweep_card(card, at=at)
    except Trouble:
        return


@book.does(FORGET, unnoticed=True, label=gettext_lazy("Forgetting a card at Stripe"))
def forget_it(ref: str, at: datetime) -> None:
    """Take a card away at Stripe; once an hour until it is gone."""
    from velory.payments.cards import take_away

    book.put(FORGET, ref, at + LATER)
    try:
        take_away(Card.objects.get(ref=ref), at=at)
    except Trouble:
        return
    book.drop(FORGET, ref)


@book.does(COMPARE, apart=True, unnoticed=True, label=gettext_lazy("Comparing payments with Stripe’s books"))
def compare_with_stripe(ref: str, at: datetime) -> None:
    """The nightly comparison of each account that was ever paid."""
    from velory.payments.nightly import compare

    book.put(COMPARE, ref, next_night(at))
    for account in Payee.objects.accounts_ever_paid():
        compare(account, at=at)
