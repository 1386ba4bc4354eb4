"""Views of the hardware table that admins keep under a name, and the columns that each wants to see."""

from django import forms
from django.contrib import messages
from django.http import Http404, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from assets.columns import NONE, USUAL, columns_in
from assets.forms import OneLine
from assets.hardware import Hardware
from assets.models import ColumnChoice, SavedView
from velory import clock
from velory.journal.reason import Refused
from velory.people.doors import for_admins
from velory.ui.steps import see_other, sent


class SavedViewForm(forms.Form):
    """What a view of the table is called, and who sees it."""

    name = OneLine(label=gettext_lazy("Name of the view"), max_length=60)
    shared = forms.BooleanField(
        label=gettext_lazy("Share with all admins"), required=False,
        help_text=gettext_lazy("It stands in their table too; only you change it."),
    )  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def saved_views(request):
    """One's own views and those that others share; on POST another one, with what the table shows now."""
    form = SavedViewForm(sent(request))
    view = _done(form, lambda: _kept(request, form)) if form.is_valid() else None
    if view:
        messages.success(request, _("The view “%s” is saved.") % view.name)
        return see_other(view.get_absolute_url())
    today = clock.today()
    found = [
        {"view": view, "open_to_me": view.may_be_changed_by(request.user, today), "own": view.owner == request.user}
        for view in SavedView.objects.visible_to(request.user).by_name()
    ]
    page = {"form": form, "found": found, "query": request.POST.get("query", "")}
    return render(request, "assets/saved_views.html", page, status=422 if form.is_bound else 200)


def _kept(request, form):
    return SavedView.keep(by=request.user, at=clock.now(), query=_table(request).as_query(), **form.cleaned_data)


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def edit_view(request, ref):
    """Another name; shared or not."""
    view = _own(request, ref)
    called = view.name
    form = SavedViewForm(sent(request), initial={"name": view.name, "shared": view.shared})
    if form.is_valid() and _done(
        form, lambda: view.change(by=request.user, at=clock.now(), **form.cleaned_data) or view
    ):
        messages.success(request, _("The view “%s” is saved.") % view.name)
        return see_other(view.get_absolute_url())
    page = {"form": form, "view": view, "called": called}
    return render(request, "assets/saved_view.html", page, status=422 if form.is_bound else 200)


@require_POST
@for_admins
def update_view(request, ref):
    """From now on it shows what the table shows."""
    view = _own(request, ref)
    view.change(by=request.user, at=clock.now(), query=_table(request).as_query())
    messages.success(request, _("The view “%s” shows this from now on.") % view.name)
    return see_other(view.get_absolute_url())


@require_POST
@for_admins
def delete_view(request, ref):
    """It is gone; the devices stay."""
    view = _own(request, ref)
    name = view.name
    view.forget(by=request.user, at=clock.now())
    messages.success(request, _("The view “%s” is deleted.") % name)
    return see_other(reverse("assets:hardware"))


@require_POST
@for_admins
def choose_columns(request):
    """These columns stand in the table from now on, and in the address that one is sent to."""
    table = _table(request)
    if "usual" in request.POST:
        ColumnChoice.forget(request.user)
        columns = list(USUAL)
    else:
        columns = columns_in(request.POST.getlist("columns"))
        ColumnChoice.remember(request.user, columns)
    return see_other(table.link(columns=",".join(columns) or NONE))


def _table(request):
    """The table as it stood on the page from which something was sent."""
    return Hardware(request, today=clock.today(), query=QueryDict(request.POST.get("query", "")[:4000]))


def _own(request, ref):
    """A view that one may change. One that is shared by a colleague may be seen but is answered as not there here."""
    view = get_object_or_404(SavedView.objects.visible_to(request.user), ref=ref)
    if not view.may_be_changed_by(request.user, clock.today()):
        raise Http404
    return view


def _done(form, deed):
    """What a deed gives; None, with the form told, where it is refused."""
    try:
        return deed()
    except Refused as refused:
        form.add_error("name", str(refused.reason))
        return None
