"""Which path a device follows at the end of its life: asked in one order, in one place (spec 2)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from velory.journal.reason import Reason


class Path(models.TextChoices):
    """How a device is renewed."""

    EXTERNAL = "external", pgettext_lazy("path", "External")
    LEASED = "leased", pgettext_lazy("path", "Leased")
    ONE_OFF = "one_off", pgettext_lazy("path", "One-off")


def path_of(device) -> Path | None:
    """The path of a device; None where it has no renewal date. `with_what_a_path_needs` saves the queries."""
    if device.renewal_on is None:
        return None
    if device.distributor_id and not device.distributor.integrated:
        return Path.EXTERNAL
    return Path.LEASED if device.is_leased else Path.ONE_OFF


def on_path(path: Path) -> Q:
    """The same answer as a condition on devices."""
    external = Q(distributor__isnull=False, distributor__integrated=False)
    leased = Q(contract__isnull=False, contract__closed_on=None)
    condition = {Path.EXTERNAL: external, Path.LEASED: ~external & leased, Path.ONE_OFF: ~external & ~leased}[path]
    return Q(renewal_on__isnull=False) & condition


def closed(path: Path | None, company) -> Reason | None:
    """Why nobody can walk a path in a company, or None where it is open."""
    if path is None:
        return Reason("no_renewal_date", _("It has no renewal date."), who=_("an admin"))
    if path == Path.LEASED and not company.has("leased_end_of_life"):
        text = _("The end of life of leased devices is not part of your company's plan.")
        return Reason("feature_off", text, who=_("an admin"))
    return None


def with_what_a_path_needs(devices):
    """Devices with everything that path, recipient and stage ask of them, without a further query each."""
    return devices.select_related("category", "distributor", "contract__provider", "holder", "space")


def with_what_planning_needs(devices):
    """The same for who is told when: no more rows than that takes."""
    return devices.select_related("distributor", "contract", "holder")


NO_PATH = gettext_lazy("No path")
