"""The admins' list of returns and what they may do about one; the label for those who may have it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from renewals.models import Return
from renewals.returns.forms import LabelForm
from renewals.returns.labels import as_download, put_label
from renewals.returns.lists import LABELS, SORTS, WAITING, returns_of, rows_of
from renewals.returns.opening import remind_provider
from renewals.returns.replacement import tell_to_return_now
from renewals.views.lists import tabs
from velory import clock
from velory.journal.reason import Refused
from velory.people.doors import for_admins
from velory.ui.steps import conflict, see_other
from velory.ui.tables import Table


@require_safe
@for_admins
def returns_list(request):
    """Every open return, the oldest first."""
    at = clock.now()
    table = Table(request, sorts=SORTS, default="chosen", filters=["label", "waits"])
    table.show(returns_of(table, at=at))
    context = {
        "table": table, "rows": rows_of(table.rows, at=at), "tabs": tabs("returns"), "labels": LABELS,
        "waiting": WAITING,
    }  # fmt: skip
    return render(request, "renewals/returns/list.html", context)


@require_safe
def label(request, ref):
    """The return label, for the device's holder and for admins."""
    returning = _found(Return.objects.in_hand_of(request.user).with_label(), ref)
    return as_download(returning)


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def upload(request, ref):
    """A label in the provider's stead; the log names both."""
    returning = _found(Return.objects.leased(), ref)
    form = LabelForm(request.POST, request.FILES) if request.method == "POST" else LabelForm()
    if form.is_valid():
        return _uploaded(request, returning, form.cleaned_data["label"])
    page = {"returning": returning, "device": returning.device, "form": form}
    return render(request, "renewals/returns/upload.html", page, status=422 if form.is_bound else 200)


def _uploaded(request, returning, file):
    by, provider = request.user, str(returning.provider or "")
    try:
        put_label(returning, file, by=by, role="admin", at=clock.now(), acting_for=provider)
    except Refused as refused:
        return conflict(request, returning.device, refused.reason)
    messages.success(request, _("The return label is on its way to the holder."))
    return _back(returning)


@require_POST
@for_admins
def remind(request, ref):
    """Ask the provider for the label once more."""
    returning = _found(Return.objects.all(), ref)
    try:
        row = remind_provider(returning, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, returning.device, refused.reason)
    messages.success(request, _("%s is reminded of the return label.") % row.provider)
    return _back(returning)


@require_POST
@for_admins
def ask_back(request, ref):
    """Tell the holder to return it now."""
    returning = _found(Return.objects.all(), ref)
    try:
        tell_to_return_now(returning, by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, returning.device, refused.reason)
    messages.success(request, _("The holder is told that it is time to return it."))
    return _back(returning)


def _found(returns, ref):
    return get_object_or_404(returns.with_what_a_page_shows(), ref=ref)


def _back(returning):
    return see_other(f"{returning.device.get_absolute_url()}?tab=lifecycle")
