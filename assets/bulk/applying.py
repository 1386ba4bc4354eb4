"""Exactly the plan that was shown, in chunks: one transaction each, so that a crash loses and repeats none."""

import logging
from datetime import timedelta
from functools import partial

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from assets.bulk.models import BulkChange, BulkRow
from assets.bulk.moves import World, take
from assets.bulk.plan import with_what_steps_ask
from assets.bulk.wording import Wording
from assets.importing.applying import TURN
from assets.models import Device
from velory import clock
from velory.agenda import book
from velory.crash import crash
from velory.journal.reason import NotYours, Refused
from velory.people.rules import administrator
from velory.turns import take_turn

log = logging.getLogger(__name__)

CHUNK = 250
TRIES = 3
A_MOMENT = timedelta(seconds=2)


def apply_all(change: BulkChange, *, at) -> None:
    """Apply what is left of a change, chunk by chunk."""
    crash("BULK.begin")
    while apply_chunk(change.pk, at=at):
        crash("BULK.chunk")


def apply_chunk(pk: int, *, at) -> bool:
    """Apply the next rows of a change; whether to go on at once."""
    with transaction.atomic():
        take_turn(TURN)
        change = BulkChange.objects.select_for_update(of=("self",)).select_related("by").get(pk=pk)
        if change.state != BulkChange.State.APPLYING:
            return False
        rows = list(change.rows.waiting()[:CHUNK])
        with override(change.by.language if change.by else None):
            if not _may_go_on(change, rows, at):
                return False
            held_by_others = _apply(change, rows, at)
        change.done += sum(bool(row.applied_at) or row.verdict == "refused" for row in rows)
        change.save(update_fields=["done"])
        if held_by_others == len(rows):
            book.put("bulk.apply", change.ref, clock.now() + A_MOMENT)
            return False
        crash("BULK.inside")
    return True


def _may_go_on(change, rows, at) -> bool:
    if change.by is None or not (administrator(change.by) and change.by.works_on(clock.local_date(at))):
        change.rows.refuse_waiting(_("Whoever started this change is no longer an admin. It was stopped."))
        _finish(change, BulkChange.State.STOPPED, at)
        return False
    if not rows:
        _finish(change, BulkChange.State.APPLIED, at)
        return False
    return True


def _finish(change, state, at):
    change.state, change.applied_at, change.outcome = state, at, change.rows.counted()
    change.save(update_fields=["state", "applied_at", "outcome"])


# One chunk


def _apply(change, rows, at) -> int:
    """Apply rows together; where one of them can't be, each by itself. Returns how many somebody else held."""
    world = World(change, rows, at)
    devices, wording = held(rows), Wording()
    ready = [row for row in rows if _is_as_it_was(row, devices)]
    for row in ready:
        try:
            world.check(row, devices[row.device_id])
        except Refused as refused:
            row.refuse(refused.reason, wording.of(refused, partial(world.check, row, devices[row.device_id])))
    ready = [row for row in ready if row.verdict == "changed"]
    if not _all_at_once(world, ready, devices):
        for row in ready:
            _by_itself(world, row, wording)
    for row in ready:
        row.applied_at = at if row.verdict == "changed" else None
    _keep(rows, at)
    return sum(row.verdict == "changed" and not row.applied_at for row in rows)


def held(rows) -> dict[int, Device]:
    """The devices of some rows, locked; those that somebody else holds at this moment are not waited for."""
    found = with_what_steps_ask(Device.objects.all())
    pks = [row.device_id for row in rows]
    locked = found.filter(pk__in=pks).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    return {device.pk: device for device in locked}


def _is_as_it_was(row, devices) -> bool:
    """Whether the device is here, free, and as it was when the change was looked at; else the row says why not."""
    device = devices.get(row.device_id)
    if device is None:
        row.tries += 1
        if not Device.objects.filter(pk=row.device_id).exists():
            row.refuse(_("It is no longer here."))
        elif row.tries >= TRIES:
            row.refuse(_("Somebody else was working on it at that moment."))
    elif device.version != row.version:
        row.refuse(_("It has changed since the preview."))
    return row.verdict == "changed" and device is not None


def _all_at_once(world, rows, devices) -> bool:
    try:
        with transaction.atomic():
            take(world, [(row, devices[row.device_id]) for row in rows])
    except Exception as fault:  # noqa: BLE001 - whichever device it is will say so by itself
        log.info("a chunk of %s is taken one by one: %s", world.change.ref, fault)
        return False
    return True


def _by_itself(world, row, wording) -> None:
    """One device, whole or not at all; whatever refuses it is the row's reason."""
    try:
        with transaction.atomic():
            (device,) = held([row]).values()
            take(world, [(row, device)])
    except (Refused, NotYours) as refused:
        row.refuse(refused, wording.of(refused, partial(_rehearse, world, row)))
    except Exception:
        log.exception("%s of %s", row.ref, world.change.ref)
        row.refuse(_("Something went wrong with it. It is as it was."))


def _rehearse(world, row) -> None:
    """Take the steps of a row once more, to hear what refuses them; nothing of it stays, even where nothing does."""
    with transaction.atomic():
        (device,) = held([row]).values()
        take(world, [(row, device)])
        transaction.set_rollback(True)


def _keep(rows, at):
    """What came of each; and what a device is now: an undo asks whether it is so still."""
    done = [row for row in rows if row.applied_at]
    now = Device.objects.filter(pk=OuterRef("device_id"))
    BulkRow.objects.filter(pk__in=[row.pk for row in done]).update(
        applied_at=at, left_version=Subquery(now.values("version")), left_status=Subquery(now.values("status"))
    )
    left_out = [row for row in rows if not row.applied_at]
    BulkRow.objects.bulk_update(left_out, ["verdict", "reason", "words", "tries"], batch_size=CHUNK)
    BulkRow.objects.bulk_update([row for row in done if "note" in row.before], ["before"], batch_size=CHUNK)
