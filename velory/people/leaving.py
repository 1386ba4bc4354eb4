"""Somebody's last day is set: whoever writes to people who leave registers here. People never know who that is."""

from collections.abc import Callable

_tellers: list[tuple[Callable, Callable]] = []


def writes_to_leavers(tell, *, usually):
    """Register who writes: `tell(people, by=, at=)`, in the transaction in which the day was set.

    `usually()` says whether this company writes unless an admin says otherwise.
    """
    _tellers.append((tell, usually))
    return tell


def tell(people, *, by, at) -> None:
    """Write to those of some people who leave and can be written to, unless they know that day already."""
    for write, _usually in _tellers:
        write(people, by=by, at=at)


def usually_told() -> bool:
    """Whether this company writes to people who leave unless an admin says otherwise."""
    return any(usually() for _write, usually in _tellers)
