"""What a company has: devices and what belongs to them, one noun a file."""

from assets.bulk.models import BulkChange, BulkRow
from assets.importing.models import Import, ImportRow, RememberedHeading
from assets.models.category import Category
from assets.models.contract import Contract
from assets.models.device import Device
from assets.models.holding import Holding
from assets.models.note import Note
from assets.models.partner import Partner
from assets.models.saved_view import ColumnChoice, SavedView
from assets.models.settings import AssetSettings
from assets.models.space import Space
from assets.offboarding.models import Offboarding, OffboardingSettings, Plan

__all__ = [
    "AssetSettings",
    "BulkChange",
    "BulkRow",
    "Category",
    "ColumnChoice",
    "Contract",
    "Device",
    "Holding",
    "Import",
    "ImportRow",
    "Note",
    "Offboarding",
    "OffboardingSettings",
    "Partner",
    "Plan",
    "RememberedHeading",
    "SavedView",
    "Space",
]
