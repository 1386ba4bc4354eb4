"""What waits for the admins, counted: whoever knows of something registers it; the overview asks them all.

Registered in each app's `ready()`, the kernel's among them; the page never knows who answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from velory.in_order import InOrder

_todos: InOrder[Callable] = InOrder()


@dataclass(frozen=True)
class Todo:
    """One line of the admins' list: how many, of what, and where it is done. `late` counts those past their day."""

    code: str
    count: int
    title: str
    about: str
    url: str
    oldest_on: date | None = None
    late: int = 0


def todo(count_them=None, *, order: int = 100):
    """Register a counter: `count_them(today)` gives a list of Todo; those that count nothing are left out."""
    register = _todos.register(order)
    return register(count_them) if count_them else register


def todos(*, today) -> list[Todo]:
    """Everything that waits, in order."""
    return [found for count_them in _todos for found in count_them(today) if found.count]
