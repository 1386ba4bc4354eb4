"""What renewals says to the store's gate: a device that awaits its choice shuts its category (spec 2)."""

from django.utils.translation import gettext as _

from assets.gate import NO_DAY, Shut, for_good, gatekeeper, lets_go_from
from assets.lifecycle import PRELIMINARY
from assets.models import Device
from renewals.asks import ask_about
from renewals.due import awaits_choice
from renewals.paths import Path, closed, path_of, with_what_a_path_needs
from renewals.stages import Stage, first_opening, opens_on, stage_now
from velory.tenancy.context import current_company

SHUTTING = (Path.EXTERNAL, Path.LEASED)


@gatekeeper
def a_device_awaits_its_choice(person, category, *, today):
    """External in its window and not started; leased from the preliminary stage to the final choice."""
    held = Device.objects.held_by(person).in_phase("in use").filter(category=category).order_by("renewal_on", "pk")
    for device in with_what_a_path_needs(for_good(held, person)):
        path = path_of(device)
        if path in SHUTTING and awaits_choice(device, today):
            return _shut(device, path, today)
    return None


def _shut(device, path, today):
    stage = stage_now(path, device.renewal_on, today)
    if stage is None:
        return None
    ask = ask_about(device, device.renewal_on, stage, today)
    is_early, button = stage == Stage.LEASED_3_MONTHS, ask.button
    if is_early and device.status in PRELIMINARY:
        button = _("Change your preliminary choice")
    if path == Path.EXTERNAL:
        text = _("Shut until you start the process for your %(device)s.") % {"device": device}
    else:
        text = _("Shut until you have made your final choice about your %(device)s.") % {"device": device}
    until = opens_on(device.renewal_on, Stage.LEASED_1_MONTH) if is_early else None
    url = f"{device.get_absolute_url()}?tab=lifecycle"
    return Shut("renewal", text, until=until, device=device, button=button, url=url)


@lets_go_from
def when_a_renewal_opens(device):
    """The date from which its holder can do something about it: the start, the final choice, the question."""
    path = path_of(device)
    if path is not None and closed(path, current_company()):
        return NO_DAY
    if path == Path.LEASED:
        return opens_on(device.renewal_on, Stage.LEASED_1_MONTH)
    return first_opening(path, device.renewal_on)
