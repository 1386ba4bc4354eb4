"""What assets itself knows to wait for the admins."""

from django.urls import reverse
from django.utils.translation import gettext as _

from assets.models import Device
from velory.ui.todos import Todo, todo


@todo(order=900)
def devices_with_gaps(today):
    """What assets itself knows to be missing: the holder, the payor, the renewal date."""
    missing = Device.objects.gaps()
    hardware = reverse("assets:hardware")
    return [
        Todo("unassigned", missing["unassigned"], _("Unassigned"), _("Assign each to a person or a space"),
             f"{hardware}?view=unassigned"),
        Todo("payor_missing", missing["payor"], _("Payor missing"), _("Assigning a device clears its payor"),
             f"{hardware}?payor=missing"),
        Todo("renewal_date_missing", missing["renewal_date"], _("Renewal date missing"),
             _("Without a date nobody is reminded"), f"{hardware}?renewal=missing"),
    ]  # fmt: skip
