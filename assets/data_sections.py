"""Sections of the settings that lead to pages of their own: the export of everything, and support access."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.panels import settings_section
from velory import clock
from velory.archive.models import Archive
from velory.support.models import SupportAccess, SupportSettings


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
