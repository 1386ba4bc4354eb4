"""What several apps register under one question, asked in the order that each of them names.

_panels: InOrder[Callable] = InOrder()

def company_panel(order: int = 100):
    return _panels.register(order)

for show in _panels: …
"""

from collections.abc import Callable, Iterator


class InOrder[Registered]:
    """What was registered, the lowest order first; of the same order as it came."""

    def __init__(self) -> None:
        self._known: list[tuple[int, Registered]] = []

    def register(self, order: int) -> Callable[[Registered], Registered]:
        """A decorator that registers what it stands above."""

        def add(one: Registered) -> Registered:
            self._known.append((order, one))
            self._known.sort(key=lambda known: known[0])
            return one

        return add

    def __iter__(self) -> Iterator[Registered]:
        return (one for _order, one in self._known)
