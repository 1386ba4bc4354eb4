"""References that people can read aloud: `D-7K4M2X`. Random, so that they tell neither counts nor order (R57)."""

import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # no 0, 1, I, L, O, U


def reference(prefix: str) -> str:
    """One reference that is most likely new; the database's unique key has the last word."""
    return prefix + "-" + "".join(secrets.choice(ALPHABET) for _ in range(6))


def references(model, prefix: str, count: int) -> list[str]:
    """References for rows made in bulk, none of which exists yet; one query for all of them."""
    fresh: set[str] = set()
    while len(fresh) < count:
        fresh |= {reference(prefix) for _ in range(count - len(fresh))}
        fresh -= set(model.objects.filter(ref__in=fresh).values_list("ref", flat=True))
    return list(fresh)


def device_reference() -> str:
    """A device's reference."""
    return reference("D")


def person_reference() -> str:
    """A person's reference."""
    return reference("P")


def partner_reference() -> str:
    """A partner's reference."""
    return reference("B")


def import_reference() -> str:
    """An import's reference."""
    return reference("M")


def location_reference() -> str:
    """A location's reference."""
    return reference("L")


def team_reference() -> str:
    """A team's reference."""
    return reference("T")


def view_reference() -> str:
    """A saved view's reference."""
    return reference("V")
