"""Whoever must have a second factor and has none sets it up before anything else (reliability R67).

They can still sign out, read help, choose their language, and say once more who they are.
"""

import re

from django.http import HttpResponse
from django.urls import Resolver404, resolve, reverse

from velory.people import factors
from velory.ui.steps import see_other

OPEN = re.compile(
    r"^(people:security(_|$)|people:(again|again_options|language)$|account_|mfa_|help:|ui:|demo:|post:link)"
)


class AskedForTwoMiddleware:
    """Leads whoever owes a second factor to where it is set up. Costs no query: the person has come with the answer."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return lead_to_set_up(request) if owes(request) else self.get_response(request)


def owes(request) -> bool:
    """Whether this request's person must set up a second factor first, and wants something else."""
    if request.company is None or request.support or not request.user.is_authenticated:
        return False
    person = request.user
    if factors.has_two(person) or not factors.is_needed(person, request.session):
        return False
    try:
        return not OPEN.search(resolve(request.path_info).view_name)
    except Resolver404:
        return False


def lead_to_set_up(request) -> HttpResponse:
    """To the page where it is set up; the whole page goes there."""
    address = reverse("people:security")
    if request.headers.get("HX-Request"):
        answer = HttpResponse(status=200)
        answer["HX-Redirect"] = address
        return answer
    return see_other(address)
