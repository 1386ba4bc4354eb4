"""What a change would do to each of the chosen devices. Nothing is written but the plan itself."""

from collections.abc import Iterable, Iterator

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from assets.bulk.hands import stored_taker
from assets.bulk.models import BulkChange, BulkRow, digest_of
from assets.bulk.registry import Action, Asking
from assets.bulk.wording import Wording
from assets.models import Device, Note, Partner, Space
from velory import clock
from velory.journal.reason import Refused
from velory.people.models import Person

MOST = 10_000  # devices in one change


def planned(
    action: Action, said: dict, stored: dict, devices, *, by, at, missing: Iterable[str] = (), query=""
) -> BulkChange:
    """Keep what an action does to devices; references that name none are refused by name."""
    asking = Asking(by, at, clock.local_date(at))
    wording = Wording()
    rows = [_row(device, lambda device: action.plan(device, said, asking), wording) for device in in_order(devices)]
    rows += [_nowhere(ref) for ref in missing]
    return _kept(BulkChange(action=action.code, said=stored, list_query=query[:2000]), rows, by=by, at=at)


def planned_undo(change: BulkChange, *, by, at) -> BulkChange:
    """Keep what takes a change back, device by device, and why it does not where it does not."""
    applied = list(change.rows.with_verdict("changed").filter(applied_at__isnull=False).order_by("number"))
    rows = list(_undone(change, applied, Asking(by, at, clock.local_date(at), known=_named_before(applied))))
    return _kept(BulkChange(action=change.action, said=change.said, undoes=change), rows, by=by, at=at)


def in_order(devices) -> Iterator[Device]:
    """Devices as a plan reads them, by name."""
    return with_what_steps_ask(devices).order_by("name", "pk").iterator(chunk_size=2000)


def with_what_steps_ask(devices):
    """What few of them have between them is read once: a category, a distributor, a space, a leasing provider."""
    own = devices.select_related("holder", "contract")
    return own.prefetch_related("category", "distributor", "space", "contract__provider")


def _named_before(rows):
    """Whoever and whatever the devices had before, read once."""
    takers = [tuple(row.before["to"]) for row in rows if row.before.get("to")]
    keys = {
        Person: {pk for kind, pk in takers if kind == "person"},
        Space: {pk for kind, pk in takers if kind == "space"},
        Partner: {row.before.get("distributor") for row in rows} - {None},
        Note: {row.before["note"] for row in rows if row.before.get("note")},
    }
    return {kind: kind._default_manager.in_bulk(pks) for kind, pks in keys.items()}


def _undone(change, applied, asking):
    chosen = Device.objects.filter(pk__in=[row.device_id for row in applied])
    devices = {device.pk: device for device in in_order(chosen)}
    wording = Wording()
    for row in applied:
        row.change = change
        device = devices[row.device_id]
        if device.version != row.left_version:
            refused = _told_of(device)
            refused.refuse(_("It has changed since: the change can't be taken back."))
            yield refused
        else:
            yield _row(device, lambda device, row=row: change.deed.undo(row, device, asking), wording)


def _row(device, plan, wording) -> BulkRow:
    row = _told_of(device)
    try:
        does = plan(device)
    except Refused as refused:
        row.refuse(refused.reason, wording.of(refused, lambda: plan(device)))
        return row
    row.verdict = "changed" if does.moves else "unchanged"
    row.moves, row.changes = [list(move) for move in does.moves], [list(change) for change in does.changes]
    return row


def _told_of(device) -> BulkRow:
    """A device as a plan keeps it, with what it is now."""
    return BulkRow(
        device=device, ref=device.ref, name=device.name, serial=device.serial, version=device.version,
        before={
            "status": device.status, "to": stored_taker(device.whose), "payor": device.payor,
            "cost_centre": device.payor_cost_centre, "distributor": device.distributor_id,
            "renewal_on": device.renewal_on.isoformat() if device.renewal_on else "",
        },
    )  # fmt: skip


def _nowhere(ref) -> BulkRow:
    row = BulkRow(ref=ref[:40])
    row.refuse(_("No device here has this reference."))
    return row


@transaction.atomic
def _kept(change, rows, *, by, at):
    change.by, change.by_name, change.planned_at = by, str(by or ""), at
    change.counts = {
        verdict: sum(row.verdict == verdict for row in rows) for verdict in ("changed", "unchanged", "refused")
    }
    change.plan_digest = digest_of(rows)
    change.save(force_insert=True)
    for number, row in enumerate(rows, 1):
        row.change, row.number = change, number
    BulkRow.objects.bulk_create(rows, batch_size=1000)
    return change
