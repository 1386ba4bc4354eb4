"""What happens by itself, on the operators' own agenda: the announcement, the closing, the reminder, the end."""

from datetime import timedelta

from django.utils.translation import gettext_lazy

from velory.agenda import book
from velory.archive.making import make
from velory.archive.models import Archive
from velory.erasing import deeds, notices
from velory.erasing.dropping import drop
from velory.erasing.models import Erasure
from velory.operators.changing import admins_of
from velory.tenancy.context import inside
from velory.tenancy.models import Company

State = Erasure.State
AGAIN = timedelta(hours=1)


@book.does("erasing.announce", apart=True, label=gettext_lazy("Telling that the company closes"))
def announce(ref, at):
    """Everybody is told until when the company is open, and its export is asked for."""
    for erasure in _in_state(ref, State.CONFIRMED):
        if erasure.company.state == Company.State.READY:
            with inside(erasure.company):
                notices.everybody_hears(erasure, at=at)
                _ask_for_export(erasure, at)


@book.does("erasing.close", apart=True, label=gettext_lazy("Closing the company"))
def close(ref, at):
    """The week is over: once there is an export, the company is closed."""
    for erasure in _in_state(ref, State.CONFIRMED):
        if _is_exported(erasure, at):
            deeds.close(erasure, at=at)
        else:
            book.put("erasing.close", ref, at + AGAIN)


@book.does("erasing.remind", label=gettext_lazy("Reminding that the company is erased"))
def remind(ref, at):
    """Seven days are left."""
    for erasure in _in_state(ref, State.QUARANTINE):
        notices.it_is_soon(erasure, admins_of(erasure.company), at=at)


@book.does("erasing.erase", apart=True, label=gettext_lazy("Erasing the company"))
def erase(ref, at):
    """Thirty days are over. Cut off anywhere, it goes on where it stopped."""
    for erasure in _in_state(ref, State.QUARANTINE, State.ERASING):
        if deeds.begin_to_erase(erasure):
            drop(erasure, at=at)
        else:
            deeds.call_off(erasure, by=None, at=at, operator=True)


def _in_state(ref, *states):
    return Erasure.objects.filter(ref=ref, state__in=states).select_related("company")


def _is_exported(erasure, at):
    """Whether an export was made since it was confirmed. Of a company that is suspended it is made here and now."""
    with inside(erasure.company):
        made = Archive.objects.made_since(erasure.confirmed_at)
        if made.exists():
            return True
        archive = _ask_for_export(erasure, at)
        if erasure.company.state == Company.State.SUSPENDED and archive.begin(at=at):
            make(archive, at=at)
        return made.exists()


def _ask_for_export(erasure, at):
    """The export that is being made, or another one."""
    found = Archive.objects.being_made().first() or Archive.objects.made_since(erasure.confirmed_at).first()
    return found or Archive.ask(by=None, operator=erasure.asked_by_name, at=at)
