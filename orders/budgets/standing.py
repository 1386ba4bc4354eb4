"""How a person's budget stands on a day: what it gives, what is used of it, what is left, when it is whole again."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q, Sum

from assets.gate import for_good
from assets.lifecycle import PHASES, Status
from assets.models import Device
from orders.models import Allowance, Grant, LedgerLine
from velory.ui.money import money

Kind = LedgerLine.Kind


@dataclass
class Standing:
    """One category of a budget. Amounts are net; in the terms of the allowance: in all, or by the month."""

    allowance: Allowance
    currency: str
    spent: Decimal = Decimal(0)
    reserved: Decimal = Decimal(0)
    has: int = 0
    renews_on: date | None = None

    @property
    def category(self):
        return self.allowance.category

    @property
    def used(self) -> Decimal:
        """Spent, and put aside for what is asked for."""
        return self.spent + self.reserved

    @property
    def left(self) -> Decimal | None:
        """What can still be asked for; None where money is no limit. Never below zero, also where less is given now."""
        return None if self.allowance.amount is None else max(self.allowance.amount - self.used, Decimal(0))

    @property
    def used_percent(self) -> int:
        """How much of it is used, for a bar."""
        given = self.allowance.amount
        return 100 if not given else min(100, int(self.used * 100 / given))

    def over(self, price) -> Decimal:
        """By how much a price goes over what is left; 0 where it does not, or where it can't be compared."""
        if self.left is None or price.currency != self.currency or price.mode != self.allowance.mode:
            return Decimal(0)
        return max(price.amount - self.left, Decimal(0))

    def __str__(self):
        return "" if self.left is None else money(self.left, self.currency)


def grant_of(person) -> Grant | None:
    """The budget that a person has now, with what it gives; None where they have none."""
    grants = Grant.objects.open().select_related("budget", "rule__budget", "rule__location", "rule__team")
    return grants.prefetch_related("budget__allowances__category").filter(person=person).first()


def standings_of(person, grant: Grant | None, *, today) -> list[Standing]:
    """Every category of a person's budget as it stands; two queries, however many there are."""
    if grant is None or not grant.budget.allowances_in_order:
        return []
    sums = _sums(person, today)
    held = _held(person)
    return [_standing(allowance, grant.budget.currency, sums, held) for allowance in grant.budget.allowances_in_order]


def _standing(allowance, currency, sums, held):
    found = Standing(allowance, currency, has=held.get(allowance.category_id, 0))
    for line in sums:
        if (line["category"], line["mode"], line["currency"]) != (allowance.category_id, allowance.mode, currency):
            continue
        found.spent -= line["spent"] or 0
        found.reserved -= line["reserved"] or 0
        takes = (line["spent"] or 0) + (line["reserved"] or 0) < 0
        if takes and (found.renews_on is None or line["counts_until"] < found.renews_on):
            found.renews_on = line["counts_until"]
    return found


def _sums(person, today):
    spent, reserved = Q(kind__in=[Kind.SPEND, Kind.GIVE_BACK]), Q(kind__in=[Kind.RESERVE, Kind.RELEASE])
    lines = LedgerLine.objects.of(person).counting_on(today)
    return lines.values("category", "mode", "currency", "counts_until").annotate(
        spent=Sum("amount", filter=spent), reserved=Sum("amount", filter=reserved)
    )


def _held(person):
    theirs = Q(holder=person, status__in=[*PHASES["delivery"], *PHASES["in use"]])
    counted = Device.objects.filter(theirs | Q(last_holder=person, status=Status.IN_REPAIR))
    return dict(for_good(counted, person).values_list("category").annotate(Count("pk")))
