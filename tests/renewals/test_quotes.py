"""What a buy-out costs is a sum that a person can follow, worked out in Decimals and kept as it was promised."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from assets.models import Category
from renewals import sums
from renewals.models import Depreciation, Policy, Quote
from renewals.quotes import price_on, quote_for, quote_shown
from renewals.terms import terms_of
from tests.making import a_device, a_person, an_admin, an_external_device
from tests.renewals.making import a_leased_device_at_its_final_stage, a_one_off_device_in_its_window
from velory import clock
from velory.journal.reason import Reason


def policy(**terms):
    Policy.objects.update_or_create(pk=1, defaults=terms)


def falls(months=36, floor_percent=10, category="phones"):
    Depreciation.objects.update_or_create(
        category=Category.objects.get(code=category), defaults={"months": months, "floor_percent": floor_percent}
    )


def an_own_phone(**facts):
    falls()
    bought = {"purchase_price": Decimal("12000.00"), "purchased_on": date(2024, 12, 14)}
    return a_one_off_device_in_its_window(**bought | facts)


def price(device):
    return price_on(device, terms_of(device))


def in_lines(price):
    return [(line.label, line.how, line.amount.replace("\N{NO-BREAK SPACE}", " ")) for line in price.lines]


# Leased: acquisition price × residual percent, the fee, VAT


def test_a_leased_price_can_be_followed():
    policy(service_fee=Decimal("195.00"))
    device = a_leased_device_at_its_final_stage()
    device.contract.starts_on = date(2024, 12, 14)

    with translation.override("en"):
        assert in_lines(price(device)) == [
            ("Acquisition price", "When the lease began, 14 Dec 2024", "9,490.00 SEK"),
            ("Residual value, 12 %", "9,490.00 × 12 %, agreed with 3 Step IT", "1,138.80 SEK"),
            ("+ Service fee", "", "195.00 SEK"),
            ("Price before VAT", "", "1,333.80 SEK"),
            ("+ VAT, 25 %", "", "333.45 SEK"),
            ("You pay", "", "1,667.25 SEK"),
        ]
    assert price(device).total == Decimal("1667.25")


def test_the_contracts_own_percent_goes_before_the_terms():
    policy(residual_percent=Decimal(20))
    device = a_leased_device_at_its_final_stage()
    assert price(device).net == Decimal("1138.80")

    device.contract.residual_percent = None
    assert price(device).net == Decimal("1898.00")


def test_what_is_missing_in_a_lease_is_said_with_who_sets_it():
    device = a_leased_device_at_its_final_stage()
    with translation.override("en"):
        device.contract.residual_percent = None
        assert "residual percent is missing" in str(price(device))
        device.contract.acquisition_price = None
        assert "acquisition price and the residual percent are missing" in str(price(device))
        device.contract.residual_percent = Decimal(12)
        assert "acquisition price is missing" in str(price(device))
    assert price(device).code == "price_missing"
    assert price(device).who


def test_a_percent_that_is_set_later_fills_a_gap_in_what_was_promised():
    """Nothing was promised where nothing was set."""
    from renewals.terms import keep_what_was_promised

    device = a_leased_device_at_its_final_stage()
    device.contract.residual_percent = None
    device.contract.save()
    keep_what_was_promised(at=clock.now())
    policy(residual_percent=Decimal(20))

    assert price(device).net == Decimal("1898.00")


def test_a_fee_in_another_currency_than_the_lease_is_not_added_up():
    device = a_leased_device_at_its_final_stage()
    device.contract.currency = "EUR"
    assert price(device).currency == "EUR"

    policy(service_fee=Decimal(195))
    assert price(device).code == "two_currencies"


# One-off: the purchase price, less what it has lost


def test_an_own_devices_price_can_be_followed():
    device = an_own_phone(purchased_on=date(2024, 12, 14))  # 24 of 36 months at its renewal date

    with translation.override("en"):
        assert in_lines(price(device)) == [
            ("Purchase price", "Bought on 14 Dec 2024", "12,000.00 SEK"),
            (
                "− Depreciation, 24 of 36 months",
                "12,000.00 × 90 % × 24 ÷ 36: down to 10 %, by its age on 14 Dec 2026",
                "7,200.00 SEK",
            ),
            ("Price before VAT", "", "4,800.00 SEK"),
            ("+ VAT, 25 %", "", "1,200.00 SEK"),
            ("You pay", "", "6,000.00 SEK"),
        ]


def test_it_falls_to_the_floor_and_no_lower():
    assert price(an_own_phone(purchased_on=date(2023, 12, 14))).net == Decimal("1200.00")
    assert price(an_own_phone(purchased_on=date(2015, 1, 1))).net == Decimal("1200.00")


def test_the_price_is_the_same_from_the_first_day_of_the_stage_to_long_after_it(at):
    device = an_own_phone()
    before = price(device)
    at("2027-06-01T08:00")
    assert price(device) == before


def test_what_is_missing_of_an_own_device_is_said():
    with translation.override("en"):
        assert "purchase price and the purchase date" in str(price(a_one_off_device_in_its_window()))
        assert "purchase date is missing" in str(price(a_one_off_device_in_its_window(purchase_price=Decimal(5))))
        device = a_one_off_device_in_its_window(purchase_price=Decimal(5000), purchased_on=date(2024, 1, 1))
        assert "how the worth of phones falls" in str(price(device))


# A custom price wins; some prices can't be paid


def test_a_price_set_by_an_admin_wins():
    for device in (an_own_phone(buyout_price=Decimal("800.00")), a_leased_device_at_its_final_stage()):
        device.buyout_price = Decimal("800.00")
        assert (price(device).basis, price(device).total) == ("custom", Decimal("1000.00"))


@pytest.mark.parametrize(
    ("net", "vat_percent", "payable"),
    [
        ("0", "25", False),
        ("2.39", "25", False),
        ("2.40", "25", True),
        ("800000", "25", False),
        ("799999.99", "25", True),
    ],
)
def test_a_price_that_no_card_can_pay_is_a_reason(net, vat_percent, payable):
    policy(vat_percent=Decimal(vat_percent))
    found = price(an_own_phone(buyout_price=Decimal(net)))
    assert isinstance(found, Reason) is not payable
    if not payable:
        assert found.code == "price_not_payable"


def test_an_external_device_has_no_price_here():
    assert price(an_external_device(a_person(), renewal_on=date(2026, 12, 1))).code == "other_path"


# Currencies and VAT


@pytest.mark.parametrize(
    ("currency", "net", "vat", "total"),
    [("SEK", "1138.80", "284.70", "1423.50"), ("EUR", "1138.80", "284.70", "1423.50"), ("JPY", "1139", "285", "1424"),
     ("ISK", "1139", "285", "1424"), ("KWD", "1138.80", "284.70", "1423.50")],
)  # fmt: skip
def test_amounts_have_the_decimals_of_their_currency(currency, net, vat, total):
    device = a_leased_device_at_its_final_stage()
    device.contract.currency = currency
    found = price(device)
    assert [str(found.net), str(found.vat), str(found.total)] == [net, vat, total]


def test_half_is_rounded_up():
    assert sums.rounded(Decimal("0.125"), "SEK") == Decimal("0.13")
    assert sums.rounded(Decimal("0.5"), "JPY") == Decimal(1)
    assert sums.rounded(Decimal("2.5"), "JPY") == Decimal(3)


def test_vat_is_the_countrys_unless_the_company_says_otherwise(saimaa, nordvik):
    device = an_own_phone()
    assert price(device).vat_percent == 25
    policy(vat_percent=Decimal(6))
    assert price(device).vat_percent == 6
    policy(vat_percent=None)
    connection.tenant.country = "FI"
    try:
        assert price(device).vat_percent == Decimal("25.5")
        connection.tenant.country = "ZZ"
        assert price(device).code == "price_missing"
    finally:
        connection.tenant.country = "SE"


# What is always so


amounts = st.decimals(min_value=0, max_value=900_000, places=2)
percents = st.decimals(min_value=0, max_value=100, places=2)
currencies = st.sampled_from(["SEK", "EUR", "JPY", "ISK", "KWD", "USD"])


@given(amounts, percents, amounts, percents, currencies)
@pytest.mark.nowhere
def test_a_leased_sum_adds_up_line_by_line(acquisition, percent, fee, vat, currency):
    found = sums.leased(
        currency=currency, acquisition_price=acquisition, residual_percent=percent, fee=fee, vat_percent=vat
    )
    added = [Decimal(step["amount"]) for step in found.steps if step["code"] in {"residual", "fee"}]
    assert sum(added) == found.net
    assert found.net + found.vat == found.total
    assert all(part == sums.rounded(part, currency) for part in (found.net, found.vat, found.total, *added))
    assert found.net >= 0


@given(amounts, percents, st.integers(1, 240), st.integers(0, 400), st.integers(0, 60), currencies)
@pytest.mark.nowhere
def test_an_own_device_never_gains_and_never_falls_below_its_floor(bought, floor, months, age, more, currency):
    def worth(age):
        as_of = date(2000 + age // 12, 1 + age % 12, 15)
        return sums.one_off(
            currency=currency, purchase_price=bought, purchased_on=date(2000, 1, 15), as_of=as_of, months=months,
            floor_percent=floor, vat_percent=Decimal(25),
        )  # fmt: skip

    now, later = worth(age), worth(age + more)
    smallest = sums.smallest(currency)
    assert sum(Decimal(step["amount"]) for step in now.steps) == now.net
    assert later.net <= now.net <= sums.rounded(bought, currency)
    assert abs(worth(months).net - bought * floor / 100) <= 2 * smallest
    assert now.net >= worth(months).net


@given(st.dates(date(2000, 1, 1), date(2060, 1, 1)), st.integers(0, 400))
@pytest.mark.nowhere
def test_months_are_whole_and_counted_from_the_first_day(since, days):
    from datetime import timedelta

    from dateutil.relativedelta import relativedelta

    until = since + timedelta(days=days)
    number = sums.whole_months(since, until)
    assert since + relativedelta(months=number) <= until < since + relativedelta(months=number + 1)


# A quote is the sum as it was promised


def test_a_quote_stands_while_it_is_valid_and_nothing_has_changed(at):
    device = a_leased_device_at_its_final_stage()
    first = quote_for(device, at=clock.now())
    assert (first.total, first.currency, first.basis) == (Decimal("1423.500"), "SEK", "leased")
    assert first.valid_until == date(2026, 12, 6)
    assert first.made_at == clock.now()

    at("2026-12-06T23:00")
    assert quote_for(device, at=clock.now()) == first
    at("2026-12-07T00:01")
    assert quote_shown(device, at=clock.now()).pk is None
    second = quote_for(device, at=clock.now())
    assert second != first
    assert second.valid_until == date(2026, 12, 21)


def test_a_new_quote_is_made_when_what_went_in_has_changed():
    device = a_leased_device_at_its_final_stage()
    first = quote_for(device, at=clock.now())
    device.edit(by=an_admin(), contract={"acquisition_price": Decimal("9000.00")}, facts={})
    second = quote_for(device, at=clock.now())

    assert second != first
    assert Quote.objects.get(pk=first.pk).total == Decimal("1423.500")
    assert second.total == Decimal("1350.000")


def test_the_terms_of_the_day_on_which_it_opened_hold_for_its_price():
    from renewals.terms import keep_what_was_promised

    policy(service_fee=Decimal(100))
    device = a_leased_device_at_its_final_stage()
    before = quote_for(device, at=clock.now())
    keep_what_was_promised(at=clock.now())
    policy(service_fee=Decimal(900), quote_valid_days=3)

    assert quote_for(device, at=clock.now()) == before


def test_looking_at_a_price_writes_nothing():
    device = a_leased_device_at_its_final_stage()
    with CaptureQueriesContext(connection) as asked:
        shown = quote_shown(device, at=clock.now())
    assert shown.pk is None
    assert not Quote.objects.exists()
    assert not [query for query in asked if query["sql"].startswith(("INSERT", "UPDATE"))]


def test_a_quote_is_read_as_the_sum_that_it_was():
    quote = quote_for(a_leased_device_at_its_final_stage(), at=clock.now())
    stored = Quote.objects.get(pk=quote.pk)
    with translation.override("sv"):
        assert in_lines(stored) == in_lines(price(stored.device))
    assert stored.fingerprint == price(stored.device).fingerprint == "1423.5 SEK"


def test_a_device_whose_lease_is_closed_is_priced_as_the_companys_own():
    device = a_device(a_person(), leased=True, renewal_on=date(2026, 12, 14))
    device.contract.closed_on = date(2026, 11, 1)
    device.contract.save()
    assert price(device).code == "price_missing"
