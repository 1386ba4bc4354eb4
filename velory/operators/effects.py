"""What stops when a feature is switched off, or a company's currency changes: counted inside the company, in words.

    @stops("repair_flow")
    def devices_in_repair() -> list[Effect]: …          (asked inside the company; none where nothing stops)

Nothing is refused: it is the operator's to decide, who reads this before the button. What is under way stays as it is
and goes on when the feature is back.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import ngettext

from velory.payments.models import Attempt
from velory.tenancy.context import inside
from velory.tenancy.plans import FEATURES, Feature, in_force

CURRENCY = "currency"

_stops: dict[str, list[Callable[[], list["Effect"]]]] = defaultdict(list)


@dataclass(frozen=True)
class Effect:
    """How many of what would be left standing."""

    count: int
    text: str

    def __str__(self):
        return str(self.text)


@dataclass(frozen=True)
class Loss:
    """A feature that would be off, and what stands under way in it now."""

    feature: Feature
    effects: tuple[Effect, ...]


def stops(what: str):
    """Register who counts what would stop."""

    def register(counter):
        _stops[what].append(counter)
        return counter

    return register


def effects_of(company, what: str) -> tuple[Effect, ...]:
    """Everything that would stop in a company; only what counts something, and nothing where nobody can look."""
    if not company.is_up_to_date:
        return ()
    with inside(company):
        return tuple(effect for counter in _stops[what] for effect in counter() if effect.count)


def losses(company, *, plan: str, features: Iterable[str]) -> list[Loss]:
    """What would be switched off by another plan or other flags, with its effects."""
    left = in_force(features, plan)
    gone = [code for code in in_force(company.features, company.plan) if code not in left]
    return [Loss(FEATURES[code], effects_of(company, code)) for code in gone]


@stops(CURRENCY)
def payments_that_were_made() -> list[Effect]:
    """Payments keep the currency in which they were made."""
    n = Attempt.objects.count()
    text = ngettext("%s payment keeps its currency.", "%s payments keep their currency.", n)
    return [Effect(n, text % n)]
