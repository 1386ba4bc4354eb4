"""What renewals answers when a device's steps ask whether the moment is right."""

from django.utils.translation import gettext as _

from assets.gate import is_borrowed
from assets.guards import answers
from assets.lifecycle import Status
from assets.models import Device
from assets.rules import holds
from renewals.paths import Path, path_of
from renewals.stages import first_opening
from velory import clock
from velory.journal.reason import Reason
from velory.ui.dates import day_long


@answers("renewal_can_start")
def renewal_can_start(device, *, by, at, **details):
    """The external path alone has this step, from 30 days before the renewal date on."""
    if path_of(device) != Path.EXTERNAL:
        text = _("Only devices from distributors outside the store are renewed this way.")
        return Reason("other_path", text, hidden=True)
    opens = first_opening(Path.EXTERNAL, device.renewal_on)
    if opens and clock.local_date(at) < opens:
        return Reason("window", _("You can start the process from %s.") % day_long(opens), until=opens)
    return only_lent(device, by)


def only_lent(device, by) -> Reason | None:
    """Why its holder chooses nothing about it: they have it for the time being."""
    if not holds(device, by) or not Device.objects.filter(is_borrowed("holder", "pk"), pk=device.pk).exists():
        return None
    return Reason("lent", _("It is only lent to you, so what becomes of it is not yours to choose."), who=_("an admin"))


@answers("renewal_was_started")
def renewal_was_started(device, *, by, at, **details):
    """It awaits its return because the process was started, and not for another reason."""
    last = device.journal.filter(went_to=Status.RETURN_PENDING).exclude(came_from=Status.RETURN_PENDING).last()
    if last is not None and last.step == "start_renewal":
        return None
    return Reason("not_started", _("The renewal process was not started for it."), hidden=True)
