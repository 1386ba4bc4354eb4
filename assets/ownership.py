"""Whose a device is at bottom, by the path on which it leaves: leased, external or one-off (spec 2)."""

from django.db.models import Q
from django.utils.translation import pgettext_lazy

OWNERSHIP = {
    "leased": pgettext_lazy("path", "Leased"),
    "one-off": pgettext_lazy("path", "One-off"),
    "external": pgettext_lazy("path", "External"),
}


def ownership_of(device) -> str:
    """External where the distributor stands outside the store, else leased or one-off: a key of OWNERSHIP."""
    if device.distributor_id and not device.distributor.integrated:
        return "external"
    return "leased" if device.is_leased else "one-off"


def owned_as(kind: str) -> Q:
    """The same answer as a condition on devices. Every device is of exactly one kind."""
    external = Q(distributor__isnull=False, distributor__integrated=False)
    leased = Q(contract__isnull=False, contract__closed_on=None)
    return {"external": external, "leased": ~external & leased, "one-off": ~external & ~leased}[kind]
