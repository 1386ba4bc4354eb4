"""The parts of a calculation: a device, an item of the cart, what the budget bears, what it all comes to."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orders.models import CartItem
from orders.prices import Price
from velory.journal.reason import Reason


@dataclass
class Unit:
    """One device: its price, what of it the budget bears (None: no budget counts it), and what goes over."""

    row: "Row"
    price: Price
    budget_part: Decimal | None = None
    over: Decimal = Decimal(0)
    overage: Decimal = Decimal(0)
    overage_vat: Decimal = Decimal(0)
    replaces: Any = None

    @property
    def overage_gross(self) -> Decimal:
        """What the person bears of it, VAT included."""
        return self.overage + self.overage_vat


@dataclass
class Row:
    """One item of the cart, `quantity` devices of it. `fault`: why it can't be ordered as it stands there."""

    reckoned: Any
    item: CartItem
    price: Price | None
    fault: Reason | None = None
    units: list[Unit] = field(default_factory=list)

    @property
    def category(self):
        return self.item.variant.product.category

    @property
    def hidden(self) -> bool:
        """Whether the reader sees no price of it: their own budget has no limit there."""
        standing = self.reckoned.shelf.standings.get(self.category.pk)
        return bool(standing and standing.allowance.is_unlimited and self.reckoned.is_own)

    @property
    def shut(self) -> Reason | None:
        """Why its category is shut for whomever it is for, or None."""
        return self.reckoned.shut.get(self.category)

    @property
    def was(self) -> Price | None:
        """What it cost when it was put into the cart, where that was something else."""
        now, then = self.price, (self.item.amount, self.item.currency)
        if now is None or then == (now.amount, now.currency):
            return None
        return Price(now.mode, self.item.amount, self.item.currency)

    @property
    def net(self) -> Decimal:
        """What all of it costs: once, or each month."""
        return self.price.amount * self.item.quantity if self.price else Decimal(0)

    @property
    def vat(self) -> Decimal | None:
        """The tax on all of it; None where nobody knows the rate."""
        return None if self.price is None or self.price.vat is None else self.price.vat * self.item.quantity

    @property
    def with_vat(self) -> Decimal:
        """What all of it comes to."""
        return self.net + (self.vat or 0)

    @property
    def over(self) -> Decimal:
        """What of it goes over the budget, net."""
        return sum((unit.over for unit in self.units), Decimal(0))


@dataclass(frozen=True)
class Sum:
    """What rows come to that are paid alike: once, or each month (`months`: how long, where all are as long)."""

    is_monthly: bool
    currency: str
    vat_percent: Decimal | None
    net: Decimal
    vat: Decimal | None
    months: int = 0

    @property
    def gross(self) -> Decimal:
        """With the tax."""
        return self.net + (self.vat or 0)


@dataclass
class Borne:
    """What the budget bears in one category: what is left before and after, what goes over."""

    standing: Any
    taken: Decimal = Decimal(0)
    over: Decimal = Decimal(0)

    @property
    def after(self) -> Decimal | None:
        """What is left of it once this is sent; None where money is no limit."""
        return None if self.standing.left is None else self.standing.left - self.taken

    @property
    def minus(self) -> Decimal:
        """What this takes of it, as the calculation shows it."""
        return -self.taken
