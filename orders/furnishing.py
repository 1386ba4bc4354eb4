"""What every new company finds: the store's settings."""

from orders.models import StoreSettings
from velory.tenancy.opening import furnishes


@furnishes
def usual_store(company):
    """Doing it twice changes nothing."""
    StoreSettings.to_change()
