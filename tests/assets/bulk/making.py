"""Makers of bulk changes: planned as the page plans them, applied as the agenda applies them."""

from datetime import date, timedelta

from assets.bulk.applying import apply_all
from assets.bulk.models import BulkChange
from assets.bulk.plan import planned, planned_undo
from assets.bulk.registry import action_called
from assets.models import Device
from tests.assets.importing.making import many_rows
from velory import clock


def a_bulk_change(code, devices=None, *, by, missing=(), **said):
    """What the bar's form makes of its words: a plan, nothing of it applied."""
    action = action_called(code)
    form = action.form(said, today=clock.today())
    assert form.is_valid(), form.errors
    chosen = Device.objects.all() if devices is None else Device.objects.filter(pk__in=[d.pk for d in devices])
    return planned(action, form.cleaned_data, form.stored(), chosen, by=by, at=clock.now(), missing=missing)


def applied(change, *, by=None):
    """The change, applied as it was looked at."""
    change.confirm(by=by or change.by, plan=change.plan_digest, at=clock.now())
    apply_all(change, at=clock.now())
    return BulkChange.objects.get(pk=change.pk)


def an_undo(change, *, by=None):
    """The plan that takes a change back."""
    return planned_undo(change, by=by or change.by, at=clock.now())


def verdicts(change) -> dict:
    """What becomes of each device, by its reference."""
    return {row.ref: row.verdict for row in change.rows.all()}


def reasons(change) -> dict:
    """Why nothing is done to some, by their references."""
    return {row.ref: row.reason for row in change.rows.with_verdict("refused")}


def a_fleet_of(number, *, by) -> None:
    """Many people, each with a device that has a renewal date, by the import that large companies use."""
    from assets.importing.applying import apply_all as apply_import
    from assets.importing.models import Import
    from tests.assets.importing.making import a_file

    rows = list(many_rows(number))
    for place, row in enumerate(rows):
        row["renewal_date"] = (date(2027, 6, 1) + timedelta(days=place % 600)).isoformat()
    at = clock.now()
    an_import = Import.begin(a_file(*rows), "fleet.csv", by=by, at=at)
    an_import.read_here(at=at)
    an_import.confirm(by=by, plan=an_import.plan_digest, at=at)
    apply_import(an_import, at=at)
