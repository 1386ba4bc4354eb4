"""What an admin does next about a device on one of the lists: the button on its row."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from assets.lifecycle import PRELIMINARY, Status
from renewals.paths import Path, closed, path_of
from velory.tenancy.context import current_company


@dataclass(frozen=True)
class Act:
    """A button: what it says, and the page to which it leads."""

    label: Any
    address: str


def confirm(device) -> Act:
    """It is back, or its holder has bought it from the distributor."""
    return _step(device, "confirm_return", _("Confirm return"))


def release(device) -> Act:
    """Out of MDM and every other company system."""
    bought = device.status == Status.BOUGHT_BY_EMPLOYEE
    return _step(device, "release_bought" if bought else "release", _("Mark as released"))


def set_the_date(device) -> Act:
    """From when on anybody is asked."""
    return _step(device, "edit", _("Set the date"))


def settle(device) -> Act:
    """What its holder has left open, in their stead: the start, the choice, or another day where none can be made."""
    path = path_of(device)
    if device.status in {Status.PENDING_BUYOUT, Status.NEEDS_REPAIR}:
        return Act(_("See how it stands"), f"{device.get_absolute_url()}?tab=lifecycle")
    if closed(path, current_company()) or (path == Path.EXTERNAL and device.status in PRELIMINARY):
        return _step(device, "edit", _("Change the date"))
    if path == Path.EXTERNAL:
        return _step(device, "start_renewal", _("Start the process"))
    return Act(_("Choose what happens"), f"{device.get_absolute_url()}?tab=lifecycle#renewal")


def _step(device, name, label):
    return Act(label, reverse("assets:step", args=[device.ref, name]))
