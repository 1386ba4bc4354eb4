"""The admins' lists of renewals: each its own address, the same table."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from assets.models import Device
from renewals import acts, due
from renewals.acts import Act
from renewals.forecast.groups import narrowed, on_the_way
from renewals.models import Reminder
from renewals.paths import NO_PATH, Path, closed, on_path, path_of, with_what_a_path_needs
from renewals.planner import not_their_own, owed
from renewals.stages import stage_now
from velory.tenancy.context import current_company


@dataclass(frozen=True)
class View:
    """One list: which devices, what is said of them, and what their admin does next about each."""

    code: str
    label: Any
    about: Any
    of: Callable[[date], Any]
    nothing: Any
    act: Callable[[Device], Act] | None = None

    @property
    def has_acts(self) -> bool:
        """Whether each row has a button."""
        return self.act is not None


VIEWS = [
    View(
        "due", pgettext_lazy("renewals", "Due"),
        _("In a stage of their renewal, and nothing is decided for good."), due.due,
        _("No renewal is open"),
    ),
    View(
        "awaiting_confirmation", _("Awaiting confirmation"),
        _("Confirm the return when the device is back or was bought from the distributor."), due.awaiting_confirmation,
        _("No return waits to be confirmed"), acts.confirm,
    ),
    View(
        "awaiting_release", _("Awaiting release"),
        _("Take the device out of MDM and other company systems, then mark it as released. One that was bought out "
          "waits until its buyer has the new one."),
        due.awaiting_release,
        _("No device waits to be released"), acts.release,
    ),
    View(
        "overdue", _("Overdue"),
        _("The renewal date has passed and nothing is decided. The device stays; where it is leased or external, the "
          "store stays shut."),
        due.overdue,
        _("No device is overdue"), acts.settle,
    ),
    View(
        "date_missing", _("Renewal date missing"),
        _("They follow no path, so nobody is reminded. Set the date on the device."), due.date_missing,
        _("Every device in use has a renewal date"), acts.set_the_date,
    ),
    View(
        "all", pgettext_lazy("renewals", "All"),
        _("Every device in the house that has a renewal date, or is in use without one. The forecast counts these."),
        on_the_way, _("No device has a renewal date"),
    ),
]  # fmt: skip
VIEW_CALLED = {view.code: view for view in VIEWS}
SORTS = {
    "device": "name",
    "holder": ("holder__last_name", "holder__first_name"),
    "status": "status",
    "renewal": "renewal_on",
}


@dataclass
class Row:
    """A device on a list: its path, the stage that is open, what its reminder came to, and what is done next."""

    device: Device
    path: Path | None
    path_label: Any
    stage: Any
    closed: Any
    reminders: list = field(default_factory=list)
    late: bool = False
    act: Act | None = None


def devices_of(view: View, table, today: date):
    """The devices of a list, narrowed by what the address says."""
    devices = view.of(today).matching(table.q)
    if paths := [path for path in table.chosen("path") if path in Path.values]:
        devices = devices.filter(_on_any(paths))
    devices = narrowed(
        devices, today=today, months=table.chosen("month"), choices=table.chosen("choice"),
        replacing=bool(table.chosen("replace")),
    )  # fmt: skip
    return with_what_a_path_needs(devices)


def _on_any(paths):
    condition = Q()
    for path in paths:
        condition |= on_path(Path(path))
    return condition


def rows_of(view: View, devices, today: date) -> list[Row]:
    """The rows of one page, with one more query for the ledger of all of them."""
    company = current_company()
    ledger: dict[int, dict] = {}
    for reminder in Reminder.objects.filter(device__in=devices).select_related("person"):
        ledger.setdefault(reminder.device_id, {})[reminder.key] = reminder
    inherited = not_their_own(devices)
    return [_row(view, device, ledger.get(device.pk, {}), company, today, inherited) for device in devices]


def _row(view, device, reminders, company, today, inherited):
    path = path_of(device)
    stage = stage_now(path, device.renewal_on, today)
    wanted = [key for key in owed(device, company, today=today, inherited=inherited) if key[1] == stage]
    return Row(
        device, path, path.label if path else NO_PATH, stage, closed(path, company),
        reminders=[reminders[key] for key in wanted if key in reminders],
        late=device.renewal_on is not None and device.renewal_on < today,
        act=view.act(device) if view.act else None,
    )  # fmt: skip
