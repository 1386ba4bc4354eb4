"""What the other apps show on a person's page to admins, and on one's own page to oneself. People never import who
answers.

Registered in each app's `ready()`.
"""

from collections.abc import Callable

from django.template.loader import render_to_string

from velory import clock
from velory.in_order import InOrder

_panels: InOrder[Callable] = InOrder()
_own_panels: InOrder[Callable] = InOrder()
_own_places: InOrder[Callable] = InOrder()


def panel(order: int = 100):
    """Register a panel of a person's page.

    `show(person, by, *, today)` gives (template, context) or None. The template also finds `person`, `by`, `today`.
    """
    return _panels.register(order)


def panels_of(request, person) -> list[str]:
    """The panels of a person's page for whoever reads it, in order."""
    today, by = clock.today(), request.user
    shown = filter(None, (show(person, by, today=today) for show in _panels))
    known = {"person": person, "by": by, "today": today}
    return [render_to_string(template, known | context, request) for template, context in shown]


def own_panel(order: int = 100):
    """Register a panel of the page about oneself: `show(person, *, today)` gives (template, context) or None."""
    return _own_panels.register(order)


def own_panels_of(request) -> list[str]:
    """The panels of one's own page, in order."""
    today, person = clock.today(), request.user
    shown = filter(None, (show(person, today=today) for show in _own_panels))
    known = {"person": person, "today": today}
    return [render_to_string(template, known | context, request) for template, context in shown]


def own_place(order: int = 100):
    """Register a page that stands beside the one about oneself: `place(person)` gives (label, address) or None."""
    return _own_places.register(order)


def own_places_of(person) -> list[tuple[str, str]]:
    """The pages that stand beside the one about oneself, in order."""
    found = (place(person) for place in _own_places)
    return [place for place in found if place]
