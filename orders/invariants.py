"""What must hold of budgets besides what the database itself refuses."""

from orders.models import Grant
from velory.journal.invariants import invariant


@invariant("budgets")
def nobody_has_an_archived_budget():
    """A budget is archived when nobody has it."""
    for grant in Grant.objects.open().exclude(budget__archived_at=None).select_related("person", "budget"):
        yield f"{grant.person.ref} has the archived budget {grant.budget.ref}"
