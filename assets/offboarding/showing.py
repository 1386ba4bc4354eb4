"""What offboarding shows on the pages around it: a person's, a device's, one's own, the overview, the settings."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from assets.models import Device, Offboarding, OffboardingSettings
from assets.offboarding.forms import OffboardingSettingsForm
from assets.offboarding.models import NO_LONGER_THEIRS
from assets.offboarding.roster import roster_of
from assets.panels import Alert, alert, settings_section
from assets.panels import panel as device_panel
from assets.settings_sections import form_section
from velory import clock
from velory.people.panels import own_place, panel
from velory.ui.dates import day_long
from velory.ui.todos import Todo, todo


@panel(order=5)
def their_offboarding(person, by, *, today):
    """Since when it is known, what is settled and what is not."""
    row = Offboarding.objects.under_way().of(person).select_related("person").first()
    if row is None:
        return None
    roster = roster_of(row, at=clock.now())
    return "people/leaving/_panel.html", {"offboarding": row, "roster": roster, "over": row.is_over(today)}


@device_panel("overview", order=1)
def its_holder_leaves(device, person, *, today):
    """Admins read on a device's page that its holder leaves, or has left and still has it."""
    holder = device.holder
    if not person.is_admin or holder is None or (holder.is_active and holder.last_day_on is None):
        return None
    if device.status in NO_LONGER_THEIRS:
        return None
    return "people/leaving/_device.html", {"holder": holder, "left": not holder.works_on(today)}


@alert
def say_what_becomes_of_your_devices(person, *, today):
    """One line for all of them, while something waits."""
    if person.last_day_on is None:
        return []
    if not Device.objects.held_by(person).exclude(status__in=NO_LONGER_THEIRS).exists():
        return []
    if not Offboarding.objects.under_way().of(person).exists():
        return []
    title = _("Your last day is %s") % day_long(person.last_day_on)
    if OffboardingSettings.here().leaver_chooses:
        text = _("Say what becomes of each of your devices: buy it out, return it, or hand it in.")
    else:
        text = _("Your company decides what becomes of each of your devices. The page says what is decided.")
    urgent = (person.last_day_on - today).days <= 14
    return [Alert(title, text, _("See your devices"), reverse("offboarding:own"), urgent=urgent)]


@own_place(order=5)
def ones_own_leaving(person):
    """Beside the page about oneself, for whoever leaves."""
    if person.last_day_on is None or not Offboarding.objects.under_way().of(person).exists():
        return None
    return pgettext("a person", "Leaving"), reverse("offboarding:own")


@todo(order=35)
def leavers_with_devices(today):
    """People who leave soon, or have left, and still have devices; late where the day has passed."""
    rows = Offboarding.objects.to_settle(today)
    days = list(rows.order_by("last_day_on").values_list("last_day_on", flat=True))
    late = sum(1 for day in days if day < today)
    about = _("Each device is bought out, returned, or handed in")
    return [
        Todo("leavers", len(days), _("Leavers with devices not settled"), about, reverse("offboarding:leavers"),
             oldest_on=days[0] if days else None, late=late)
    ]  # fmt: skip


@settings_section(order=30)
def offboarding_settings(request):
    """Whether people who leave are written to, and who chooses."""
    return form_section(
        request, "offboarding_settings", _("People who leave"), OffboardingSettingsForm, OffboardingSettings.to_change()
    )
