"""What every new company finds: how it repairs."""

from repairs.models import RepairSettings
from velory.tenancy.opening import furnishes


@furnishes
def usual_repairs(company):
    """Doing it twice changes nothing."""
    RepairSettings.to_change()
