"""Makers of what orders owns."""

import io
from decimal import Decimal

from PIL import Image

from assets.models import Category
from orders.budgets.granting import give
from orders.models import Allowance, Budget, CatalogueImport, Product, Rule, Variant
from orders.pictures import add_picture
from orders.prices import Mode, Price
from tests.making import a_lessor, a_location, an_admin, an_integrated_distributor
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


def a_rule(budget, **whom):
    """A rule that gives a budget; to people in Stockholm if nothing is said."""
    return Rule.objects.create(budget=budget, position=Rule.objects.count() + 1, **whom or {"location": a_location()})


def image_bytes(form="PNG", size=(80, 60), **more):
    """The bytes of a picture."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, form, **more)
    return out.getvalue()


def a_picture(product, *, by=None):
    return add_picture(product, image_bytes(), by=by or an_admin(), at=clock.now())


HEADINGS = "distributor,article_number,product_name,category,colour,storage,price,monthly_price,months,leasing_provider"


def a_catalogue_import(*rows, by=None, headings=HEADINGS):
    """An import that is ready to apply."""
    an_integrated_distributor()
    a_lessor()
    text = "\n".join([headings, *(rows or ("Dustin,5011,Fairphone 5,phones,Black,256 GB,5490,,,",))])
    return CatalogueImport.begin(text.encode(), "catalogue.csv", by=by or an_admin(), at=clock.now())
