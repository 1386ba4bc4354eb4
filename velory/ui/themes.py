"""Light, dark, or as the system has it: one cookie, no account needed."""

from django.conf import settings

COOKIE = "theme"
THEMES = {"light": "velory-light", "dark": "velory-dark"}
YEAR = 365 * 24 * 3600


def theme_of(request) -> str:
    """The theme that the person chose, as the page names it; nothing where it follows the system."""
    return THEMES.get(request.COOKIES.get(COOKIE, ""), "")


def remember(response, choice: str) -> None:
    """Keep the choice; anything but light and dark forgets it."""
    if choice in THEMES:
        response.set_cookie(COOKIE, choice, YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE)
    else:
        response.delete_cookie(COOKIE, samesite="Lax")
