"""Sections of the settings about who gets at the company's data: two-factor, support, the export of everything."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.panels import settings_section
from assets.settings_sections import form_section
from velory import clock
from velory.archive.models import Archive
from velory.people.factor_settings import FactorSettings
from velory.people.forms.security import FactorSettingsForm
from velory.support.models import SupportAccess, SupportSettings


@settings_section(order=70)
def two_factor(request):
    """Of whom a second factor is asked, and how many have one."""
    row = FactorSettings.to_change() if request.method == "POST" else FactorSettings.here()
    title, name = _("Two-factor sign-in"), "two_factor"
    return form_section(request, name, title, FactorSettingsForm, row)


@settings_section(order=80)
def support_access(request):
    """With whose leave support looks, and whether anybody does now."""
    at = clock.now()
    looks = SupportAccess.objects.good_at(at).count()
    facts = [SupportSettings.here().get_support_may_look_display()]
    facts += [_("Support may look at your pages now.")] if looks else []
    page = {
        "about": _("Whether somebody at Velory may look at your pages to help, who has, and at what."),
        "facts": facts, "address": reverse("support:accesses"), "button": _("Support access"),
    }  # fmt: skip
    return _("Support access"), "assets/_leads_on.html", page


@settings_section(order=90)
def export_of_everything(request):
    """All data and files in one file."""
    busy = Archive.objects.being_made().exists()
    page = {
        "about": _("All data and files of the company in one file, for your own records or to move on."),
        "facts": [_("An export is being made.")] if busy else [],
        "address": reverse("archive:archives"), "button": _("Export everything"),
    }  # fmt: skip
    return _("Export"), "assets/_leads_on.html", page
