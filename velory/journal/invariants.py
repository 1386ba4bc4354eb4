"""What must hold in every company, asked of the rows as they stand. Each app registers its own."""

from collections.abc import Callable, Iterable

_invariants: dict[str, Callable[[], Iterable[str]]] = {}


def invariant(name: str):
    """Register a question about the current company's rows: `find()` gives a sentence for each row that breaks it."""

    def register(find):
        _invariants[name] = find
        return find

    return register


def findings() -> list[tuple[str, str]]:
    """Every (name, sentence) that does not hold in the current company; empty where all is well."""
    return [(name, sentence) for name, find in _invariants.items() for sentence in find()]
