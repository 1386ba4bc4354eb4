"""Who gets into the store: a company that has it. Elsewhere there is no such page."""

from functools import wraps

from django.http import Http404

from velory.people.doors import for_admins
from velory.tenancy.context import current_company


def in_the_store(view):
    """A page of the store, for everybody who works in a company that has one."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not current_company().has("store"):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def for_the_stores_admins(view):
    """A page for admins of a company that has a store."""
    return in_the_store(for_admins(view))
