"""The catalogue as a file that its own import takes back without a change."""

from collections.abc import Iterator

from orders.catalogue.columns import COLUMNS
from orders.catalogue.facts import facts_of
from orders.models import Variant

MORE = ["reference"]  # for the reader; the import leaves it aside


def catalogue_rows(products) -> Iterator[list]:
    """A heading and a line for each variant, by product."""
    yield [*COLUMNS, *MORE]
    related = Variant.objects.select_related("product__category", "product__distributor", "provider")
    for variant in related.filter(product__in=products.values("pk")).order_by("product", "pk").iterator(1000):
        known = facts_of(variant) | {"category": variant.product.category.name, "reference": variant.product.ref}
        yield [known[column] for column in [*COLUMNS, *MORE]]
