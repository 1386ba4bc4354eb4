"""Settings, Support access: who of Velory looks or wants to, with whose leave, and at what. And the way in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from velory import clock
from velory.journal.deeds import record
from velory.journal.reason import Refused
from velory.people.again import reauthenticated
from velory.people.doors import for_admins
from velory.support.forms import SupportSettingsForm
from velory.support.models import SupportAccess, SupportSettings
from velory.support.session import begin, leave
from velory.ui.steps import conflict, see_other, sent
from velory.ui.tables import Table


@require_http_methods(["GET", "HEAD", "POST"])
@for_admins
def accesses(request):
    """What waits, what is allowed now, what was; and the setting."""
    form = SupportSettingsForm(sent(request), instance=SupportSettings.here())
    if form.is_valid():
        return _save(request, form)
    at = clock.now()
    table = Table(request, sorts={"when": "asked_at"}, default="-when")
    table.show(SupportAccess.objects.newest_first())
    page = {
        "form": form, "table": table, "rows": [(one, one.standing(at)) for one in table.rows],
        "waiting": SupportAccess.objects.waiting(at).newest_first(),
        "open": SupportAccess.objects.good_at(at).newest_first(),
    }  # fmt: skip
    return render(request, "support/accesses.html", page, status=422 if form.is_bound else 200)


@reauthenticated
def _save(request, form):
    """A leave for ever is asked about like each leave by itself."""
    SupportSettings.to_change()
    record(form, "change", by=request.user, at=clock.now())
    messages.success(request, _("The settings are saved."))
    return see_other(reverse("support:accesses"))


@require_safe
@for_admins
def access(request, ref):
    """One of them: who, why, until when, and every page that was looked at."""
    found, at = get_object_or_404(SupportAccess, ref=ref), clock.now()
    page = {
        "access": found, "standing": found.standing(at), "waits": found.waits_at(at), "is_open": found.is_good_at(at),
        "pages": found.pages.order_by("-at", "-pk")[:200],
    }  # fmt: skip
    return render(request, "support/access.html", page)


@require_POST
@for_admins
@reauthenticated
def allow(request, ref):
    """Support may look."""
    return _do(request, ref, "allow", _("%s may look at your pages now."))


@require_POST
@for_admins
def refuse(request, ref):
    """Support may not."""
    return _do(request, ref, "refuse", _("%s may not look at your pages."))


@require_POST
@for_admins
def end(request, ref):
    """Not any more: their next click is refused."""
    return _do(request, ref, "end", _("%s does not look at your pages any more."))


def _do(request, ref, deed, says):
    found = get_object_or_404(SupportAccess, ref=ref)
    try:
        getattr(found, deed)(by=request.user, at=clock.now())
    except Refused as refused:
        return conflict(request, found, refused.reason)
    messages.success(request, says % found.operator_name)
    return see_other(found.get_absolute_url())


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request, token):
    """From the console to the company's host: a link that holds once, for five minutes. It opens by a press."""
    at = clock.now()
    if request.method != "POST":
        found = SupportAccess.behind(token, at=at)
        return render(request, "support/enter.html", {"access": found}, status=200 if found else 404)
    found = SupportAccess.enter(token, at=at)
    if found is None:
        return render(request, "support/enter.html", {"access": None}, status=404)
    begin(request, found)
    return see_other("/")


@login_not_required
@require_POST
def leave_support(request):
    """End now."""
    leave(request)
    return see_other(reverse("account_login"))
