"""What the apps above know of a device besides its own facts, for `manage.py device`. Registered in `ready()`."""

from collections.abc import Callable
from typing import Any

_tellers: dict[str, Callable] = {}


def tells(name: str):
    """Register who knows something under a name: `tell(device)` gives text, numbers or a dict of them, or None."""

    def register(tell):
        _tellers[name] = tell
        return tell

    return register


def beside(device) -> dict[str, Any]:
    """All of it, by name; what nobody knows is left out."""
    told = {name: tell(device) for name, tell in sorted(_tellers.items())}
    return {name: value for name, value in told.items() if value is not None}
