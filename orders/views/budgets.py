"""Budgets, as an admin keeps them: the list, one of them, the rules that give them, and who has which."""

from django.contrib import messages
from django.db import IntegrityError
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from orders.budgets import granting, keeping
from orders.budgets.forms import BudgetForm, GiveForm, RuleForm
from orders.doors import for_the_stores_admins
from orders.models import Budget, Grant, Rule
from velory import clock
from velory.journal.reason import Refused
from velory.people.models import Person
from velory.tenancy.context import current_company
from velory.ui.steps import conflict, see_other, seen_version, sent
from velory.ui.tables import Table

SORTS = {"name": ("person__last_name", "person__first_name"), "since": "from_at"}


@require_safe
@for_the_stores_admins
def budgets(request):
    """Every budget with what it gives and how many have it."""
    archived = request.GET.get("view") == "archived"
    known = Budget.objects.archived() if archived else Budget.objects.living()
    address = reverse("orders:budgets")
    views = [
        {"label": _("In use"), "address": address, "current": not archived},
        {"label": _("Archived"), "address": f"{address}?view=archived", "current": archived},
    ]
    page = {"budgets": known.with_what_a_list_shows(), "views": views, "archived": archived}
    return render(request, "orders/budgets.html", page | {"without": _without()})


def _without():
    """How many who work here have no budget."""
    has = Grant.objects.open().values("person")
    return Person.objects.working(clock.today()).exclude(pk__in=has).count()


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def add_budget(request):
    """A new budget."""
    return _edit(request, Budget(currency=current_company().currency))


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def edit_budget(request, ref):
    """What a budget gives from now on."""
    return _edit(request, _budget(ref))


def _edit(request, budget):
    sent, is_new, called = request.method == "POST", budget.pk is None, budget.name
    seen = seen_version(request) if sent else 0 if is_new else budget.journal.version_of(budget)
    form = BudgetForm(request.POST if sent else None, instance=budget)
    if sent and form.is_valid():
        try:
            keeping.save_budget(form, by=request.user, at=clock.now(), version=None if is_new else seen)
        except Refused as stale:
            return conflict(request, _budget(budget.ref), stale.reason)
        except IntegrityError:
            form.add_error(None, _("Somebody was first: a budget was saved in the same moment. Save once more."))
        else:
            messages.success(request, _("%s is saved.") % budget)
            return see_other(budget.get_absolute_url())
    page = {"form": form, "budget": budget, "called": called, "version": None if is_new else seen, "is_new": is_new}
    return render(request, "orders/edit_budget.html", page, status=422 if form.is_bound else 200)


@require_safe
@for_the_stores_admins
def budget(request, ref):
    """One budget: what it gives, who has it, what happened."""
    found = _budget(ref)
    held = Grant.objects.open().filter(budget=found).select_related("person__location", "person__team", "rule")
    page = {
        "budget": found,
        "table": Table(request, sorts=SORTS, default="name").show(held),
        "why_not": keeping.why_not_archived(found),
        "rules": found.rules.in_order(),
        "entries": found.journal.newest_first()[:30],
    }
    return render(request, "orders/budget.html", page)


@require_POST
@for_the_stores_admins
def archive_budget(request, ref):
    """Nobody is given it any more."""
    return _do(request, _budget(ref), keeping.archive_budget, _("%s is archived."))


@require_POST
@for_the_stores_admins
def restore_budget(request, ref):
    """It can be given again."""
    return _do(request, _budget(ref), keeping.restore_budget, _("%s can be given again."))


def _do(request, budget, deed, words):
    try:
        deed(budget, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, budget, refused.reason)
    messages.success(request, words % budget)
    return see_other(budget.get_absolute_url())


# Rules


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def rules(request):
    """Every rule in the order in which it is asked, and a form for one more."""
    form = RuleForm(sent(request))
    if request.method == "POST" and form.is_valid():
        rule = keeping.add_rule(form, by=request.user, at=clock.now())
        messages.success(request, _("The rule is made. Look who would get %s.") % rule.budget)
        return see_other(reverse("orders:rules"))
    page = {"form": form, "rules": Rule.objects.in_order(), "default": Budget.objects.default()}
    page["waiting"] = len(granting.decisions(granting.everybody(clock.today())))
    return render(request, "orders/rules.html", page, status=422 if form.is_bound else 200)


@require_POST
@for_the_stores_admins
def earlier_rule(request, ref):
    """Asked before the one above it."""
    keeping.move_rule(_rule(ref), -1, by=request.user, at=clock.now())
    return see_other(reverse("orders:rules"))


@require_POST
@for_the_stores_admins
def later_rule(request, ref):
    """Asked after the one below it."""
    keeping.move_rule(_rule(ref), 1, by=request.user, at=clock.now())
    return see_other(reverse("orders:rules"))


@require_POST
@for_the_stores_admins
def remove_rule(request, ref):
    """Not asked any more; what it gave stays until something else fits."""
    keeping.remove_rule(_rule(ref), by=request.user, at=clock.now())
    messages.success(request, _("The rule is removed. Who has a budget by it keeps it until something else fits."))
    return see_other(reverse("orders:rules"))


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def who_would_get(request):
    """Whose budget the rules would change now; on POST exactly that is done, or nothing."""
    today = clock.today()
    if request.method == "POST":
        return _give_what_was_shown(request, today)
    decided = granting.decisions(granting.everybody(today))
    page = {"decided": decided, "shown": decided[:200], "digest": granting.digest_of(decided)}
    return render(request, "orders/who_would_get.html", page)


def _give_what_was_shown(request, today):
    digest = request.POST.get("digest", "")
    try:
        decided = granting.give_what_was_shown(digest, by=request.user, at=clock.now(), today=today)
    except Refused as refused:
        return conflict(request, _("The preview"), refused.reason, address=reverse("orders:who_would_get"))
    words = ngettext("%d person has another budget now.", "%d people have another budget now.", len(decided))
    messages.success(request, words % len(decided))
    return see_other(reverse("orders:budgets"))


# One person


@require_http_methods(["GET", "HEAD", "POST"])
@for_the_stores_admins
def give_budget(request, ref):
    """A budget by hand: no rule takes it away again."""
    person = _person(ref)
    form = GiveForm(sent(request))
    if request.method == "POST" and form.is_valid():
        try:
            granting.give(person, form.cleaned_data["budget"], by=request.user, at=clock.now())
        except Refused as refused:
            return conflict(request, person, refused.reason)
        words = _("%(person)s has the budget %(budget)s.")
        messages.success(request, words % {"person": person, "budget": form.cleaned_data["budget"]})
        return see_other(person.get_absolute_url())
    grant = Grant.objects.open().select_related("budget").filter(person=person).first()
    page = {"form": form, "person": person, "grant": grant}
    return render(request, "orders/give_budget.html", page, status=422 if form.is_bound else 200)


@require_POST
@for_the_stores_admins
def take_budget(request, ref):
    """No budget by hand any more; the rules are asked again."""
    person = _person(ref)
    try:
        granting.take_away(person, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, person, refused.reason)
    messages.success(request, _("%s has what the rules give.") % person)
    return see_other(person.get_absolute_url())


def _budget(ref) -> Budget:
    return get_object_or_404(Budget.objects.prefetch_related("allowances__category"), ref=ref)


def _rule(ref) -> Rule:
    return get_object_or_404(Rule.objects.in_order(), ref=ref)


def _person(ref) -> Person:
    return get_object_or_404(Person, ref=ref)
