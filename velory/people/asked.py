"""Whoever must have a second factor and has none sets it up before anything else (reliability R67).

Whoever has one and has not proven it in this session is asked for it: it was set up elsewhere since they signed in, or
somebody else signed in before, with the password alone. They can still sign out, read help, choose their language, and
say once more who they are.
"""

import re

from django.http import HttpResponse
from django.urls import Resolver404, resolve, reverse

from velory.people import factors
from velory.people.again import ask_again
from velory.people.second import has_proven_it
from velory.ui.steps import whole_page_to

OPEN = re.compile(
    r"^(people:security(_|$)|people:(again|again_options|language)$|account_|mfa_|help:|ui:|demo:|post:link)"
)

OPEN_BEFORE_IT = re.compile(r"^(people:(again|again_options|language)$|account_|help:|ui:|demo:|post:link)")


class AskedForTwoMiddleware:
    """Leads whoever owes a second factor to where it is set up, or asked. No query: the answer came with the person."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if not owes(request):
            return self.get_response(request)
        return ask_again(request) if factors.has_two(request.user) else lead_to_set_up(request)


def owes(request) -> bool:
    """Whether this request's person must set up or prove a second factor first, and wants something else."""
    if request.company is None or request.support or not request.user.is_authenticated:
        return False
    person = request.user
    if not factors.is_needed(person, request.session) or has_proven_it(request, person):
        return False
    is_open = OPEN_BEFORE_IT if factors.has_two(person) else OPEN
    try:
        return not is_open.search(resolve(request.path_info).view_name)
    except Resolver404:
        return False


def lead_to_set_up(request) -> HttpResponse:
    """To the page where it is set up; the whole page goes there."""
    return whole_page_to(request, reverse("people:security"))
