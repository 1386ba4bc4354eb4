"""One's passkeys: make one, name it, remove it."""

from django.contrib import messages
from django.http import Http404, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from velory import clock
from velory.journal.reason import Refused
from velory.people import factors, passkeys
from velory.people.again import reauthenticated
from velory.people.forms.security import NewPasskeyForm, PasskeyForm
from velory.people.second import note_factor
from velory.people.views.security import as_line, show_codes
from velory.ui.steps import conflict, see_other, sent


@require_http_methods(["GET", "HEAD", "POST"])
@reauthenticated
@sensitive_post_parameters("answer")
def new_passkey(request):
    """A name, then the browser asks for finger, face or PIN."""
    form = NewPasskeyForm(sent(request), initial={"name": _("My passkey")})
    if form.is_valid():
        try:
            return _added(request, form)
        except passkeys.NotGood as fault:
            form.add_error(None, str(fault))
        except Refused as refused:
            form.add_error(None, str(refused.reason))
    page = {"form": form, "host": passkeys.host_of(request)}
    return render(request, "people/security_passkey.html", page, status=422 if form.is_bound else 200)


def _added(request, form):
    had_codes = factors.standing(request.user).codes is not None
    name = form.cleaned_data["name"] or _("My passkey")
    row = passkeys.made(request, form.cleaned_data["answer"], name)
    factors.add_passkey(request.user, row, at=clock.now())
    note_factor(request, request.user, factors.PASSKEY)
    messages.success(request, _("“%s” is added. You can sign in with it from now on.") % name)
    if had_codes:
        return see_other(reverse("people:security"))
    show_codes(request)
    return see_other(reverse("people:security_codes"))


@require_POST
@reauthenticated
def passkey_options(request):
    """What the browser needs to make one."""
    return JsonResponse(passkeys.ask_to_make(request))


@require_http_methods(["GET", "HEAD", "POST"])
def rename_passkey(request, ref):
    """Another name."""
    row = _own(request, ref)
    form = PasskeyForm(sent(request), initial={"name": row.data["name"]})
    if form.is_valid():
        factors.rename_passkey(request.user, ref, form.cleaned_data["name"], at=clock.now())
        messages.success(request, _("The passkey has another name."))
        return see_other(reverse("people:security"))
    page = {"form": form, "key": as_line(row)}
    return render(request, "people/security_passkey_name.html", page, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@reauthenticated
def remove_passkey(request, ref):
    """Ask, then let it open nothing any more."""
    row = _own(request, ref)
    if request.method != "POST":
        now = factors.standing(request.user)
        page = {"key": as_line(row), "standing": now, "why_not": factors.why_not_removed(request.user, now)}
        return render(request, "people/security_passkey_remove.html", page)
    try:
        factors.remove_passkey(request.user, ref, at=clock.now())
    except Refused as refused:
        return conflict(request, request.user, refused.reason, address=reverse("people:security"))
    messages.success(request, _("“%s” opens nothing any more.") % row.data["name"])
    return see_other(reverse("people:security"))


def _own(request, ref):
    row = factors.passkey(request.user, ref)
    if row is None:
        raise Http404
    return row
