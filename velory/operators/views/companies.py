"""The list of companies, and one company's page."""

from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.operators import figures, lists
from velory.operators.doors import for_operators
from velory.operators.models import Opening, OperatorDeed
from velory.operators.panels import panels_of
from velory.tenancy.models import Company
from velory.tenancy.plans import FEATURES, included
from velory.ui.steps import see_other
from velory.ui.tables import Table


def home(request):
    """Where an operator begins: the companies. Whoever is no admin here has their own details alone."""
    return see_other("/companies/" if getattr(request.user, "is_admin", False) else "/you/")


@for_operators
def settings(request):
    """What the operators' company can set: how it writes. It has no devices, and so no more than that."""
    return see_other("/mail/settings/")


@require_safe
@for_operators
def company_list(request):
    """Every company, by search and filter: numbers that were counted inside them, and nothing else of theirs."""
    table = Table(request, sorts=lists.SORTS, default="name", filters=["plan", "state", "health"])
    chosen = {"plans": table.chosen("plan"), "states": table.chosen("state"), "health": table.chosen("health")}
    table.show(lists.narrowed(lists.matching(lists.companies(), table.q), **chosen))
    page = {
        "table": table,
        "rows": [lists.in_list(company) for company in table.rows],
        "openings": Opening.objects.under_way().order_by("asked_at"),
        "plans": Company.Plan.choices,
        "states": Company.State.choices,
        "health": lists.HEALTH,
    }
    return render(request, "operators/companies.html", page)


@require_safe
@for_operators
def company_page(request, slug):
    """One company: facts, plan, addresses, what operators did, and what others register."""
    shown = the_company(slug)
    page = {
        "shown": shown,
        "figures": getattr(shown, "figures", None),
        "features": [(f, code in shown.features, included(code, shown.plan)) for code, f in FEATURES.items()],
        "domains": shown.domains.order_by("-is_primary", "domain"),
        "panels": panels_of(request, shown),
        "deeds": OperatorDeed.objects.about(shown).newest_first()[:50],
    }
    return render(request, "operators/company.html", page)


@require_POST
@for_operators
def count_again(request, slug):
    """Count a company now, not tonight."""
    shown = the_company(slug)
    if shown.is_servable:
        figures.count(Company.objects.get(pk=shown.pk), at=clock.now())
    return see_other(address_of(shown))


def the_company(slug):
    """A company by its short name, or 404."""
    return get_object_or_404(lists.companies(), slug=slug)


def address_of(company) -> str:
    """Where a company's page in the console is."""
    return f"/companies/{company.slug}/"
