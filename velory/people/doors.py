"""Doors: who gets in at all. What is behind them is decided by what a person may see and do."""

from functools import wraps

from django.core.exceptions import PermissionDenied

from velory.people.rules import administrator


def admins_only(view):
    """A page for admins; anybody else is told that it is not for them (403)."""

    @wraps(view)
    def page(request, *args, **kwargs):
        if not administrator(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return page
