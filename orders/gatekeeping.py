"""What orders says to the store's gate: a budget knows its people's quotas, and may leave a category out (spec 2)."""

from collections import Counter

from django.utils.translation import gettext as _

from assets.gate import Quota, Shut, knows_the_quota, knows_what_is_offered
from orders.lifecycle import UNDECIDED
from orders.models import Allowance, LedgerLine, Product, RequestLine
from velory.tenancy.context import current_company


@knows_the_quota
def the_budget(person):
    """The quotas of the budget's categories, else the categories' own, with what is asked for and not decided yet."""
    if not current_company().has("store"):
        return None
    held = Allowance.objects.filter(budget__grants__person=person, budget__grants__until_at=None)
    allowances = {allowance.category_id: allowance for allowance in held}
    asked = asked_for(person)

    def says(category):
        if not allowances:
            return Quota(category.quota, asked[category.pk])
        allowance = allowances.get(category.pk)
        if allowance is None:
            text = _("Your budget gives nothing for %(category)s.") % {"category": str(category).lower()}
            return Shut("not_in_budget", text, who=_("an admin"))
        return Quota(allowance.quota, asked[category.pk])

    return says


@knows_what_is_offered
def the_catalogue():
    """The categories in which the store has something to order."""
    if not current_company().has("store"):
        return None
    return set(Product.objects.offered().order_by().values_list("category", flat=True).distinct())


def asked_for(person) -> Counter:
    """How many devices of each category are asked for and not decided yet: what a budget has put aside, and what no
    budget counts."""
    reserved = LedgerLine.objects.of(person).filter(kind=LedgerLine.Kind.RESERVE, undone_by=None)
    uncounted = RequestLine.objects.filter(request__person=person, request__status__in=UNDECIDED, budget_part=None)
    return Counter(pk for (pk,) in reserved.values_list("category").union(uncounted.values_list("category"), all=True))
