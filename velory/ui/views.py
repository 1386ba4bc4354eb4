"""Appearance, and the search from anywhere."""

from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.http import require_POST, require_safe

from velory.ui import search, themes
from velory.ui.leading import stays_here
from velory.ui.steps import see_other


@login_not_required
@require_POST
def choose_theme(request):
    """Light, dark or as the system has it; then back to where the person was."""
    response = see_other(back_to(request))
    themes.remember(response, request.POST.get("theme", ""))
    return response


@require_safe
def search_page(request):
    """Everything in which the words occur and that the reader may see; the palette asks for the list alone."""
    q = request.GET.get("q", "").replace("\0", "").strip()[:100]
    groups = search.search(q, request.user)
    number = sum(len(group.hits) for group in groups)
    page = {"q": q, "groups": groups, "number": number, "shortest": search.SHORTEST}
    in_palette = request.headers.get("HX-Target") == "palette-found"
    return render(request, "ui/_found.html" if in_palette else "ui/search.html", page)


def back_to(request) -> str:
    """The page that a small form was sent from; home where that is not one of ours."""
    address = request.POST.get("next", "")
    return address if stays_here(address) else "/"
