"""Giving money back: an obligation first, in a transaction; then the call, safe to repeat (reliability 3.1)."""

from datetime import datetime
from decimal import Decimal

from velory.payments.models import Attempt, Refund


def refund(attempt: Attempt, *, amount: Decimal, reason: str, by, at: datetime) -> Refund:
    """Owe a payer some of their money back, or all; a worker sees to it. Refused where less is left than that."""
    raise NotImplementedError
