"""Amounts as Stripe counts them, and back, to the last unit."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from velory.payments.currencies import from_minor, payable, places, step, to_minor

pytestmark = pytest.mark.nowhere

PAIRS = [
    ("1667.25", "SEK", 166725), ("0.01", "EUR", 1), ("1500", "JPY", 1500), ("990000", "KRW", 990000),
    ("1", "CLP", 1), ("5000", "ISK", 500000), ("5", "UGX", 500), ("1990", "HUF", 199000), ("300", "TWD", 30000),
    ("12.340", "KWD", 12340), ("12.34", "BHD", 12340), ("999999.99", "USD", 99999999),
]  # fmt: skip
CURRENCIES = sorted({currency for _amount, currency, _minor in PAIRS} | {"XAF", "TND", "NOK", "DKK", "PLN"})


@pytest.mark.parametrize(("amount", "currency", "minor"), PAIRS)
def test_an_amount_is_the_same_to_stripe_and_back(amount, currency, minor):
    assert to_minor(Decimal(amount), currency) == minor
    assert to_minor(Decimal(amount), currency.lower()) == minor
    assert from_minor(minor, currency) == Decimal(amount)


@pytest.mark.parametrize(("amount", "currency"), [
    ("0.001", "SEK"), ("1.5", "JPY"), ("0.01", "ISK"), ("0.50", "HUF"), ("1.234", "KWD"), ("NaN", "SEK"),
    ("Infinity", "EUR"), ("-0.001", "EUR"),
])  # fmt: skip
def test_what_cannot_be_paid_exactly_is_refused_not_rounded(amount, currency):
    with pytest.raises(ValueError, match="cannot be paid"):
        to_minor(Decimal(amount), currency)


@pytest.mark.parametrize(("amount", "currency", "rounded"), [
    ("1667.255", "SEK", "1667.26"), ("1667.245", "SEK", "1667.25"), ("1500.5", "JPY", "1501"),
    ("1500.49", "JPY", "1500"),    ("12.345", "KWD", "12.35"), ("0.5", "ISK", "1"),
])  # fmt: skip
def test_what_is_worked_out_is_rounded_once_half_upwards(amount, currency, rounded):
    assert payable(Decimal(amount), currency) == Decimal(rounded)


@given(st.sampled_from(CURRENCIES), st.integers(1, 10**9))
def test_whatever_can_be_paid_survives_the_way_there_and_back(currency, steps):
    amount = step(currency) * steps
    assert from_minor(to_minor(amount, currency), currency) == amount
    assert to_minor(amount, currency) % (10 if places(currency) == 3 else 1) == 0


@given(st.sampled_from(CURRENCIES), st.decimals(0, 10**7, places=6))
def test_rounding_moves_an_amount_by_half_a_step_at_most(currency, amount):
    assert abs(payable(amount, currency) - amount) <= step(currency) / 2
