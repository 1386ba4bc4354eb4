"""What happens to archives by itself: they are made, and deleted when their week is over. Safe to run twice."""

from django.utils.translation import gettext_lazy

from velory import clock
from velory.agenda import book
from velory.archive.making import make
from velory.archive.models import Archive


@book.does("archive.make", apart=True, label=gettext_lazy("Exporting the company"))
def make_archive(ref, at):
    """Make an archive, or go on where a longer one stopped."""
    for archive in Archive.objects.being_made().filter(ref=ref):
        if archive.begin(at=at) and not make(archive, at=at):
            book.put("archive.make", ref, clock.now())


@book.does("archive.delete", unnoticed=True, label=gettext_lazy("Deleting an export whose time is over"))
def delete_archive(ref, at):
    """A week is over: the file goes."""
    for archive in Archive.objects.ready().filter(ref=ref):
        archive.forget(by=None, at=at)
