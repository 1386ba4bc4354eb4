"""What the operators of the installation count of a company's devices, and what a company reads of their deeds."""

from django.utils.translation import gettext as _

from assets.models import Device
from assets.panels import settings_section
from velory.operators.figures import counts
from velory.operators.models import OperatorDeed
from velory.tenancy.context import current_company
from velory.tenancy.plans import FEATURES, included


@counts("devices")
def devices_in_the_house() -> int:
    """Every device that the company has or waits for."""
    return Device.objects.in_the_house().count()


@settings_section(order=95)
def plan_settings(request):
    """The company's plan and features, and what the operators of the installation have changed about it."""
    company = current_company()
    if company.is_operators:
        return None
    features = [(feature, company.has(code), included(code, company.plan)) for code, feature in FEATURES.items()]
    deeds = OperatorDeed.objects.about(company).seen_by_the_company().newest_first()[:20]
    return _("Plan"), "assets/_plan_section.html", {"features": features, "deeds": deeds}
