"""What the agenda does with bulk changes. Safe to run twice."""

from django.utils.translation import gettext_lazy

from assets.bulk.applying import apply_all
from assets.bulk.models import BulkChange
from velory.agenda import book


@book.does("bulk.apply", apart=True, label=gettext_lazy("Applying a change of many devices"))
def apply(ref, at):
    """Apply a plan, or what a crash has left of it."""
    for change in BulkChange.objects.filter(ref=ref):
        apply_all(change, at=at)
