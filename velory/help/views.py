"""The handbook in the product: contents, pages, search; each reader sees what concerns them."""

from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from velory.help.finding import find
from velory.help.handbook import PARTNERS, book
from velory.help.readers import OPEN, books_for, names_for


@require_safe
def handbook(request):
    """The books of whoever asks, or what is found in them."""
    return _contents(request, books_for(request))


@require_safe
def contents(request, name):
    """The contents of one book."""
    return _contents(request, [_book(request, name)])


@require_safe
def page(request, name, page):
    """One page."""
    return _page(request, _book(request, name), page)


@login_not_required
@require_safe
def public_handbook(request):
    """At the base domain, where nobody signs in: what is open to all, and where the rest is read."""
    return _contents(request, [book(name) for name in OPEN], at_the_base=True)


@login_not_required
@require_safe
def partners_contents(request):
    """What distributors and leasing providers read, who have no account."""
    return _contents(request, [book(PARTNERS)])


@login_not_required
@require_safe
def partners_page(request, page):
    """One page of theirs."""
    return _page(request, book(PARTNERS), page)


def _book(request, name):
    if name not in names_for(request):
        raise Http404
    return book(name)


def _contents(request, books, **more):
    q = request.GET.get("q", "").replace("\0", "").strip()[:100]
    page = {"books": books, "q": q, "found": find(books, q) if q else [], "one": len(books) == 1 and books[0]}
    return render(request, "help/contents.html", page | more)


def _page(request, book, name):
    page = book.page(name)
    if page is None:
        raise Http404
    before, after = book.neighbours(page)
    return render(request, "help/page.html", {"book": book, "page": page, "before": before, "after": after})
