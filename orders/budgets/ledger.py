"""What is done to a person's budget: one line for each device, written while the person's row is held.

The caller has opened the transaction of the request's or order's own change, so that both happen or neither does.
`cause` names the unit that the line is for ("Q-7K4M2X/1"): it is reserved once, spent once, given back once.
"""

from decimal import Decimal

from django.db import connection
from django.utils.translation import gettext as _

from orders.budgets.periods import counts_until
from orders.models import Allowance, Grant, LedgerLine
from orders.prices import Price
from velory import clock
from velory.journal.reason import Reason, Refused
from velory.people.models import Person
from velory.ui.money import money

Kind, Why = LedgerLine.Kind, LedgerLine.Why


def reserve(person, category, price: Price, *, cause: str, at, part: Decimal | None = None) -> LedgerLine:
    """Put aside what a device will cost, or `part` of it where somebody else bears the rest. Raises Refused."""
    return _take(Kind.RESERVE, Why.REQUESTED, person, category, price, cause=cause, at=at, part=part)


def spend(reserved: LedgerLine, *, at) -> LedgerLine:
    """What was put aside is spent. The budget is asked again, as it is now. Raises Refused.

    A second time it is the line of the first.
    """
    person = reserved.grant.person
    hold_budget_of(person)
    answer = LedgerLine.objects.filter(undoes=reserved).first()
    if answer is not None:
        if answer.why == Why.APPROVED:
            return LedgerLine.objects.get(kind=Kind.SPEND, cause=reserved.cause)
        raise Refused(Reason("answered", _("It was %(answer)s already.") % {"answer": answer.get_why_display()}))
    release(reserved, Why.APPROVED, at=at)
    price = Price(reserved.mode, -reserved.amount, reserved.currency)
    return _take(Kind.SPEND, Why.APPROVED, person, reserved.category, price, cause=reserved.cause, at=at, part=None)


def release(reserved: LedgerLine, why: str, *, at) -> LedgerLine:
    """Nothing is put aside any more: approved, rejected or withdrawn. A second time changes nothing."""
    return _undo(Kind.RELEASE, reserved, why, at=at)


def give_back(spent: LedgerLine, *, at) -> LedgerLine:
    """The device was cancelled: the budget is as if it had never been ordered. A second time changes nothing."""
    return _undo(Kind.GIVE_BACK, spent, Why.CANCELLED, at=at)


def hold_budget_of(person) -> Grant | None:
    """Keep others off a person's budget until the transaction ends; what they have now, or None."""
    assert connection.in_atomic_block, "hold_budget_of() needs a transaction"
    Person.objects.select_for_update(of=("self",), no_key=True).get(pk=person.pk)
    return Grant.objects.open().select_related("budget").filter(person=person).first()


def _take(kind, why, person, category, price, *, cause, at, part):
    grant = hold_budget_of(person)
    if grant is None:
        raise Refused(Reason("no_budget", _("There is no budget for this."), who=_("an admin")))
    amount = price.amount if part is None else part
    allowance = _allowance_for(grant, category, price)
    today = clock.local_date(at)
    if not allowance.is_unlimited:
        lines = LedgerLine.objects.of(person).in_terms_of(allowance).counting_on(today)
        left = allowance.amount + lines.total()
        if amount > left:
            text = _("It takes %(amount)s, and %(left)s of the budget is left.") % {
                "amount": money(amount, price.currency), "left": money(max(left, Decimal(0)), price.currency),
            }  # fmt: skip
            raise Refused(Reason("over_budget", text, who=_("an admin")))
    return LedgerLine.objects.create(
        grant=grant, category=category, mode=allowance.mode, kind=kind, amount=-amount, currency=price.currency,
        cause=cause, why=why, on=today, counts_until=counts_until(today, allowance.months), at=at,
    )  # fmt: skip


def _allowance_for(grant, category, price) -> Allowance:
    found = Allowance.objects.filter(budget=grant.budget, category=category).select_related("budget").first()
    if found is None:
        text = _("The budget gives nothing for %(category)s.") % {"category": category}
        raise Refused(Reason("not_in_budget", text, who=_("an admin")))
    if (found.mode, grant.budget.currency) != (price.mode, price.currency):
        text = _("The budget has changed and counts otherwise now. Choose the product again.")
        raise Refused(Reason("other_terms", text))
    return found


def _undo(kind, line, why, *, at):
    """Giving back makes room and needs nobody's row: whoever cancels a device holds that one already."""
    return LedgerLine.objects.get_or_create(
        undoes=line,
        defaults={
            "grant_id": line.grant_id, "category_id": line.category_id, "mode": line.mode, "kind": kind,
            "amount": -line.amount, "currency": line.currency, "cause": line.cause, "why": why,
            "on": clock.local_date(at), "counts_until": line.counts_until, "at": at,
        },
    )[0]  # fmt: skip
