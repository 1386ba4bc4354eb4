"""Who gets to repairs: a company whose plan has them. Elsewhere there is no such page."""

from functools import wraps

from django.http import Http404

from velory.people.doors import for_admins
from velory.tenancy.context import current_company

FEATURE = "repair_flow"


def repairs_are_on() -> bool:
    """Whether this company has the repair flow."""
    return current_company().has(FEATURE)


def where_repairs_are_on(view):
    """A page of the repair flow, for everybody who works in a company that has it."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not repairs_are_on():
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_repairers(view):
    """A page of the repair flow for admins."""
    return where_repairs_are_on(for_admins(view))
