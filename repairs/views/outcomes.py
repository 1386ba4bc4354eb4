"""How a repair ends, at the keyboard: each outcome from the device's Overview tab."""

from django.contrib import messages
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from assets.consequences import consequences
from assets.guards import not_from_here
from repairs import outcomes
from repairs.doors import for_repairers
from repairs.forms import HandForm, ReplaceForm
from repairs.models import Case
from velory import clock
from velory.journal.reason import Refused
from velory.tenancy.context import current_company
from velory.ui.steps import ask, conflict, see_other, seen_version, sent


@require_POST
@for_repairers
def give_back(request, ref):
    """Repaired, and back to whoever had it, with one click."""
    case = _case(ref)
    try:
        outcomes.give_back(case, by=request.user, at=clock.now(), version=seen_version(request))
    except Refused as refused:
        return conflict(request, case.device, refused.reason)
    messages.success(request, _("%(whose)s has %(device)s again.") % {"whose": case.whose, "device": case.device})
    return see_other(case.device.get_absolute_url())


@require_http_methods(["GET", "HEAD", "POST"])
@for_repairers
def hand_on(request, ref):
    """Repaired, and to another person or space; the payor is asked for."""
    case = _case(ref)
    form = _form(HandForm, request, case, q=request.GET.get("q", ""))
    if request.method != "POST" or not form.is_valid():
        return _ask(request, case, form)
    said = form.cleaned_data
    try:
        outcomes.hand_on(
            case, said["to"], payor=said["payor"], by=request.user, at=clock.now(), version=seen_version(request)
        )
    except Refused as refused:
        return conflict(request, case.device, refused.reason)
    messages.success(request, _("%(to)s has %(device)s now.") % {"to": said["to"], "device": case.device})
    return see_other(f"{case.device.get_absolute_url()}{'' if said['payor'] else '?tab=assignment'}")


@require_http_methods(["GET", "HEAD", "POST"])
@for_repairers
def replace(request, ref):
    """Not worth repairing: the new device is registered in the same press, or named, or ordered later."""
    case = _case(ref)
    form = _form(ReplaceForm, request, case)
    form.effects = consequences("recycle", case.device, request.user, today=clock.today())
    if request.method != "POST" or not form.is_valid():
        return _ask(request, case, form)
    said = form.cleaned_data
    try:
        other = outcomes.replace(
            case, why=said["why"], by=request.user, at=clock.now(), version=seen_version(request),
            other=said.get("replacement"), facts=_facts(said, case) if said["how"] == ReplaceForm.NEW else None,
        )  # fmt: skip
    except Refused as refused:
        return conflict(request, case.device, refused.reason)
    messages.success(request, _replaced(case, other))
    return see_other(other.get_absolute_url() if other else case.get_absolute_url())


def _facts(said, case):
    facts = {name: said[name] for name in ("name", "category", "serial", "imei", "distributor", "renewal_on")}
    return facts | {"currency": case.device.currency or current_company().currency, "purchased_on": None}


def _replaced(case, other):
    if other is None:
        return _("%s is removed. Its user can order a new one in the store.") % case.device
    return _("%(device)s is replaced by %(other)s.") % {"device": case.device, "other": other}


def _form(form_class, request, case, **more):
    return form_class(sent(request), device=case.device, by=request.user, today=clock.today(), **more)


def _ask(request, case, form):
    step = case.device.recycle if isinstance(form, ReplaceForm) else case.device.finish_repair
    if case.device.status not in step.step.sources:
        return conflict(request, case.device, not_from_here(step.step.name, case.device))
    back = reverse("assets:device", args=[case.device.ref])
    return ask(request, step, form, status=422 if form.is_bound else 200, case=case, back=back)


def _case(ref):
    return get_object_or_404(Case.objects.with_what_a_list_shows(), ref=ref.upper())
