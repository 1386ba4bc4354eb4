"""What orders says to the store's gate: a budget knows its people's quotas, and may leave a category out (spec 2)."""

from django.db.models import Count
from django.utils.translation import gettext as _

from assets.gate import Quota, Shut, knows_the_quota
from orders.models import Allowance, LedgerLine
from velory.tenancy.context import current_company


@knows_the_quota
def the_budget(person):
    """The quotas of the budget's categories, with what is asked for and not decided yet; None without a budget."""
    if not current_company().has("store"):
        return None
    held = Allowance.objects.filter(budget__grants__person=person, budget__grants__until_at=None)
    allowances = {allowance.category_id: allowance for allowance in held}
    if not allowances:
        return None
    asked = LedgerLine.objects.of(person).filter(kind="reserve", undone_by=None)
    counted = dict(asked.values_list("category").annotate(Count("pk")))

    def says(category):
        allowance = allowances.get(category.pk)
        if allowance is None:
            text = _("Your budget gives nothing for %(category)s.") % {"category": str(category).lower()}
            return Shut("not_in_budget", text, who=_("an admin"))
        return Quota(allowance.quota, counted.get(category.pk, 0))

    return says
