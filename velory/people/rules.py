"""Who is who: questions about a person at the keyboard. Each answers yes or no."""


def administrator(person) -> bool:
    """A person who may do everything in the company."""
    return bool(person and getattr(person, "is_admin", False))
