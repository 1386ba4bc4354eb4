"""On which terms a device leaves: those that were in force when its first stage opened (spec 2).

Nothing has to happen at the moment of the opening: whoever changes the policy first copies it, as it was, onto every
renewal that is open (`keep_what_was_promised`). A renewal that has no row yet has therefore the policy of today. The
sweep writes the rows of what it tells, so that what stands in a letter stands in a row too.
"""

from django.db import transaction

from assets.models import Device
from renewals.due import in_a_stage
from renewals.models import TERMS, Depreciation, Policy, Renewal, Terms
from renewals.paths import Path, path_of, with_what_planning_needs
from velory import clock


def terms_of(device) -> Terms:
    """The terms that hold for a device at its present renewal date. Changes nothing."""
    return Renewal.objects.of(device).first() or _as_of_now(device, Policy.here(), _depreciation(device), at=None)


def terms_of_each(devices) -> dict[int, Terms]:
    """The terms of many devices by their keys, in three queries however many they are."""
    kept = {(row.device_id, row.renewal_on): row for row in Renewal.objects.filter(device__in=devices)}
    policy, table = _now()
    return {
        device.pk: kept.get((device.pk, device.renewal_on))
        or _as_of_now(device, policy, table.get(device.category_id), at=None)
        for device in devices
    }


def renewal_of(device, *, at, on=None) -> Renewal:
    """The renewal of a device whose row the caller holds; its terms are copied now if they were not before.

    `on` names a renewal date that is no longer its own.
    """
    on = on or device.renewal_on
    found = Renewal.objects.at(device, on).first()
    if found is None:
        Renewal.objects.bulk_create(
            [_as_of_now(device, Policy.here(), _depreciation(device), at=at, on=on)], ignore_conflicts=True
        )
        found = Renewal.objects.at(device, on).get()
    return found


def open_renewals(devices, *, at) -> None:
    """Copy the policy onto the renewals of devices in a stage, in three queries; those that have it keep it."""
    policy, table = _now()
    fresh = [
        _as_of_now(device, policy, table.get(device.category_id), at=at)
        for device in sorted(devices, key=lambda device: device.pk)
        if path_of(device) in {Path.LEASED, Path.ONE_OFF}
    ]
    Renewal.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)


def keep_what_was_promised(*, at) -> int:
    """Copy the policy as it still is onto every renewal that is open; returns onto how many. Called before a change.

    The caller holds the policy's row. The devices are held too: a choice under way is finished first, and the next
    finds the row.
    """
    policy, table = _now()
    opened = Device.objects.in_the_house().filter(in_a_stage(clock.local_date(at)))
    held = with_what_planning_needs(opened).order_by("pk").select_for_update(of=("self",), no_key=True)
    fresh = [
        _as_of_now(device, policy, table.get(device.category_id), at=at)
        for device in held.iterator(chunk_size=1000)
        if path_of(device) != Path.EXTERNAL
    ]
    Renewal.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    return len(fresh)


def change_policy(save, *, at):
    """Change what the company allows: `save()` runs once what was promised is kept. One change at a time."""
    with transaction.atomic():
        Policy.to_change()
        Policy.objects.select_for_update().get(pk=1)
        keep_what_was_promised(at=at)
        return save()


def _now():
    return Policy.here(), {row.category_id: row for row in Depreciation.objects.all()}


def _depreciation(device):
    return Depreciation.objects.filter(category_id=device.category_id).first()


def _as_of_now(device, policy, depreciation, *, at, on=None) -> Renewal:
    return Renewal(
        device=device, renewal_on=on or device.renewal_on, path=path_of(device) or "", opened_at=at,
        depreciation_months=depreciation.months if depreciation else None,
        floor_percent=depreciation.floor_percent if depreciation else None,
        **{name: getattr(policy, name) for name in TERMS},
    )  # fmt: skip
