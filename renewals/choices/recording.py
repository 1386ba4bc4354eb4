"""The renewal keeps what was chosen, in the transaction of the step that chose it."""

from datetime import date

from assets.lifecycle import PRELIMINARY
from assets.models import Device
from renewals.models import Choice, Renewal
from renewals.paths import path_of
from renewals.stages import stage_now
from renewals.terms import renewal_of
from velory import clock
from velory.journal.steps import follows

PREFERS = {"prefer_buyout": Choice.BUY_OUT, "prefer_return": Choice.RETURN}
DECIDES = {"complete_buyout": Choice.BUY_OUT, "choose_return": Choice.RETURN}


@follows(Device, *PREFERS)
def a_preference_is_kept(devices, *, name, at):
    """Until it is changed."""
    for device in devices:
        renewal_of(device, at=at).prefer(PREFERS[name], at=at)


@follows(Device, *DECIDES)
def a_decision_is_kept(devices, *, name, at):
    """Once. A buy-out is decided when it is paid, not when somebody goes to pay."""
    for device in devices:
        if device.renewal_on:
            renewal_of(device, at=at).decide(DECIDES[name], at=at)


@follows(Device, "keep")
def keeping_is_kept(devices, *, name, at):
    """With the renewal date that it had when it was kept; at the next one it is asked anew."""
    for device in devices:
        before = date.fromisoformat(device.journal.filter(step="keep").last().details["before_on"])
        renewal_of(device, at=at, on=before).decide(Choice.KEEP, at=at)


@follows(Device, "restore", "finish_repair", "withdraw_trade_in")
def nothing_is_chosen_any_more(devices, *, name, at):
    """It is active again, so what was said before no longer holds."""
    for renewal in _renewals_of(devices):
        renewal.reopen()


@follows(Device, "assign", "unassign")
def a_preference_goes_with_its_holder(devices, *, name, at):
    """Whoever has it now is asked for their own."""
    for renewal in _renewals_of([device for device in devices if device.status in PRELIMINARY]):
        renewal.forget_preference()


@follows(Device, "edit", "import")
def a_preference_goes_with_a_moved_date(devices, *, name, at):
    """Where the stage is open at the new date too; else its holder is asked anew when it opens."""
    today = clock.local_date(at)
    for device in devices:
        if device.status in PRELIMINARY and stage_now(path_of(device), device.renewal_on, today):
            last = Renewal.objects.filter(device=device).with_a_preliminary_choice().order_by("-preliminary_at").first()
            if last and last.renewal_on != device.renewal_on:
                renewal_of(device, at=at).prefer(last.preliminary, at=last.preliminary_at)
                last.forget_preference()


def _renewals_of(devices):
    if not devices:
        return []
    rows = Renewal.objects.filter(device__in=devices).exclude(preliminary="", final="").select_related("device")
    return [row for row in rows if row.renewal_on == row.device.renewal_on]
