"""Who is let in: pages of an admin ask before they look anything up, so that 403 says nothing of what exists."""

from functools import wraps

from django.core.exceptions import PermissionDenied

from velory.people.rules import administrator


def for_admins(view):
    """A page for admins of the company; anybody else who is signed in gets 403."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not administrator(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
