"""Beginning to pay, going on to Stripe, and calling it off: everything before there is money (reliability 3.1)."""

from datetime import datetime
from decimal import Decimal

from velory.payments.models import Attempt, Payee


def begin(
    kind: str, ref: str, *, person, amount: Decimal, currency: str, payee: Payee, until: datetime, basis: str = "",
    at: datetime,
) -> Attempt:  # fmt: skip
    """An attempt to buy a thing whose row the caller holds, in the caller's transaction.

    The open one is given again if it is this person's, at this price; Refused otherwise. `until` is the moment at which
    the right to buy ends.
    """
    raise NotImplementedError


def checkout(attempt: Attempt, *, at: datetime) -> str:
    """The address at which the attempt is paid: made at Stripe, or found there again. Outside any transaction.

    Raises Refused where it cannot be paid any more or Stripe says no, Unreachable where Stripe does not answer:
    the attempt then stands, and the next call goes on with it.
    """
    raise NotImplementedError


def abandon(attempt: Attempt, *, at: datetime) -> str:
    """Call an attempt off at Stripe and see what became of it: returns its state. Outside any transaction.

    `paid` where the payer was first; `superseding` where Stripe does not answer (the sweeper goes on).
    """
    raise NotImplementedError
