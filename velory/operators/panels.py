"""What stands on a company's page in the console besides its facts: whoever has something registers it.

    @company_panel(order=60)
    def export(request, company):
        return "operators/_export.html", {"archives": …}     (or None, where there is nothing to show)

The template is drawn with `shown` (the company) and `panel_id` besides its own context, and brings its own surface
(`{% panel %}`), headings from level 2 on. Buttons post to addresses of their own, each behind `doors.for_operators`.
"""

from collections.abc import Callable

from django.template.loader import render_to_string

from velory.in_order import InOrder

_panels: InOrder[Callable] = InOrder()


def company_panel(order: int = 100):
    """Register a panel: `show(request, company)` gives (template, context), or None."""
    return _panels.register(order)


def panels_of(request, company) -> list[str]:
    """The panels of one company, drawn, in order."""
    shown = ((show.__name__, show(request, company)) for show in _panels)
    return [
        render_to_string(found[0], {"shown": company, "panel_id": name} | found[1], request)
        for name, found in shown
        if found
    ]
