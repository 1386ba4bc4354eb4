"""Support access ends by itself: when its time is over, or when no admin has answered."""

from django.utils.translation import gettext_lazy

from velory.agenda import book
from velory.support.models import SupportAccess


@book.does("support.end", label=gettext_lazy("Ending support’s access"))
def end_access(ref, at):
    """Its time is over. Pages have refused it since that minute; this closes the row."""
    for access in SupportAccess.objects.filter(ref=ref, ends_at__lte=at):
        access.end(at=access.ends_at)


@book.does("support.forget", unnoticed=True, label=gettext_lazy("Closing what support asked and nobody answered"))
def forget_asking(ref, at):
    """Nobody has answered in a week."""
    for access in SupportAccess.objects.filter(ref=ref, state=SupportAccess.State.ASKED):
        access.end(at=at)
