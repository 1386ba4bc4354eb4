"""What may be bought and with whose money, one noun a file."""

from orders.models.budget import Allowance, Budget
from orders.models.catalogue_import import CatalogueImport
from orders.models.grant import Grant
from orders.models.ledger import LedgerLine
from orders.models.picture import Picture
from orders.models.product import Product
from orders.models.rule import Rule
from orders.models.settings import StoreSettings
from orders.models.variant import Variant

__all__ = [
    "Allowance",
    "Budget",
    "CatalogueImport",
    "Grant",
    "LedgerLine",
    "Picture",
    "Product",
    "Rule",
    "StoreSettings",
    "Variant",
]
