"""Putting things on the agenda, and doing what is due.

`put` is called in the transaction of the cause. A dispatcher claims what is due with a lease, enters the
company, and calls what the kind's owner registered. What is owed stands here; Celery only rings. A row that
keeps failing is parked after five attempts and delays nobody (reliability R31).
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, Min

from velory import clock
from velory.agenda.models import Due
from velory.tenancy.context import current_company, inside, outside
from velory.tenancy.models import Company

log = logging.getLogger(__name__)

ATTEMPTS = 5
LEASE = timedelta(seconds=10 if settings.DEMO else 60)  # renewed as each thing of a batch begins
LEASE_APART = timedelta(minutes=2 if settings.DEMO else 15)
PAUSES = [timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30)]

_kinds: dict[str, "Kind"] = {}


@dataclass(frozen=True)
class Kind:
    """A kind of thing to do: who does it, and whether it takes so long that it goes to a worker of its own."""

    name: str
    does: Callable[[str, datetime], None]
    apart: bool
    unnoticed: bool
    label: Any = ""


def does(kind: str, *, apart: bool = False, unnoticed: bool = False, label: Any = ""):
    """Register what is done when something of a kind is due: `does(ref, at)`, inside the company, safe to run twice.

    `apart`: it takes long. `unnoticed`: housekeeping that no person sees. `label`: what it is called on pages.
    """

    def register(function):
        _kinds[kind] = Kind(kind, function, apart, unnoticed, label)
        return function

    return register


def put(kind: str, ref: str, at: datetime, *, earlier_wins: bool = False) -> None:
    """Put something on the current company's agenda, in the present transaction.

    What already stands there under the same kind and reference moves to `at` and begins afresh; with
    `earlier_wins` it keeps the earlier of both moments.
    """
    moment = "LEAST(agenda_due.due_at, EXCLUDED.due_at)" if earlier_wins else "EXCLUDED.due_at"
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            INSERT INTO public.agenda_due (company_id, kind, ref, due_at, attempts, fault, revision)
            VALUES (%s, %s, %s, %s, 0, '', 1)
            ON CONFLICT (company_id, kind, ref) DO UPDATE
            SET due_at = {moment}, attempts = 0, parked_at = NULL, fault = '', revision = agenda_due.revision + 1
            """,
            [current_company().pk, kind, ref, at],
        )
    if at <= clock.now():
        ring_on_commit()


def put_many(kind: str, refs: list[str], at: datetime) -> None:
    """Put many things on the current company's agenda with one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO public.agenda_due (company_id, kind, ref, due_at, attempts, fault, revision)
            SELECT %s, %s, ref, %s, 0, '', 1 FROM unnest(%s::text[]) AS ref
            ON CONFLICT (company_id, kind, ref) DO UPDATE
            SET due_at = EXCLUDED.due_at, attempts = 0, parked_at = NULL, fault = '', revision = agenda_due.revision + 1
            """,
            [current_company().pk, kind, at, refs],
        )
    if refs and at <= clock.now():
        ring_on_commit()


def drop(kind: str, ref: str) -> None:
    """Take something off the current company's agenda."""
    Due.objects.filter(company_id=current_company().pk, kind=kind, ref=ref).delete()


def ring_on_commit() -> None:
    """Wake a worker once the transaction is committed; at most once a transaction."""
    from velory.agenda.tasks import ring

    if not any(getattr(entry[1], "rings_the_agenda", False) for entry in connection.run_on_commit):

        def wake():
            ring.publish()

        wake.rings_the_agenda = True
        transaction.on_commit(wake)


def noticed_kinds() -> list[str]:
    """The kinds whose work people see."""
    return sorted(kind.name for kind in _kinds.values() if not kind.unnoticed)


def known_kinds() -> list[str]:
    """Every kind that somebody here does."""
    return sorted(_kinds)


def label_of(kind: str) -> str:
    """What a kind is called on pages."""
    return str(_kinds[kind].label or kind) if kind in _kinds else kind


def next_due_at(kinds: list[str] | None = None) -> datetime | None:
    """When the next thing on any company's agenda is due."""
    waiting = Due.objects.filter(parked_at=None, company__in=_served())
    if kinds is not None:
        waiting = waiting.filter(kind__in=kinds)
    return waiting.aggregate(first=Min("due_at"))["first"]


def dispatch(*, at: datetime | None = None, most: int = 200, company=None, apart_too: bool = False) -> int:
    """Do what is due at a moment, `most` things at most; returns how many were claimed.

    Kinds that take long are handed to a worker of their own, unless `apart_too`.
    """
    at = at or clock.now()
    with outside():
        claimed = _claim(at, most, company)
        companies = Company.objects.servable().in_bulk({due.company_id for due in claimed})
    for due in claimed:
        host = companies.get(due.company_id)
        if host is None:
            _give_back(due)
        elif _kinds[due.kind].apart and not apart_too:
            _hand_over(due, host)
        else:
            carry_out(due, host, at=at)
    return len(claimed)


def carry_out(due: Due, company, *, at: datetime) -> None:
    """Do one claimed thing inside its company, and settle its row; unless somebody else has claimed it meanwhile."""
    if not _begin(due):
        return
    try:
        with inside(company):
            _kinds[due.kind].does(due.ref, at)
    except Exception as fault:
        log.exception("%s %s of %s failed (attempt %s)", due.kind, due.ref, company.slug, due.attempts)
        _postpone(due, fault, at)
    else:
        _settle(due)


def _claim(at, most, company):
    known = sorted(_kinds)
    with transaction.atomic():
        free = Due.objects.filter(due_at__lte=at, parked_at=None, kind__in=known, company__in=_served())
        if company is not None:
            free = free.filter(company=company)
        free = free.exclude(lease_until__gt=clock.wall())
        rows = list(free.order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",))[:most])
        Due.objects.filter(pk__in=[row.pk for row in rows]).update(
            lease_until=clock.wall() + LEASE, attempts=F("attempts") + 1
        )
    for row in rows:
        row.attempts += 1
    return rows


def _served():
    """Whose agenda is worked off. What a company that is closed or behind owes waits, and costs it no attempt."""
    return Company.objects.servable()


def _begin(due):
    lease = clock.wall() + (LEASE_APART if _kinds[due.kind].apart else LEASE)
    with outside():
        mine = Due.objects.filter(pk=due.pk).exclude(revision=due.revision, attempts__gt=due.attempts)
        return mine.update(lease_until=lease)


def _settle(due):
    with outside():
        gone, _ = Due.objects.filter(pk=due.pk, revision=due.revision).delete()
        if not gone:
            _give_back(due)


def _give_back(due):
    with outside():
        Due.objects.filter(pk=due.pk).update(lease_until=None)


def _postpone(due, fault, at):
    change: dict[str, Any] = {"lease_until": None, "fault": type(fault).__name__[:200]}
    if due.attempts >= ATTEMPTS:
        change["parked_at"] = clock.wall()
    else:
        change["due_at"] = at + PAUSES[min(due.attempts, len(PAUSES)) - 1]
    with outside():
        Due.objects.filter(pk=due.pk, revision=due.revision).update(**change)
        Due.objects.filter(pk=due.pk).exclude(revision=due.revision).update(lease_until=None)


def _hand_over(due, company):
    from velory.agenda.tasks import carry_out_apart

    _begin(due)
    carry_out_apart.publish(due.pk, due.revision, company.schema_name)
