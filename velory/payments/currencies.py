"""Amounts as Stripe counts them: whole numbers of a currency's smallest unit.

Stripe has its own list, which is not ISO's. ISK and UGX have no smaller unit but are sent with two decimals that are
always 00; HUF and TWD can be charged with decimals but are paid out without, so that nobody is charged any; of the
three decimals of KWD and its like the last is always 0.
"""

from decimal import ROUND_HALF_UP, Decimal

NO_DECIMALS = {
    "BIF", "CLP", "DJF", "GNF", "JPY", "KMF", "KRW", "MGA", "PYG", "RWF", "VND", "VUV", "XAF", "XOF", "XPF",
}  # fmt: skip
THREE_DECIMALS = {"BHD", "JOD", "KWD", "OMR", "TND"}
WHOLE_BUT_SENT_WITH_TWO = {"ISK", "UGX", "HUF", "TWD"}
MOST = 99_999_999  # what Stripe takes at once, in the smallest unit

# The least that Stripe takes, in the smallest unit; elsewhere it converts 0.50 US dollars, and says no by itself
LEAST = {
    "SEK": 300, "NOK": 300, "DKK": 250, "EUR": 50, "USD": 50, "GBP": 30, "CHF": 50, "PLN": 200, "CZK": 1500,
    "HUF": 17500, "JPY": 50,
}  # fmt: skip


def places(currency: str) -> int:
    """How many decimals an amount is sent with."""
    if currency.upper() in NO_DECIMALS:
        return 0
    return 3 if currency.upper() in THREE_DECIMALS else 2


def step(currency: str) -> Decimal:
    """The smallest difference between two amounts that can be paid."""
    if currency.upper() in NO_DECIMALS | WHOLE_BUT_SENT_WITH_TWO:
        return Decimal(1)
    return Decimal("0.01")


def payable(amount: Decimal, currency: str) -> Decimal:
    """The amount that can be paid nearest to this one; half a step counts as a whole."""
    return amount.quantize(step(currency), ROUND_HALF_UP)


def to_minor(amount: Decimal, currency: str) -> int:
    """As Stripe counts it. Raises ValueError for an amount that cannot be paid exactly."""
    if not amount.is_finite() or payable(amount, currency) != amount:
        raise ValueError(f"{amount} {currency} cannot be paid exactly.")
    return int(amount.scaleb(places(currency)))


def from_minor(minor: int, currency: str) -> Decimal:
    """As people count it, with as many decimals as the currency has."""
    return (
        Decimal(minor)
        .scaleb(-places(currency))
        .quantize(Decimal(1) if places(currency) == 0 else Decimal(1).scaleb(-places(currency)))
    )


def least(currency: str) -> int:
    """The least that can be paid at once, in the smallest unit."""
    return LEAST.get(currency.upper(), 1)
