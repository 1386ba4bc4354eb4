"""What every page knows: the company, where one can go, how the person wants it to look, the date."""

from functools import partial

from django.conf import settings

from velory import clock
from velory.help.readers import about_this_page
from velory.ui.leading import back_from
from velory.ui.navigation import Menu
from velory.ui.themes import theme_of


def page(request) -> dict:
    """The context of each page. What costs a query is a callable, asked for by the pages that show it."""
    company = getattr(request, "company", None)
    return {
        "company": company,
        "menu": Menu(request.path),
        "theme": theme_of(request),
        "demo": settings.DEMO,
        "today": clock.today(company) if company else None,
        "frame": partial(frame_for, request),
        "about_this_page": partial(about_this_page, request),
        "leads_back": partial(back_from, request),
    }


def frame_for(request) -> str:
    """The frame of a page that admins and everybody else share: `{% extends frame %}`."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return "frame_plain.html"
    return "frame_admin.html" if getattr(user, "is_admin", False) else "frame_employee.html"
