"""Exactly the plan that was shown, in chunks: one transaction each, so that a crash loses and repeats none (R72)."""

from django.db import DatabaseError, transaction

from assets.importing.chunk import Chunk
from assets.importing.faults import Fault
from assets.importing.models import Import, ImportRow
from assets.importing.verdicts import counts
from velory import clock
from velory.crash import crash
from velory.people.models import Person
from velory.people.rules import administrator
from velory.turns import take_turn

CHUNK = 250
TURN = "import"  # of imports and bulk changes: they never wait for each other's rows


def apply_all(an_import: Import, *, at) -> None:
    """Apply what is left of an import, chunk by chunk."""
    crash("IMPORT.begin")
    while apply_chunk(an_import.pk, at=at):
        crash("IMPORT.chunk")


def apply_chunk(pk: int, *, at) -> bool:
    """Apply the next rows of an import; whether there may be more of them."""
    with transaction.atomic():
        take_turn(TURN)
        an_import = Import.objects.select_for_update(of=("self",)).select_related("by").defer("content").get(pk=pk)
        if an_import.state != Import.State.APPLYING:
            return False
        if an_import.by and not (administrator(an_import.by) and an_import.by.works_on(clock.local_date(at))):
            _stop(an_import, at)
            return False
        rows = list(an_import.rows.waiting()[:CHUNK])
        if not rows:
            _finish(an_import, at)
            return False
        _apply(an_import, rows, at)
        an_import.done += len(rows)
        an_import.save(update_fields=["done"])
        crash("IMPORT.inside")
    return True


def _stop(an_import, at):
    """Whoever started it is no admin any more: what is left is not applied, and goes back as refused (R74)."""
    an_import.rows.refuse_waiting(Fault("stopped"))
    an_import.state, an_import.stopped_because = Import.State.STOPPED, "not_admin"
    an_import.applied_at, an_import.outcome = at, counts(an_import.rows.defer("plan").iterator())
    an_import.save(update_fields=["state", "stopped_because", "applied_at", "outcome"])


def _finish(an_import, at):
    _name_approvers(an_import)
    an_import.state, an_import.applied_at = Import.State.APPLIED, at
    an_import.outcome = counts(an_import.rows.defer("plan").iterator())
    an_import.save(update_fields=["state", "applied_at", "outcome"])


def _name_approvers(an_import):
    """Last of all, because an approver may stand further down in the file than who names them."""
    named = {
        row.email: row.plan["person"]["facts"]["approver_email"]
        for row in an_import.rows.filter(
            applied_at__isnull=False, plan__person__facts__has_key="approver_email"
        ).order_by("number")
    }
    people = {person.email: person for person in Person.objects.filter(email__in={*named, *named.values()})}
    changed = []
    for email, approver in named.items():
        if email in people and approver in people and people[email].approver_id != people[approver].pk:
            people[email].approver = people[approver]
            changed.append(people[email])
    Person.objects.bulk_update(changed, ["approver"], batch_size=1000)


def _apply(an_import, rows, at):
    """Apply rows together; where the database refuses one of them, each by itself, and only that one is refused."""
    try:
        with transaction.atomic():
            Chunk(an_import, rows, at).apply()
    except DatabaseError:
        for row in rows:
            try:
                with transaction.atomic():
                    Chunk(an_import, [row], at).apply()
            except DatabaseError:
                row.refuse(Fault("database"))
    refused = [row for row in rows if row.verdict == "refused"]
    ImportRow.objects.bulk_update(refused, ["verdict", "person_verdict", "device_verdict", "faults"])
    an_import.rows.filter(pk__in=[row.pk for row in rows if row.verdict != "refused"]).update(applied_at=at)
