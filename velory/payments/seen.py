"""What Stripe says, as plain facts: what the gateway gives to whoever decides."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class Session:
    """A Checkout Session. `attempt` is what it names as ours, in both places where it says so."""

    id: str
    url: str
    status: str  # open, complete, expired
    paid: bool
    amount: int | None
    currency: str
    livemode: bool
    reference: str
    attempt: str
    intent: str
    account: str


@dataclass(frozen=True)
class Intent:
    """A payment intent: what a session comes to once somebody pays, or a charge of a saved card.

    `attempt` is what it names as ours, `error` the code with which a card was refused last.
    """

    id: str
    status: str
    amount: int
    currency: str
    livemode: bool
    attempt: str = ""
    customer: str = ""
    method: str = ""
    error: str = ""
    account: str = ""


@dataclass(frozen=True)
class Charge:
    """A charge of a card that succeeded."""

    id: str
    captured: int
    currency: str
    livemode: bool
    refunded: int = 0
    attempt: str = ""
    company: str = ""


@dataclass(frozen=True)
class Back:
    """A refund. `refund` is what it names as ours."""

    id: str
    amount: int
    currency: str
    status: str  # pending, requires_action, succeeded, failed, canceled
    refund: str
    why: str = ""


@dataclass(frozen=True)
class Dispute:
    """A dispute. An inquiry (`warning_…`) has taken no money yet."""

    id: str
    amount: int
    currency: str
    status: str


@dataclass(frozen=True)
class Seen:
    """Everything about one attempt, as it stood when it was asked for."""

    session: Session | None = None
    intent: Intent | None = None
    charges: list[Charge] = field(default_factory=list)
    refunds: list[Back] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)


@dataclass(frozen=True)
class Saving:
    """A Checkout Session at which a card is saved. `card` is what it names as ours, in both places where it says so."""

    id: str
    url: str
    status: str  # open, complete, expired
    livemode: bool
    reference: str
    card: str
    customer: str
    setup: str
    account: str


@dataclass(frozen=True)
class Method:
    """A saved card, as much of it as anybody may know. Without `customer` it cannot be charged."""

    id: str
    customer: str
    brand: str
    last4: str
    month: int
    year: int


@dataclass(frozen=True)
class Account:
    """A connected account."""

    id: str
    name: str
    country: str
    currency: str
    charges_enabled: bool


@dataclass(frozen=True)
class Span:
    """From a moment on the machine's own clock, up to another."""

    since: datetime
    until: datetime

    @property
    def params(self) -> dict[str, int]:
        """As Stripe's lists take it."""
        return {"gte": int(self.since.timestamp()), "lt": int(self.until.timestamp())}
