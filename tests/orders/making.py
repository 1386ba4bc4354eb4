"""Makers of what orders owns."""

from decimal import Decimal

from assets.models import Category
from orders.budgets.granting import give
from orders.models import Allowance, Budget, Product, Variant
from orders.prices import Mode, Price
from tests.making import a_lessor, an_admin, an_integrated_distributor
from velory import clock

_counted = {"articles": 0}


def a_category(code="phones"):
    return Category.objects.get(code=code)


def a_product(name="Apple iPhone 16 128 GB", *, category="phones", variants=True, **facts):
    """An offered product with one variant that can be bought and leased."""
    product = Product.objects.create(
        name=name, category=a_category(category), **{"distributor": an_integrated_distributor()} | facts
    )
    if variants:
        a_variant(product)
    return product


def a_variant(product, **facts):
    """A variant with both prices, unless something else is said."""
    _counted["articles"] += 1
    defaults = {
        "article_number": f"50112{_counted['articles']:05}", "colour": "Black", "storage": "128 GB", "currency": "SEK",
        "price": Decimal("9490.00"), "monthly_price": Decimal("411.23"), "months": 24, "provider": a_lessor(),
        "acquisition_price": Decimal("9490.00"), "residual_percent": Decimal(12),
    }  # fmt: skip
    return Variant.objects.create(product=product, **defaults | facts)


def bought(**facts):
    """What makes a variant one that can only be bought."""
    lease = dict.fromkeys(["monthly_price", "months", "provider", "acquisition_price", "residual_percent"])
    return lease | facts


def a_budget(name="Standard", *, currency="SEK", is_default=False, **allowances):
    """A budget: `phones=(amount, quota, months, mode)`; phones of 10,000 SEK every 24 months if nothing is said."""
    budget = Budget.objects.create(name=name, currency=currency, is_default=is_default)
    for code, (amount, quota, months, mode) in (allowances or {"phones": (10000, 1, 24, Mode.ONE_OFF)}).items():
        Allowance.objects.create(
            budget=budget, category=a_category(code), quota=quota, months=months, mode=mode,
            amount=None if amount is None else Decimal(amount),
        )  # fmt: skip
    return budget


def given(person, budget, *, at=None, by=None):
    """A person who has a budget by hand."""
    give(person, budget, by=by or an_admin(), at=at or clock.now())
    return person


def a_price(amount, mode=Mode.ONE_OFF, currency="SEK"):
    return Price(mode, Decimal(str(amount)), currency)
