"""On which terms a device leaves: those that were in force when its first stage opened (spec 2).

Nothing has to happen at the moment of the opening: whoever changes the policy first copies it, as it was, onto every
renewal that is open (`keep_what_was_promised`). A renewal that has no row yet has therefore the policy of today.
"""

from assets.models import Device
from renewals.due import in_a_stage
from renewals.models import TERMS, Depreciation, Policy, Renewal, Terms
from renewals.paths import path_of, with_what_planning_needs
from velory import clock


def terms_of(device) -> Terms:
    """The terms that hold for a device at its present renewal date. Changes nothing."""
    return Renewal.objects.of(device).first() or _as_of_now(device, Policy.here(), _depreciation(device), at=None)


def renewal_of(device, *, at) -> Renewal:
    """The renewal of a device whose row the caller holds; its terms are copied now if they were not before."""
    fresh = _as_of_now(device, Policy.here(), _depreciation(device), at=at)
    Renewal.objects.bulk_create([fresh], ignore_conflicts=True)
    return Renewal.objects.of(device).get()


def keep_what_was_promised(*, at) -> int:
    """Copy the policy as it still is onto every renewal that is open; returns onto how many. Called before a change."""
    policy, table = Policy.here(), {row.category_id: row for row in Depreciation.objects.all()}
    opened = Device.objects.in_the_house().filter(in_a_stage(clock.local_date(at)))
    fresh = [
        _as_of_now(device, policy, table.get(device.category_id), at=at)
        for device in with_what_planning_needs(opened).iterator(chunk_size=1000)
    ]
    Renewal.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=1000)
    return len(fresh)


def _depreciation(device):
    return Depreciation.objects.filter(category_id=device.category_id).first()


def _as_of_now(device, policy, depreciation, *, at) -> Renewal:
    return Renewal(
        device=device, renewal_on=device.renewal_on, path=path_of(device) or "", opened_at=at,
        depreciation_months=depreciation.months if depreciation else None,
        floor_percent=depreciation.floor_percent if depreciation else None,
        **{name: getattr(policy, name) for name in TERMS},
    )  # fmt: skip
