"""How budgets and their rules are kept: each change with its entry in the budget's journal."""

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from orders.budgets.forms import in_short
from orders.models import Budget, Grant, Rule
from velory.journal.deeds import refuse_stale, write
from velory.journal.reason import Reason, Refused


def save_budget(form, *, by, at, version=None) -> Budget | None:
    """Keep a valid form's budget with what it gives; None where nothing is other than it was. Raises Refused."""
    budget, is_new = form.instance, form.instance.pk is None
    with transaction.atomic():
        if not is_new:
            Budget.objects.select_for_update().get(pk=budget.pk)
            refuse_stale(budget, version)
        before = [] if is_new else [in_short(a, form.initial["currency"]) for a in budget.allowances_in_order]
        if budget.is_default:
            Budget.objects.filter(is_default=True).exclude(pk=budget.pk).update(is_default=False)
        budget = form.save()
        allowances = form.allowances()
        said = [in_short(allowance, budget.currency) for allowance in allowances]
        if not is_new and said == before and not form.changed_data:
            return None
        budget.allowances.exclude(category__in=[allowance.category for allowance in allowances]).delete()
        for allowance in allowances:
            terms = {"mode": allowance.mode, "amount": allowance.amount, "quota": allowance.quota}
            budget.allowances.update_or_create(
                category=allowance.category, defaults=terms | {"months": allowance.months}
            )
        write(budget, "add" if is_new else "change", by=by, at=at, details={"allowances": "; ".join(said)})
    return budget


def archive_budget(budget: Budget, *, by, at) -> None:
    """Nobody is given it any more. Raises Refused while somebody has it or a rule names it."""
    with transaction.atomic():
        Budget.objects.select_for_update().get(pk=budget.pk)
        if reason := why_not_archived(budget):
            raise Refused(reason)
        budget.archived_at = at
        budget.save(update_fields=["archived_at"])
        write(budget, "archive", by=by, at=at)


def restore_budget(budget: Budget, *, by, at) -> None:
    """It can be given again."""
    with transaction.atomic():
        budget.archived_at = None
        budget.save(update_fields=["archived_at"])
        write(budget, "restore", by=by, at=at)


def why_not_archived(budget: Budget) -> Reason | None:
    """What stands against archiving a budget, or None."""
    people = Grant.objects.open().filter(budget=budget).count()
    if people:
        words = ngettext(
            "%d person has it. Give them another budget first.", "%d people have it. Give them another budget first.",
            people,
        )  # fmt: skip
        return Reason("given", words % people)
    if budget.rules.exists():
        return Reason("rules", _("A rule gives it. Remove the rule first."))
    if budget.is_default:
        return Reason("default", _("It is the default budget. Make another one the default first."))
    return None


# Rules


def add_rule(form, *, by, at) -> Rule:
    """One more rule, asked after all others."""
    with transaction.atomic():
        others = _held_rules()
        rule = form.save(commit=False)
        rule.position = others[-1].position + 1 if others else 1
        rule.save()
        write(rule.budget, "add_rule", by=by, at=at, details={"rule": rule.said})
    return rule


def remove_rule(rule: Rule, *, by, at) -> None:
    """It is not asked any more; who has a budget by it keeps it until something else fits."""
    with transaction.atomic():
        _held_rules()
        write(rule.budget, "remove_rule", by=by, at=at, details={"rule": rule.said})
        rule.delete()
        _number(_held_rules())


def move_rule(rule: Rule, by_how_many: int, *, by, at) -> None:
    """Asked earlier (-1) or later (1) than it was; at either end nothing happens."""
    with transaction.atomic():
        rules = _held_rules()
        place = rules.index(rule)
        to = place + by_how_many
        if 0 <= to < len(rules):
            rules.insert(to, rules.pop(place))
            _number(rules)
            write(rule.budget, "move_rule", by=by, at=at, details={"rule": rule.said, "position": to + 1})


def _held_rules() -> list[Rule]:
    return list(Rule.objects.in_order().select_for_update(of=("self",)))


def _number(rules):
    for position, rule in enumerate(rules, start=1):
        rule.position = position
    Rule.objects.bulk_update(rules, ["position"])
