"""What every new company finds: the usual categories."""

from assets.models import AssetSettings, Category
from assets.models.category import DEFAULTS
from assets.offboarding.models import OffboardingSettings
from velory.tenancy.opening import furnishes


@furnishes
def usual_categories(company):
    """Phones, computers, tablets, screens and accessories; doing it twice changes nothing."""
    AssetSettings.to_change()
    OffboardingSettings.to_change()  # whoever only looks (support) finds the row, for it could not make it
    for code, name, art, quota in DEFAULTS:
        Category.objects.get_or_create(code=code, defaults={"name": name, "art": art, "quota": quota})
