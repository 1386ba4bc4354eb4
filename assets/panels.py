"""What the apps above show on the ground floor's pages: panels of a device, alerts, sections of the settings.

Registered in each app's `ready()`; `assets` never knows who answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

_panels: dict[str, list[tuple[int, Callable]]] = {}
_alerts: list[Callable] = []
_sections: list[tuple[int, Callable]] = []


@dataclass(frozen=True)
class Alert:
    """What waits for a person: a question, what follows from it, and the button that leads to the answer."""

    title: str
    text: str
    button: str
    url: str
    device: Any = None
    urgent: bool = False


def panel(tab: str, order: int = 100):
    """Register a panel on a tab of the device page.

    `show(device, person, *, today)` gives (template, context) or None. The context also finds `device`,
    `person` and `today` in its template.
    """

    def register(show):
        _panels.setdefault(tab, []).append((order, show))
        _panels[tab].sort(key=lambda entry: entry[0])
        return show

    return register


def panels_of(tab: str, device, person, *, today) -> list[tuple[str, dict]]:
    """The panels of one tab for one reader, in order."""
    shown = (show(device, person, today=today) for _order, show in _panels.get(tab, []))
    return [found for found in shown if found]


def alert(ask):
    """Register who knows what waits for a person: `ask(person, *, today)` gives a list of Alert."""
    _alerts.append(ask)
    return ask


def alerts_for(person, *, today, device=None) -> list[Alert]:
    """What waits for a person, the urgent first; for one device only, if one is named."""
    found = [waiting for ask in _alerts for waiting in ask(person, today=today)]
    if device is not None:
        found = [waiting for waiting in found if waiting.device == device]
    return sorted(found, key=lambda waiting: not waiting.urgent)


def settings_section(order: int = 100):
    """Register a section of `/settings/`: `section(request)` gives (title, template, context).

    On POST only the section whose `name` (the function's) stands in the form's `section` saves itself; it
    may answer with a redirect instead.
    """

    def register(section):
        _sections.append((order, section))
        _sections.sort(key=lambda entry: entry[0])
        return section

    return register


def settings_sections() -> list[Callable]:
    """Every registered section, in order."""
    return [section for _order, section in _sections]
