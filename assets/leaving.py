"""What must happen to a device that another takes the place of. Whoever knows how devices leave answers."""

from collections.abc import Callable

_tellers: list[Callable] = []


def tells_what_must_happen(tell):
    """Register who knows: `tell(device, *, today)` gives a sentence for its holder, or nothing."""
    _tellers.append(tell)
    return tell


def what_must_happen(device, *, today) -> str:
    """What its holder has to do with it, in a sentence; empty where nobody has anything to say."""
    return next((text for tell in _tellers if (text := tell(device, today=today))), "")
