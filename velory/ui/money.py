"""Amounts in words: 1,667.25 SEK in English, 1 667,25 kr in Swedish, never broken over two lines."""

from decimal import Decimal

from babel.numbers import format_currency
from django.utils.translation import get_language

CODE_AFTER = "#,##0.00\N{NO-BREAK SPACE}¤¤"


def money(amount: Decimal | None, currency: str) -> str:
    """An amount with as many decimals as its currency has; nothing where there is none."""
    if amount is None:
        return ""
    if (get_language() or "en").startswith("sv"):
        text = format_currency(amount, currency, locale="sv_SE")
    else:
        text = format_currency(amount, currency, CODE_AFTER, locale="en_GB")
    return text.replace(" ", "\N{NO-BREAK SPACE}")
