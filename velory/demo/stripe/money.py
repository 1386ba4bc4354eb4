"""Currencies as Stripe counts them: in the smallest unit, some without decimals, each with a smallest amount."""

import re
from decimal import Decimal

from babel.numbers import format_currency

from velory.demo.stripe.errors import StripeError

NO_DECIMALS = frozenset(
    ["bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "vnd", "vuv", "xaf", "xof", "xpf"]
)
THREE_DECIMALS = frozenset(["bhd", "jod", "kwd", "omr", "tnd"])
WHOLE_ONES_ONLY = frozenset({"isk", "ugx"})  # counted in hundredths, but hundredths cannot be charged
LEAST = {
    "usd": 50, "eur": 50, "gbp": 30, "chf": 50, "sek": 300, "nok": 300, "dkk": 250, "pln": 200, "czk": 1500,
    "huf": 17500, "ron": 200, "bgn": 100, "jpy": 50, "aud": 50, "cad": 50, "nzd": 50, "sgd": 50, "hkd": 400,
    "inr": 50, "brl": 50, "mxn": 1000, "myr": 200, "thb": 1000, "aed": 200, "isk": 10000,
}  # fmt: skip
OTHERS = frozenset([
    "ars", "bam", "bwp", "cop", "crc", "egp", "gel", "ils", "idr", "kes", "kzt", "mad",
    "mkd", "php", "qar", "rsd", "sar", "try", "twd", "tzs", "uah", "uyu", "zar",
])  # fmt: skip
KNOWN = frozenset(LEAST) | NO_DECIMALS | THREE_DECIMALS | WHOLE_ONES_ONLY | OTHERS
MOST = 99_999_999


def currency(value, name):
    """A currency, as a kind of parameter."""
    if not isinstance(value, str) or value.lower() not in KNOWN:
        raise StripeError(
            f"Invalid currency: {value}. Stripe currently supports these currencies: {', '.join(sorted(KNOWN))}",
            param=name,
        )
    return value.lower()


def decimals(currency: str) -> int:
    """How many decimals the amounts on the wire have."""
    return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def check_total(amount: int, currency: str, param: str) -> None:
    """Refuse an amount that cannot be charged."""
    if amount < LEAST.get(currency, 1):
        least = shown(LEAST.get(currency, 1), currency, "en")
        raise StripeError(f"Amount must be at least {least}", code="amount_too_small", param=param)
    if amount > MOST:
        raise StripeError(
            f"Amount must be no more than {shown(MOST, currency, 'en')}", code="amount_too_large", param=param
        )
    if currency in WHOLE_ONES_ONLY and amount % 100:
        raise StripeError(f"Invalid amount: {currency} has no decimals, so it must be divisible by 100.", param=param)
    if currency in THREE_DECIMALS and amount % 10:
        raise StripeError(f"Invalid amount: in {currency} the last digit must be 0.", param=param)


def shown(amount: int, currency: str, language: str) -> str:
    """An amount as a person reads it."""
    places = decimals(currency)
    value = Decimal(amount).scaleb(-places)
    places = 0 if currency in WHOLE_ONES_ONLY else places
    words = format_currency(round(value, places), currency.upper(), locale=language, currency_digits=True)
    return re.sub(r"(?<=[A-Z]{3})(?=\d)", "\xa0", words)


def fee(amount: int) -> int:
    """What Stripe keeps of a charge: 1.5 % and a little."""
    return amount * 15 // 1000 + 20
