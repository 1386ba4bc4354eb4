"""Who gets which budget: by hand, else by the first rule that fits, else the default one."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from orders.budgets.ledger import hold_budget_of
from orders.models import Budget, Grant, Rule
from velory.journal.deeds import write
from velory.journal.reason import Reason, Refused
from velory.people.journal import note_change
from velory.people.models import Person

How = Grant.How


@dataclass(frozen=True)
class Decision:
    """What somebody is to have, and why."""

    person: Any
    budget: Budget
    how: str
    rule: Rule | None = None
    instead_of: Grant | None = None


def give(person, budget: Budget, *, by, at) -> Grant | None:
    """A budget by hand; no rule takes it away again. None where the person has it already by hand."""
    with transaction.atomic():
        now = hold_budget_of(person)
        if now and now.budget_id == budget.pk and now.how == How.HAND:
            return None
        if budget.archived_at:
            raise Refused(Reason("archived", _("%s is archived and can't be given.") % budget))
        if now:
            _end([now.pk], at)
        made = Grant.objects.create(person=person, budget=budget, how=How.HAND, by_name=str(by)[:200], from_at=at)
        note_change(person, "given_budget", by=by, at=at, budget=budget.name)
    return made


def take_away(person, *, by, at) -> None:
    """No budget by hand any more: what a rule or the default gives is theirs again, if anything does."""
    with transaction.atomic():
        now = hold_budget_of(person)
        if now is None or now.how != How.HAND:
            raise Refused(Reason("by_hand", _("The budget was not given by hand. Change the rule that gives it.")))
        _end([now.pk], at)
        note_change(person, "taken_budget", by=by, at=at, budget=now.budget.name)
        decided = decisions([Person.objects.get(pk=person.pk)])
        _write(decided, at=at)


def decisions(people: Iterable) -> list[Decision]:
    """Whose budget the rules and the default would change now, in the order of the people; writes nothing.

    A budget by hand stays, and so does what somebody has where nothing fits them.
    """
    people = list(people)
    rules, default = list(Rule.objects.in_force()), Budget.objects.default()
    has = {grant.person_id: grant for grant in Grant.objects.open().filter(person__in=people).select_related("budget")}
    found = (_decide(person, rules, default, has.get(person.pk)) for person in people)
    return [decision for decision in found if decision]


def _decide(person, rules, default, now):
    if now and now.how == How.HAND:
        return None
    rule = next((rule for rule in rules if rule.fits(person)), None)
    budget = rule.budget if rule else default
    if budget is None or (now and now.budget_id == budget.pk):
        return None
    return Decision(person, budget, How.RULE if rule else How.DEFAULT, rule, now)


def give_by_rules(people: Iterable, *, at) -> int:
    """What the rules and the default say of people, done; how many got another budget. Their rows are held."""
    decided = decisions(people)
    _write(decided, at=at)
    return len(decided)


def everybody(today) -> list[Person]:
    """Whom the rules are asked about: who works here, by name."""
    found = Person.objects.working(today).for_the_list()
    return list(found.order_by("last_name", "first_name", "pk"))


def digest_of(decided: list[Decision]) -> str:
    """What stands for a preview: exactly this is applied, or nothing."""
    said = ";".join(f"{d.person.pk}:{d.budget.pk}:{d.rule.pk if d.rule else ''}" for d in decided)
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def give_what_was_shown(digest: str, *, by, at, today) -> list[Decision]:
    """Apply a preview, and say what was done. Raises Refused where rules or people have changed since."""
    with transaction.atomic():
        list(Person.objects.working(today).order_by("pk").select_for_update(of=("self",), no_key=True))
        decided = decisions(everybody(today))
        if digest_of(decided) != digest:
            raise Refused(Reason("stale", _("The preview on your page is not the latest. Look at it again.")))
        _write(decided, at=at)
        for budget in {decision.budget for decision in decided}:
            people = sum(decision.budget == budget for decision in decided)
            write(budget, "give_by_rules", by=by, at=at, details={"people": people})
    return decided


def _write(decided, *, at):
    _end([decision.instead_of.pk for decision in decided if decision.instead_of], at)
    Grant.objects.bulk_create(
        Grant(person=d.person, budget=d.budget, how=d.how, rule=d.rule, from_at=at) for d in decided
    )


def _end(grants, at):
    Grant.objects.filter(pk__in=grants, until_at=None).update(until_at=at)
