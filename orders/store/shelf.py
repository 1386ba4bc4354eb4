"""What a person sees in the store: what is offered, in the terms of their budget, and where it is shut."""

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from assets.gate import gates
from assets.models import Category
from orders.budgets.standing import Standing, grant_of, standings_of
from orders.models import Product, StoreSettings
from orders.prices import Mode, Price


class Shelf:
    """The store for one person on one day, as `reader` sees it: the person, or somebody who orders for them.

    Without a person it is a space's or the company's own: no budget counts anything, and nothing is shut.
    """

    def __init__(self, person, *, today, reader=None):
        self.person, self.today = person, today
        self.is_own = reader is None or reader == person
        self.by_an_admin = not self.is_own and reader.is_admin
        self.grant = grant_of(person) if person else None

    @cached_property
    def standings(self) -> dict[int, Standing]:
        """How the person's budget stands, by category."""
        found = standings_of(self.person, self.grant, today=self.today)
        return {standing.allowance.category_id: standing for standing in found}

    @cached_property
    def gates(self) -> list[tuple]:
        """Every category in which something is offered, with the reason why it is shut, or None."""
        offered = set(self.products.values_list("category", flat=True))
        categories = [category for category in Category.objects.order_by("pk") if category.pk in offered]
        if self.person is None:
            return [(category, None) for category in categories]
        return gates(self.person, categories, today=self.today)

    @cached_property
    def shut(self) -> dict[int, Any]:
        """Why a category is shut, by category; those that are open are not there."""
        return {category.pk: why for category, why in self.gates if why}

    @cached_property
    def settings(self) -> StoreSettings:
        """How the company's store works."""
        return StoreSettings.here()

    @cached_property
    def vat(self) -> Decimal | None:
        """The rate of the company, in percent."""
        return self.settings.vat

    @property
    def products(self):
        """What the company offers."""
        return Product.objects.offered()

    def place(self, product) -> "Placed":
        """A product as the person sees it."""
        return Placed(self, product)

    def mode_in(self, category_id: int) -> str:
        """In which way the person's budget pays in a category; empty where it says nothing."""
        standing = self.standings.get(category_id)
        return standing.allowance.mode if standing else ""


@dataclass
class Placed:
    """A product on the shelf of one person."""

    shelf: Shelf
    product: Any

    @cached_property
    def standing(self) -> Standing | None:
        """How the budget stands in its category; None where the person has none that says something."""
        return self.shelf.standings.get(self.product.category_id)

    @property
    def shut(self):
        """Why the person may not order in its category now, or None."""
        return self.shelf.shut.get(self.product.category_id)

    @property
    def hides_prices(self) -> bool:
        """Where money is no limit, its people see no prices (spec 3)."""
        return bool(self.standing and self.standing.allowance.is_unlimited and self.shelf.is_own)

    @cached_property
    def choices(self) -> list["Choice"]:
        """Its variants that the person can have, each with its prices in the way in which their budget pays."""
        mode = self.shelf.mode_in(self.product.category_id)
        found = [
            Choice(self, variant, [p for p in variant.prices(self.shelf.vat) if not mode or p.mode == mode])
            for variant in self.product.living_variants
        ]
        return [choice for choice in found if choice.prices]

    @property
    def is_for_them(self) -> bool:
        """Whether any variant can be had in the way in which their budget pays."""
        return bool(self.choices)

    @property
    def only(self) -> str:
        """The one thing that can be put into a cart, as the form names it; empty where there is something to choose."""
        found = [choice.named(price) for choice in self.choices for price in choice.prices]
        return found[0] if len(found) == 1 else ""

    @property
    def cheapest(self) -> Price | None:
        """The lowest price: what is paid once first, where both ways are open."""
        prices = [price for choice in self.choices for price in choice.prices]
        once = [price for price in prices if price.mode == Mode.ONE_OFF] or prices
        return min(once, key=lambda price: price.amount, default=None)

    @property
    def has_several_prices(self) -> bool:
        """Whether the cheapest is a price among others of its kind."""
        kind = self.cheapest and self.cheapest.mode
        return len({p.amount for choice in self.choices for p in choice.prices if p.mode == kind}) > 1

    @property
    def fits(self) -> bool:
        """Whether the cheapest lies within what is left of their budget."""
        return bool(self.standing and self.cheapest and self.compares and not self.over)

    @property
    def compares(self) -> bool:
        """Whether price and budget are in the same currency."""
        return bool(self.standing and self.cheapest and self.cheapest.currency == self.standing.currency)

    @property
    def over(self) -> Decimal:
        """By how much the cheapest goes over what is left."""
        return self.standing.over(self.cheapest) if self.standing and self.cheapest else Decimal(0)

    @property
    def who_bears(self) -> str:
        """Who pays for what goes over the budget, or that nobody may, and who can change that."""
        settings, monthly = self.shelf.settings, self.cheapest is not None and self.cheapest.is_monthly
        if self.shelf.by_an_admin:
            return _("What goes over is the company's own.")
        if not self.shelf.is_own:
            return _("Only an admin can order what goes over it.")
        card = settings.personal_card and not monthly
        if settings.salary_deduction and card:
            return _("You can pay what goes over from your salary or with a card of your own, VAT included.")
        if settings.salary_deduction:
            return _("What goes over can be deducted from your salary, VAT included.")
        if card:
            return _("You can pay what goes over with a card of your own, VAT included.")
        return _("Your company does not let you pay the rest. Who can change that: an admin.")

    @property
    def about(self) -> str:
        """A line below its name: the colours, or the one there is."""
        colours = list(dict.fromkeys(choice.variant.colour for choice in self.choices if choice.variant.colour))
        return colours[0] if len(colours) == 1 else ""

    @property
    def colours(self) -> int:
        """In how many colours it comes."""
        return len({choice.variant.colour for choice in self.choices if choice.variant.colour})


@dataclass
class Choice:
    """One variant on the shelf."""

    placed: Placed
    variant: Any
    prices: list[Price]

    def named(self, price: Price) -> str:
        """How a form names it, had in one way."""
        return f"{self.variant.ref}/{price.mode}"

    @property
    def told(self) -> list[tuple[Price, Decimal, str]]:
        """Each price with how much it goes over what is left, and how a form names it."""
        standing = self.placed.standing
        return [(price, standing.over(price) if standing else Decimal(0), self.named(price)) for price in self.prices]
