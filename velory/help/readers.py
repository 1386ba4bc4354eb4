"""Who reads which book, and which page of theirs is about the page they are on."""

from urllib.parse import parse_qsl

from velory.help.handbook import ADMINS, EMPLOYEES, OPERATORS, PARTNERS, Book, Page, book
from velory.tenancy.context import current_company

OPEN = (PARTNERS,)  # distributors and leasing providers have no account


def books_for(request) -> list[Book]:
    """The books of whoever asks, their own first."""
    return [book(name) for name in names_for(request)]


def names_for(request) -> tuple[str, ...]:
    """The names of the books of whoever asks."""
    user = getattr(request, "user", None)
    return names_of(user) if user is not None and user.is_authenticated else OPEN


def names_of(user) -> tuple[str, ...]:
    """The names of the books of somebody who is signed in."""
    if user.is_admin and current_company().is_operators:
        return (OPERATORS, ADMINS, EMPLOYEES, PARTNERS)
    return (ADMINS, EMPLOYEES, PARTNERS) if user.is_admin else (EMPLOYEES,)


def about_this_page(request) -> Page | None:
    """The page of the handbook that says how one works with the page that is asked for."""
    match = getattr(request, "resolver_match", None)
    if match is None or match.view_name.startswith("help:"):
        return None
    asked = set(parse_qsl(request.META.get("QUERY_STRING", "")))
    fits = [
        (len(part), page)
        for one in books_for(request)
        for page in one.pages
        for name, part in map(_place, page.about)
        if name == match.view_name and part <= asked
    ]
    return max(fits, key=lambda fit: fit[0])[1] if fits else None


def _place(about):
    """`assets:device?tab=support` → the view, and what must stand in the address."""
    name, _mark, query = about.partition("?")
    return name, set(parse_qsl(query))
