"""Support access in the operators' console: asked for on a company's page, opened from there, ended there."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from velory import clock
from velory.journal.reason import Refused
from velory.operators.deeds import note
from velory.operators.doors import for_operators
from velory.operators.panels import company_panel
from velory.operators.views.companies import address_of, the_company
from velory.people.again import reauthenticated
from velory.support.forms import AskForm
from velory.support.models import SupportAccess
from velory.tenancy.context import inside
from velory.ui.steps import conflict, see_other, sent

SHOWN = 5


@company_panel(order=50)
def support(request, company):
    """The latest accesses, and a button to ask for one."""
    if company.is_operators or not company.is_servable:
        return None
    at = clock.now()
    with inside(company):
        rows = [
            (one, one.standing(at), one.is_good_at(at) and _is_theirs(one, request.user))
            for one in SupportAccess.objects.newest_first()[:SHOWN]
        ]
    return "support/_console_panel.html", {"rows": rows}


@require_http_methods(["GET", "HEAD", "POST"])
@for_operators
@reauthenticated
def ask(request, slug):
    """Why, for how long; then the company's admins are asked, or told."""
    shown, form = _found(slug), AskForm(sent(request))
    if not form.is_valid():
        page = {"shown": shown, "form": form, "address": address_of(shown)}
        return render(request, "support/ask.html", page, status=422 if form.is_bound else 200)
    at = clock.now()
    with inside(shown):
        access = SupportAccess.ask(
            operator_ref=request.user.ref, operator_name=str(request.user), at=at, **form.cleaned_data
        )
    note(shown, "ask_support", by=request.user, at=at, reason=form.cleaned_data["why"])
    if access.is_good_at(at):
        messages.success(request, _("You may look. The company’s admins have been told."))
    else:
        messages.success(request, _("The company’s admins have been asked. You can open its pages once one allows it."))
    return see_other(address_of(shown))


@require_POST
@for_operators
@reauthenticated
def open_pages(request, slug, ref):
    """A link to the company's host that holds once, for five minutes."""
    shown = _found(slug)
    try:
        with inside(shown):
            access = _own(request, ref)
            raw = access.way_in(at=clock.now())
    except Refused as refused:
        return conflict(request, ref, refused.reason, address=address_of(shown))
    note(shown, "open_support", by=request.user, at=clock.now())
    page = {
        "shown": shown, "access": access, "address": address_of(shown),
        "link": shown.address(reverse("support:enter", args=[raw], urlconf="velory.urls")),
    }  # fmt: skip
    return render(request, "support/go_on.html", page)


@require_POST
@for_operators
def end(request, slug, ref):
    """Looked enough, or not needed any more."""
    shown = _found(slug)
    with inside(shown):
        _own(request, ref).end(at=clock.now(), operator=str(request.user))
    note(shown, "end_support", by=request.user, at=clock.now())
    messages.success(request, _("The support access is ended."))
    return see_other(address_of(shown))


def _own(request, ref):
    """An access that this operator asked for: nobody looks in another's name."""
    return get_object_or_404(SupportAccess, ref=ref, operator_ref=request.user.ref)


def _is_theirs(access, person):
    return access.operator_ref == person.ref


def _found(slug):
    shown = the_company(slug)
    if shown.is_operators or not shown.is_servable:
        raise Http404
    return shown
