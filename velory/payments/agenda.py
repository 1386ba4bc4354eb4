"""What payments has on the agenda: looking again, giving back, comparing. Each puts its next moment down first."""

from datetime import datetime, time, timedelta

from velory import clock
from velory.agenda import book
from velory.payments.errors import Trouble
from velory.payments.models import Attempt, Payee, Refund

LOOK, REFUND, COMPARE = "payments.look", "payments.refund", "payments.compare"
SOON = timedelta(minutes=5)  # between two looks at what is open
LATER = timedelta(hours=1)  # between two looks at what is decided
ENOUGH = timedelta(hours=48)  # after which what is decided is looked at by the nightly comparison alone
AT_NIGHT = time(2, 15)


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


def next_night(at: datetime) -> datetime:
    """The next quarter past two in the company's night."""
    tonight = clock.local(clock.local_date(at), AT_NIGHT)
    return tonight if tonight > at else clock.local(clock.local_date(at) + timedelta(days=1), AT_NIGHT)


@book.does(LOOK, unnoticed=True)
def look_again(ref: str, at: datetime) -> None:
    """The sweeper: what no event and no page has brought to an end is brought there by asking."""
    from velory.payments.sweeping import sweep

    attempt = Attempt.objects.get(ref=ref)
    if attempt.is_open:
        book.put(LOOK, ref, at + SOON)
    elif at < attempt.moved_at + ENOUGH:
        book.put(LOOK, ref, at + LATER)
    sweep(attempt, at=at)


@book.does(REFUND)
def give_it_back(ref: str, at: datetime) -> None:
    """Make a refund that is owed; look again each hour until Stripe has said how it ended."""
    from velory.payments.refunds import AGAIN, carry_out

    refund = Refund.objects.get(ref=ref)
    if refund.is_final:
        return
    book.put(REFUND, ref, at + (SOON if refund.state == Refund.State.DUE else AGAIN))
    try:
        refund = carry_out(ref, at=at)
    except Trouble:
        return
    if refund.is_final:
        book.drop(REFUND, ref)


@book.does(COMPARE, apart=True, unnoticed=True)
def compare_with_stripe(ref: str, at: datetime) -> None:
    """The nightly comparison of each account that was ever paid."""
    from velory.payments.nightly import compare

    book.put(COMPARE, ref, next_night(at))
    for account in Payee.objects.accounts_ever_paid():
        compare(account, at=at)
