"""What can come of asking Stripe for something, in our own words. Whoever asks needs to know no other."""

from typing import Any


class Trouble(Exception):
    """Stripe did not do what it was asked for."""


class NotSetUp(Trouble):
    """No key is set: payments are not set up."""


class Unreachable(Trouble):
    """No answer, or one that says nothing: it may have been done or not. Ask again, with the same key."""


class Stored(Trouble):
    """Stripe failed and keeps this answer under our key: it may have been done or not. Search before asking anew."""


class Declined(Trouble):
    """Stripe understood and says no; nothing was done. `code` is Stripe's, `intent` the intent that a card refused."""

    def __init__(self, message: str, code: str = "", intent: Any = None):
        super().__init__(message)
        self.code, self.intent = code, intent


class Gone(Declined):
    """There is no such thing there, or no longer any way to the account."""


class InTransaction(AssertionError):
    """The network was about to be asked while a transaction was open (R11)."""
