"""What is known of a variant and its product, by column, as plain text: what a file says, what an export writes."""

from decimal import Decimal

from orders.catalogue.columns import COLUMNS, PRODUCT

OF_PRODUCT = [code for code, column in COLUMNS.items() if column.of == PRODUCT]
YES, NO = "yes", "no"


def facts_of(variant) -> dict[str, str]:
    """Everything known of a variant and its product."""
    return facts_of_product(variant.product) | {
        "article_number": variant.article_number, "colour": variant.colour, "storage": variant.storage,
        "currency": variant.currency, "price": _plain(variant.price), "monthly_price": _plain(variant.monthly_price),
        "months": _plain(variant.months), "leasing_provider": variant.provider.name if variant.provider else "",
        "acquisition_price": _plain(variant.acquisition_price), "residual_percent": _plain(variant.residual_percent),
        "active": NO if variant.archived_at else YES,
    }  # fmt: skip


def facts_of_product(product) -> dict[str, str]:
    """What is known of a product itself."""
    return {
        "product_name": product.name, "category": product.category.code, "distributor": product.distributor.name,
        "description": product.description,
    }  # fmt: skip


def changes(before: dict[str, str], after: dict[str, str], of: str) -> dict[str, list[str]]:
    """What of a product or a variant differs, by field as the journal names it: [before, after] each."""
    prefix = "" if of == PRODUCT else "variants."
    return {
        prefix + COLUMNS[code].field: [before.get(code, ""), value]
        for code, value in after.items()
        if COLUMNS[code].of == of and COLUMNS[code].field and before.get(code, "") != value
    }


def _plain(value) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, Decimal) else str(value)
