"""What the agenda does with imports: read a large file, apply a plan. Safe to run twice."""

from django.utils.translation import gettext_lazy

from assets.importing.applying import apply_all
from assets.importing.models import Import
from velory.agenda import book


@book.does("import.read", apart=True, label=gettext_lazy("Previewing an import"))
def read(ref, at):
    """Work out what a file would do."""
    for an_import in Import.objects.filter(ref=ref):
        an_import.preview(at=at)


@book.does("import.apply", apart=True, label=gettext_lazy("Applying an import"))
def apply(ref, at):
    """Apply a plan, or what a crash has left of it."""
    for an_import in Import.objects.filter(ref=ref).defer("content"):
        apply_all(an_import, at=at)
