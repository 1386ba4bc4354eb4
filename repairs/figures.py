"""Repairs in figures: per model how many fail, per supplier how long it takes and what it costs. Costs are net."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal

from django.db.models import Avg, Count, ExpressionWrapper, F, Max, Q, Sum, fields
from django.db.models.functions import Upper

from assets.models import Device
from repairs.models import Case

MOST = 50


@dataclass
class Figure:
    """One model or one supplier. `share` is how many in a hundred of the model's devices have been reported."""

    name: str
    cases: int
    repaired: int
    replaced: int
    days: float | None
    devices: int = 0
    costs: list[tuple[str, Decimal]] = field(default_factory=list)

    @property
    def share(self) -> int | None:
        """Cases in a hundred devices; None where the model has none left."""
        return round(100 * self.cases / self.devices) if self.devices else None


def per_model() -> list[Figure]:
    """Models by how many faults were reported, the most first."""
    found = _counted("device__name")
    owned = dict(
        Device.objects.filter(name__in=[figure.name for figure in found]).values_list("name").annotate(Count("pk"))
    )
    for figure in found:
        figure.devices = owned.get(figure.name, 0)
    return found


def per_supplier() -> list[Figure]:
    """Who repairs, by how many cases; one supplier however its case is written."""
    return _counted("supplier", but=Q(supplier=""))


def _counted(by, but=None):
    cases = Case.objects.exclude(but) if but else Case.objects.all()
    out = ExpressionWrapper(F("closed_at") - F("taken_in_at"), output_field=fields.DurationField())
    outcome = Case.Outcome
    rows = (
        cases.annotate(called=Upper(by)).values("called").annotate(
            name=Max(by), n=Count("pk"), repaired=Count("pk", filter=Q(outcome=outcome.REPAIRED)),
            replaced=Count("pk", filter=Q(outcome__in=[outcome.REPLACED, outcome.RECYCLED])),
            took=Avg(out, filter=Q(closed_at__isnull=False, taken_in_at__isnull=False)),
        ).order_by("-n", "called")[:MOST]
    )  # fmt: skip
    costs = _costs(cases, by)
    return [
        Figure(row["name"], row["n"], row["repaired"], row["replaced"],
               round(row["took"].total_seconds() / 86400, 1) if row["took"] is not None else None,
               costs=costs.get(row["called"], []))
        for row in rows
    ]  # fmt: skip


def _costs(cases, by):
    found: dict[str, list] = defaultdict(list)
    priced = cases.exclude(cost=None).annotate(called=Upper(by))
    for row in priced.values("called", "currency").annotate(sum=Sum("cost")).order_by("called", "currency"):
        found[row["called"]].append((row["currency"], row["sum"]))
    return found
