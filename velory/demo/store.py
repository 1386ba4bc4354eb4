"""What the sample companies offer and what their people may spend: through the product's own importer and verbs."""

from decimal import Decimal
from pathlib import Path

from django.db import transaction

from assets.models import Category
from orders.budgets.granting import give_by_rules
from orders.models import Allowance, Budget, CatalogueImport, Rule
from orders.prices import Mode
from velory import clock
from velory.people.models import Person, Role

FILES = Path(__file__).parent / "catalogue"
RATE = {"SEK": Decimal(1), "EUR": Decimal("0.09")}
STANDARD = {  # category: (a way to pay, an amount in SEK, devices at once, months)
    "phones": (Mode.MONTHLY, 480, 1, 24), "computers": (Mode.MONTHLY, 620, 1, 36),
    "tablets": (Mode.MONTHLY, 360, 1, 24),
    "screens": (Mode.ONE_OFF, 7000, None, 36), "accessories": (Mode.ONE_OFF, 3500, None, 12),
}  # fmt: skip
BUYERS = {code: (mode, None, quota, months) for code, (mode, _amount, quota, months) in STANDARD.items()}


def open_store(company, say) -> None:
    """The catalogue and the default budget, before people come: so each of them gets it."""
    with transaction.atomic():
        _budget("Standard", company, STANDARD, is_default=True)
        _budget("Purchase managers", company, BUYERS)
    source = FILES / f"{company.slug}.csv"
    an_import = CatalogueImport.begin(source.read_bytes(), source.name, by=None, at=clock.now())
    an_import.apply(by=None, digest=an_import.digest, at=clock.now())
    say(f"Importing the catalogue of {company.name}: " + ", ".join(f"{n} {how}" for how, n in an_import.counts.items()))


def give_by_role(company) -> None:
    """Once people are there: a rule gives the purchase managers a budget of their own."""
    with transaction.atomic():
        budget = Budget.objects.get(name="Purchase managers")
        Rule.objects.get_or_create(budget=budget, role=Role.PURCHASE_MANAGER, defaults={"position": 1})
        give_by_rules(Person.objects.filter(role=Role.PURCHASE_MANAGER), at=clock.now())


def _budget(name, company, gives, **more):
    budget, new = Budget.objects.get_or_create(name=name, defaults={"currency": company.currency} | more)
    for category in Category.objects.filter(code__in=gives) if new else ():
        mode, amount, quota, months = gives[category.code]
        Allowance.objects.create(
            budget=budget, category=category, mode=mode, quota=quota, months=months,
            amount=None if amount is None else round(amount * RATE[company.currency], -1 if amount > 999 else 0),
        )  # fmt: skip
