"""Settings, Erasing: what an operator has asked for; an admin confirms it or says no, until the company closes."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from velory import clock
from velory.erasing import deeds
from velory.erasing.models import FETCH, KEPT, QUARANTINE, Erasure
from velory.journal.reason import Refused
from velory.people.again import reauthenticated
from velory.people.doors import for_admins
from velory.tenancy.context import current_company
from velory.ui.steps import conflict, see_other

DAYS = {"fetch": FETCH.days, "quarantine": QUARANTINE.days, "kept": KEPT.days // 30}


@require_safe
@for_admins
def erasing(request):
    """How it stands; 404 where nobody has asked for it."""
    page = {"erasure": _here(), "lasts": DAYS}
    return render(request, "erasing/erasing.html", page)


@require_POST
@for_admins
@reauthenticated
def confirm(request):
    """An admin agrees, as the second person."""
    done = _("It is confirmed. Everybody is told, and the export is made.")
    return _do(request, lambda found: deeds.confirm(found, by=request.user, at=clock.now(), operator=False), done)


@require_POST
@for_admins
@reauthenticated
def call_off(request):
    """The company stays."""
    done = _("The company stays. Velory has been told.")
    return _do(request, lambda found: deeds.call_off(found, by=request.user, at=clock.now(), operator=False), done)


def _do(request, deed, says):
    found = _here()
    try:
        deed(found)
    except Refused as refused:
        return conflict(request, found.company, refused.reason, address=reverse("erasing:erasing"))
    messages.success(request, says)
    return see_other("/" if deed_is_over(found) else reverse("erasing:erasing"))


def deed_is_over(erasure) -> bool:
    """Whether nothing of it is left to show."""
    return not Erasure.objects.under_way().filter(pk=erasure.pk).exists()


def _here():
    found = Erasure.objects.of(current_company()).under_way().select_related("company").first()
    if found is None:
        raise Http404
    return found
