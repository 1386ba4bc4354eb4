"""The whole calculation of a cart: what each device costs, what the budget bears, what goes over and who bears that.

The checkout page shows it, and sending does it once more under lock; the digest tells whether both are the same.
"""

import hashlib
import json
from datetime import date
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from assets.gate import may_order, quotas_of
from orders.models import Cart, CartItem
from orders.overage.card import card_shut
from orders.prices import Mode, rounded
from orders.store.carts import MOST, items_of, mixed, wanted_in
from orders.store.receivers import may_order_for, name_of
from orders.store.replaced import Previous, previous_of
from orders.store.rows import Borne, Row, Sum, Unit
from orders.store.shelf import Shelf
from velory.journal.reason import Reason
from velory.people.models import Person


class Reckoning:
    """A cart as it would be ordered today, by whom it belongs to; `items` where they were read already."""

    def __init__(self, cart: Cart, *, by, today: date, items: list[CartItem] | None = None):
        self.cart, self.by, self.today = cart, by, today
        self.receiver = cart.receiver
        self.person = self.receiver if isinstance(self.receiver, Person) else None
        self.shelf = Shelf(self.person, today=today, reader=by)
        self.borne: dict[int, Borne] = {}
        self.rows = [self._row(item) for item in (items_of(cart) if items is None else items)]
        self._replace()

    # Line by line

    def _row(self, item) -> Row:
        price = item.variant.price_in(item.mode, self.shelf.vat)
        row = Row(self, item, price)
        row.fault = self._fault(item, price)
        if row.fault is None and price is not None:
            row.units = [self._unit(row, price) for _number in range(item.quantity)]
        return row

    def _fault(self, item, price) -> Reason | None:
        distributor = item.variant.product.distributor
        if item.variant.archived_at or not (distributor.distributes and distributor.integrated):
            return Reason("archived", _("It is not offered any more. Remove it."))
        if price is None:
            return Reason("mode", _("It can't be had that way any more. Remove it and choose again."))
        standing = self.shelf.standings.get(item.variant.product.category_id)
        if standing and standing.allowance.mode != item.mode:
            paid: dict[str, str] = {
                Mode.MONTHLY: _("The budget pays by the month here."),
                Mode.ONE_OFF: _("The budget pays once here."),
            }
            return Reason("mode", paid[standing.allowance.mode] + " " + _("Remove it and choose again."))
        if standing and standing.left is not None and standing.currency != price.currency:
            text = _("The budget is in %(budget)s, and this costs %(price)s. An admin can change that.")
            return Reason("currency", text % {"budget": standing.currency, "price": price.currency}, who=_("an admin"))
        return None

    def _unit(self, row, price) -> Unit:
        unit = Unit(row, price)
        standing = self.shelf.standings.get(row.category.pk)
        if standing is None:
            return unit
        borne = self.borne.setdefault(row.category.pk, Borne(standing))
        unit.budget_part = price.amount if borne.after is None else min(price.amount, borne.after)
        unit.over = price.amount - unit.budget_part
        borne.taken += unit.budget_part
        borne.over += unit.over
        if self.borne_by_the_person:
            unit.overage = unit.over
            unit.overage_vat = rounded(unit.over * (price.vat_percent or 0) / 100, price.currency)
        return unit

    def _replace(self):
        free = {pk: [p.device for p in found if p.is_leaving] for pk, found in self.previous.items()}
        for unit in self.units:
            if left := free.get(unit.row.category.pk):
                unit.replaces = left.pop(0)

    @cached_property
    def previous(self) -> dict[int, list[Previous]]:
        """What the person has of the categories that they order in and is on its way out, or leased."""
        return previous_of(self.person, {row.category.pk for row in self.rows}, today=self.today)

    # In all

    @property
    def units(self) -> list[Unit]:
        """Every device, in the order in which it was put into the cart."""
        return [unit for row in self.rows for unit in row.units]

    @property
    def currency(self) -> str:
        return next((row.price.currency for row in self.rows if row.price), "")

    @property
    def wanted(self) -> dict:
        """How many devices of each category."""
        return wanted_in([row.item for row in self.rows])

    @property
    def number(self) -> int:
        """How many devices."""
        return sum(row.item.quantity for row in self.rows)

    @property
    def sums(self) -> list[Sum]:
        """What it comes to, once and by the month, of what the reader sees prices of."""
        found = []
        for mode in Mode.values:
            rows = [row for row in self.rows if row.units and row.price and row.price.mode == mode and not row.hidden]
            if rows:
                found.append(_sum_of(rows))
        return found

    @property
    def hides_any(self) -> bool:
        """Whether something has a price that the reader does not see."""
        return any(row.hidden for row in self.rows)

    @property
    def overages(self) -> list[Sum]:
        """What the person bears, once and by the month: by its months, for a lease ends when it ends."""
        kinds = sorted({(unit.price.is_monthly, unit.price.months) for unit in self.units if unit.overage})
        return [self._overage(*kind) for kind in kinds]

    def _overage(self, is_monthly, months):
        units = [u for u in self.units if (u.price.is_monthly, u.price.months) == (is_monthly, months)]
        net = sum((unit.overage for unit in units), Decimal(0))
        vat = sum((unit.overage_vat for unit in units), Decimal(0))
        return Sum(is_monthly, self.currency, units[0].price.vat_percent, net, vat, months)

    @property
    def companys_part(self) -> list[Sum]:
        """What goes over and is the company's own, once and by the month."""
        over = [(mode, [u for u in self.units if u.over and u.price.mode == mode]) for mode in Mode.values]
        return [
            Sum(mode == Mode.MONTHLY, self.currency, None, sum((u.over for u in units), Decimal(0)), None)
            for mode, units in over
            if units and self.borne_by_the_company
        ]

    @property
    def replaced(self) -> list[Previous]:
        """What the person has and this may take the place of, whatever its category."""
        wanted = {row.category.pk for row in self.rows}
        return [previous for pk in sorted(wanted) for previous in self.previous.get(pk, [])]

    @property
    def distributors(self) -> list:
        """Whom it is ordered from, each once."""
        return list(dict.fromkeys(row.item.variant.product.distributor for row in self.rows))

    @property
    def is_own(self) -> bool:
        """Whether somebody orders for themselves."""
        return self.receiver == self.by

    @property
    def name(self) -> str:
        """For whom it is."""
        return name_of(self.cart)

    # What goes over

    @property
    def borne_by_the_person(self) -> bool:
        """Nobody but the person can say that they pay: of what others order for them they bear nothing."""
        return self.is_own

    @property
    def borne_by_the_company(self) -> bool:
        """What an admin orders for somebody else and goes over their budget is the company's own."""
        return self.by.is_admin and not self.is_own

    @property
    def is_over(self) -> bool:
        """Whether anything goes over the budget."""
        return any(unit.over for unit in self.units)

    @property
    def counted(self) -> list[Borne]:
        """How each budget with a limit stands before and after."""
        return [borne for borne in self.borne.values() if borne.standing.left is not None]

    @property
    def is_within_budget(self) -> bool:
        """Whether the budget bears all of it."""
        return all(unit.budget_part is not None and not unit.over for unit in self.units)

    @property
    def to_pay(self) -> Decimal:
        """What the person pays once, VAT included."""
        return sum((u.overage_gross for u in self.units if not u.price.is_monthly), Decimal(0))

    @cached_property
    def ways(self) -> dict[str, Reason | None]:
        """How the person may bear what goes over: each way that the company allows, or why it is shut here."""
        if not (self.is_over and self.borne_by_the_person):
            return {}
        settings = self.shelf.settings
        found: dict[str, Reason | None] = {}
        if settings.salary_deduction:
            found["salary"] = None
        if settings.personal_card:
            monthly = any(unit.over and unit.price.is_monthly for unit in self.units)
            text = _("A card pays once, and this is paid by the month.")
            found["card"] = Reason("monthly", text) if monthly else card_shut(self.to_pay, self.currency)
        return found

    @property
    def over_budget(self) -> Reason | None:
        """Why it can't be sent: it goes over the budget, and nobody may bear that."""
        if not self.is_over or self.borne_by_the_company or any(why is None for why in self.ways.values()):
            return None
        if not self.is_own:
            text = _("It goes over the budget of %(person)s. Only they can say that they pay, or an admin orders it.")
            return Reason("over_budget", text % {"person": self.receiver}, who=_("an admin"))
        shut = next((why for why in self.ways.values() if why), None)
        if shut:
            return Reason(
                "over_budget", _("It goes over your budget.") + " " + shut.text, who=shut.who or _("an admin")
            )
        text = _("It goes over your budget, and your company does not let you pay the rest.")
        return Reason("over_budget", text, who=_("an admin"))

    # What stands against it

    @cached_property
    def shut(self) -> dict:
        """Why a category is shut for the person, for as many as they want; those that are open are not there."""
        if self.person is None or not self.rows:
            return {}
        quotas = quotas_of(self.person)
        asked = (
            (c, may_order(self.person, c, today=self.today, quotas=quotas, wanting=n)) for c, n in self.wanted.items()
        )
        return {category: why for category, why in asked if why}

    @property
    def against(self) -> Reason | None:
        """Why it can't be sent as it stands, besides a shut category; None where nothing is in the way."""
        if not may_order_for(self.by, self.receiver) or (self.person and not self.person.works_on(self.today)):
            return Reason("not_theirs", _("You can't order for %s. Choose somebody else.") % self.name)
        if self.number > MOST:
            return Reason("quantity", _("A request holds %d devices at most. Send several.") % MOST)
        currencies = sorted({row.price.currency for row in self.rows if row.price})
        if len(currencies) > 1:
            return mixed(currencies[0], currencies[1])
        return next((row.fault for row in self.rows if row.fault), None) or self.over_budget

    @property
    def can_be_sent(self) -> bool:
        """Whether nothing at all stands against it."""
        return bool(self.rows) and not self.against and not self.shut

    @cached_property
    def digest(self) -> str:
        """What was shown, in short: whoever sends it agrees to this and to nothing else."""
        said: list[list] = [[self.cart.for_company, self.cart.space_id, self.cart.person_id]]
        for row in self.rows:
            price = row.price
            said.append([row.item.pk, row.item.quantity, row.item.mode])
            said.append([str(price.amount), price.currency, price.months, str(price.vat_percent)] if price else [])
            said.extend([str(u.budget_part), str(u.overage), str(u.overage_vat), u.replaces and u.replaces.pk]
                        for u in row.units)  # fmt: skip
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def _sum_of(rows) -> Sum:
    price = rows[0].price
    vats = [row.vat for row in rows]
    vat = None if None in vats else sum(vats, Decimal(0))
    net = sum((row.net for row in rows), Decimal(0))
    return Sum(price.is_monthly, price.currency, price.vat_percent, net, vat)
