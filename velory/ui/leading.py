"""Where a page leads back to while something larger is under way: asked of whoever has such a thing, by the frame.

@leads_back
def to_the_first_steps(request):
    return Back("/", _("Back to the first steps"), …)          None where there is nothing to go back to
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.http import url_has_allowed_host_and_scheme

_leaders: list[Callable] = []


def stays_here(address: str) -> bool:
    """Whether an address that a browser sent is a path of this host, so that one may be led there."""
    return address.startswith("/") and url_has_allowed_host_and_scheme(address, allowed_hosts=None)


@dataclass(frozen=True)
class Back:
    """A link back, and how far one has come."""

    address: str
    label: str
    standing: str = ""


def leads_back(find):
    """Register who may know where a page leads back to: `find(request)` gives a Back, or None."""
    _leaders.append(find)
    return find


def back_from(request) -> Back | None:
    """Where the page that is asked for leads back to, for an admin."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated or not user.is_admin:
        return None
    return next((back for find in _leaders if (back := find(request))), None)
