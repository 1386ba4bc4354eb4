"""Who gets into the console: admins of the operators' company, at its host.

At any other company these addresses do not exist: the console's own list of addresses (`site_urls.py`) is served at
the operators' host alone. The guard asks all the same, should somebody list them elsewhere.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.http import Http404

from velory.people.rules import administrator
from velory.tenancy.context import current_company, inside_a_company


def for_operators(view):
    """A page of the console: 404 outside the operators' company, 403 for whoever is no admin of it."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not (inside_a_company() and current_company().is_operators):
            raise Http404
        if not administrator(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
