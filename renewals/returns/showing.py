"""What returns show on the ground floor's pages: alerts, panels, and what follows from a step."""

from django.utils.translation import gettext as _

from assets.consequences import consequence
from assets.offboarding.plans import leaves_soon
from assets.panels import Alert, alert, panel
from renewals.models import Return
from renewals.paths import Path, path_of
from renewals.returns.notices import place_of
from renewals.returns.opening import why_no_reminder
from renewals.returns.progress import progress_of
from renewals.returns.replacement import why_not_now
from renewals.returns.todos import cannot_be_told, refusing
from velory import clock
from velory.ui.dates import day_long

# For the holder


@alert
def time_to_return(person, *, today):
    """The new device has come, so the old one goes back."""
    waiting = Return.objects.time_to_return().filter(device__holder=person).with_what_a_page_shows()
    return [_alert(returning) for returning in waiting.order_by("time_to_return_at", "pk")]


def _alert(returning):
    device = returning.device
    title = _("Time to return your %s") % device
    if returning.is_leased:
        text = _("Move your data, sign out of your accounts, and send it back with the return label.")
    else:
        text = _("Move your data, sign out of your accounts, and hand it in.")
    url = f"{device.get_absolute_url()}?tab=lifecycle"
    return Alert(title, text, _("See how to return it"), url, device=device, urgent=True)


@panel("lifecycle", order=5)
@panel("overview", order=5)
def how_the_return_goes(device, person, *, today):
    """What its holder is to do and not to do yet; the label; what comes next."""
    progress = progress_of(device, today=today) if device.phase == "leaving" else None
    if progress is None or not (person.is_admin or device.holder_id == person.pk):
        return None
    return "renewals/returns/_panel.html", {
        "progress": progress, "for_somebody_else": device.holder_id != person.pk, "may_read_label": True,
    }  # fmt: skip


@panel("lifecycle", order=6)
def what_an_admin_does(device, person, *, today):
    """In the provider's stead, and in that of the new device."""
    progress = progress_of(device, today=today) if device.phase == "leaving" and person.is_admin else None
    if progress is None or progress.kind == "received":
        return None
    at, returning = clock.now(), progress.returning
    return "renewals/returns/_admin_panel.html", {
        "progress": progress, "returning": returning, "untold": cannot_be_told(returning, set(refusing())),
        "no_reminder": why_no_reminder(returning, at=at), "not_now": why_not_now(returning),
        "place": place_of(device),
    }  # fmt: skip


# What follows from a step


@consequence("choose_return")
def what_a_return_brings(device, person, *, today):
    """Not yet: first the new device, then the parcel (seed: leased). Whoever leaves waits for the label alone."""
    if device.holder is not None and leaves_soon(device.holder, today=today):
        return _of_a_leaver(device)
    lines = [
        ("triangle-alert", _("Do not send it back yet. Order the new device, wait for it, set it up and move your "
                             "data. You keep using this one until then.")),
        ("store", _opens_for(device, person) % device.category),
        ("package-check", _("When the new device has come, we write that it is time to return this one, and how.")),
    ]  # fmt: skip
    if path_of(device) == Path.LEASED:
        provider = device.open_contract.provider or _("The leasing provider")
        lines.insert(1, ("mail", _("%s is told at once and makes the return label. It comes by mail within 24 hours "
                                   "on weekdays, and stands on the device's page.") % provider))  # fmt: skip
    return lines


def _of_a_leaver(device):
    move = ("smartphone", _("Move your own data off it, and sign out of your accounts."))
    if path_of(device) != Path.LEASED:
        return [move, ("undo-2", _("Hand it in by the last day, with its charger."))]
    provider = device.open_contract.provider or _("The leasing provider")
    label = _("%s is told at once and makes the return label. Send the device off when it has come.") % provider
    return [move, ("mail", label)]


def _opens_for(device, person):
    return (
        _("The store opens for you: %s.") if device.holder_id == person.pk else _("The store opens for the holder: %s.")
    )


@consequence("release")
def the_lease_is_closed(device, person, *, today):
    """With its date."""
    if not device.is_leased:
        return []
    contract = str(device.open_contract) or "–"
    return [("file-check", _("The leasing contract %(number)s is closed on %(day)s.")
             % {"number": contract, "day": day_long(today)})]  # fmt: skip


@consequence("remove")
def the_return_is_called_off(device, person, *, today):
    """The provider no longer waits for it."""
    returning = Return.objects.under_way().of(device).select_related("provider").first()
    if returning is None or returning.told_at is None or returning.provider is None:
        return []
    return [("mail", _("%s is told that it does not come back. The lease itself stays open.") % returning.provider)]
