"""What the operators of the installation count of a company's devices, and what a company reads of their deeds."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.filters import OF_REPAIRS
from assets.lifecycle import PHASES
from assets.models import Device
from assets.panels import settings_section
from velory.operators.effects import Effect, stops
from velory.operators.figures import counts
from velory.operators.models import OperatorDeed
from velory.tenancy.context import current_company
from velory.tenancy.plans import FEATURES


@counts("devices")
def devices_in_the_house() -> int:
    """Every device that the company has or waits for."""
    return Device.objects.in_the_house().count()


@settings_section(order=95)
def plan_settings(request):
    """The company's plan and the features that it has, of others no trace; and what operators have changed about it."""
    company = current_company()
    if company.is_operators:
        return None
    features = [feature for code, feature in FEATURES.items() if company.has(code)]
    deeds = OperatorDeed.objects.about(company).seen_by_the_company().newest_first()[:20]
    return _("Plan"), "assets/_plan_section.html", {"features": features, "deeds": deeds}


@stops("repair_flow")
def devices_out_of_order() -> list[Effect]:
    """Devices that would stand in a repair which nobody sees."""
    n = Device.objects.filter(status__in=OF_REPAIRS).count()
    return [
        Effect(
            n, ngettext("%s device needs repair or is in repair.", "%s devices need repair or are in repair.", n) % n
        )
    ]


@stops("leased_end_of_life")
def leased_devices() -> list[Effect]:
    """Devices whose leasing would end without a word."""
    n = Device.objects.in_the_house().filter(contract__isnull=False, contract__closed_on=None).count()
    return [Effect(n, ngettext("%s device is leased.", "%s devices are leased.", n) % n)]


@stops("store")
def devices_on_their_way() -> list[Effect]:
    """Devices that were ordered and have not been taken into use."""
    n = Device.objects.filter(status__in=PHASES["delivery"]).count()
    return [
        Effect(
            n,
            ngettext("%s device is on its way or has just come.", "%s devices are on their way or have just come.", n)
            % n,
        )
    ]
