"""How long Stripe may take, and that nobody asks it while a transaction is open (reliability R11)."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from velory.payments.errors import InTransaction, Unreachable

PATIENCE = 9.0  # seconds for all that one press of a button asks, so that a person is answered within ten (FI-8)
CONNECTING, READING = 3.0, 6.0

_patience = threading.local()


def refuse_in_transaction() -> None:
    """A network call may take seconds, and rows would be held for as long. A test's own transaction does not count."""
    ours = [block for block in connection.atomic_blocks if not getattr(block, "_from_testcase", False)]
    if connection.in_atomic_block and ours:
        raise InTransaction("Stripe is asked outside transactions only.")


@contextmanager
def patience(seconds: float = PATIENCE) -> Iterator[None]:
    """All calls of this block together take no longer. Inside another such block the shorter one holds."""
    before = getattr(_patience, "until", None)
    until = time.monotonic() + seconds
    _patience.until = min(until, before) if before else until
    try:
        yield
    finally:
        _patience.until = before


def time_left() -> tuple[float, float]:
    """For the next call: seconds to connect in, and to read in. Raises Unreachable where none are left."""
    until = getattr(_patience, "until", None)
    left = until - time.monotonic() if until else READING
    if left <= 0.2:
        raise Unreachable("Stripe took too long.")
    return min(CONNECTING, left), min(READING, left)


def pause(seconds: float) -> bool:
    """Wait a little, if there is time for it."""
    until = getattr(_patience, "until", None)
    if until and until - time.monotonic() < seconds + 0.5:
        return False
    time.sleep(seconds)
    return True
