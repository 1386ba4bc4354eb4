"""How the catalogue is kept: one writer at a time, and every change in the product's journal."""

from collections import defaultdict

from django.db.models import Max

from velory.journal.models import Entry
from velory.journal.steps import plain
from velory.turns import take_turn

PRODUCT = "orders.product"


def hold_catalogue() -> None:
    """One change of the catalogue at a time: names and article numbers are compared with what is there."""
    take_turn("catalogue")


def note(told, *, by, at) -> None:
    """Write what happened to products, [(product, deed, details)], in a few statements. The catalogue is held."""
    told = list(told)
    last = dict(
        Entry.objects.filter(about_type=PRODUCT, about_id__in={product.pk for product, _deed, _details in told})
        .values_list("about_id")
        .annotate(Max("version"))
    )
    versions: dict[int, int] = defaultdict(int, last)
    entries = []
    for product, deed, details in told:
        versions[product.pk] += 1
        entries.append(
            Entry(
                about_type=PRODUCT,
                about_id=product.pk,
                about_ref=product.ref,
                about_name=str(product)[:200],
                version=versions[product.pk],
                at=at,
                by_ref=by.ref if by else "",
                by_name=str(by) if by else "",
                role=by.role if by else "system",
                step=deed,
                details=plain(details),
            )
        )
    Entry.objects.bulk_create(entries)
