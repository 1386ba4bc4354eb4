"""Faults and what becomes of them, one noun a file."""

from repairs.models.case import Case
from repairs.models.loan import Loan
from repairs.models.photo import Photo
from repairs.models.settings import RepairSettings
from repairs.models.trade_in import TradeIn

__all__ = ["Case", "Loan", "Photo", "RepairSettings", "TradeIn"]
