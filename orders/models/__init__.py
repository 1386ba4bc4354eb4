"""What may be bought and with whose money, one noun a file."""

from orders.models.budget import Allowance, Budget
from orders.models.cart import Cart, CartItem
from orders.models.catalogue_import import CatalogueImport
from orders.models.deduction import Deduction
from orders.models.delegation import Delegation
from orders.models.grant import Grant
from orders.models.ledger import LedgerLine
from orders.models.order import Order, OrderLine
from orders.models.picture import Picture
from orders.models.product import Product
from orders.models.report import Channel, ProposedDevice, Report
from orders.models.request import ProductRequest, RequestLine
from orders.models.rule import Rule
from orders.models.settings import StoreSettings
from orders.models.variant import Variant

__all__ = [
    "Allowance",
    "Budget",
    "Cart",
    "CartItem",
    "CatalogueImport",
    "Channel",
    "Deduction",
    "Delegation",
    "Grant",
    "LedgerLine",
    "Order",
    "OrderLine",
    "Picture",
    "Product",
    "ProductRequest",
    "ProposedDevice",
    "Report",
    "RequestLine",
    "Rule",
    "StoreSettings",
    "Variant",
]
