"""How the present company's agenda fares: what was given up after its tries, and what is late."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import models, transaction
from django.db.models import Q

from velory import clock
from velory.agenda import book
from velory.agenda.models import Due
from velory.journal.deeds import write
from velory.tenancy.context import current_company

LATE = timedelta(minutes=10)  # a worker that lives is never so far behind


@dataclass(frozen=True)
class JobHealth:
    """How many things were given up, and how many are late."""

    parked: int
    late: int

    def __bool__(self):
        """Whether all is well."""
        return not (self.parked or self.late)


def given_up() -> models.QuerySet:
    """What failed five times and waits for an admin."""
    return _here().filter(parked_at__isnull=False)


def behind(at: datetime) -> models.QuerySet:
    """What should have been done a while ago, and nobody is doing."""
    waits = _here().filter(parked_at=None, due_at__lt=at - LATE, kind__in=book.known_kinds())
    return waits.exclude(lease_until__gt=clock.wall())


def stuck(at: datetime) -> models.QuerySet:
    """Both, what was given up first."""
    both = given_up().values("pk").union(behind(at).values("pk"))
    return _here().filter(pk__in=both).order_by(models.F("parked_at").desc(nulls_last=True), "due_at", "pk")


def job_health(at: datetime) -> JobHealth:
    """The two numbers, with one query."""
    late = Q(parked_at=None, due_at__lt=at - LATE, kind__in=book.known_kinds())
    late &= Q(lease_until=None) | Q(lease_until__lte=clock.wall())
    found = _here().aggregate(
        parked=models.Count("pk", filter=Q(parked_at__isnull=False)), late=models.Count("pk", filter=late)
    )
    return JobHealth(**found)


def try_again(pk: int, *, by, at: datetime) -> Due | None:
    """Let something begin afresh, now; None where it is no longer stuck."""
    with transaction.atomic():
        due = stuck(at).filter(pk=pk).select_for_update(of=("self",)).first()
        if due is None:
            return None
        write(due, "try_again", by=by, at=at, details={"kind": due.kind})
        due.begin_afresh(at)
        book.ring_on_commit()
    return due


def _here():
    return Due.objects.filter(company_id=current_company().pk)
