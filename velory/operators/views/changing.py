"""What operators change about one company: its facts, its plan, its addresses; closing and opening it."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from velory import clock
from velory.journal.reason import Refused
from velory.operators import changing, domains, lost
from velory.operators.doors import for_operators
from velory.operators.effects import CURRENCY, effects_of, losses
from velory.operators.forms import DomainForm, FactsForm, LostFactorForm, PlanForm, SuspendForm
from velory.operators.views.companies import address_of, the_company
from velory.people.again import reauthenticated
from velory.tenancy.models import Company
from velory.tenancy.plans import FEATURES, INCLUDED
from velory.ui.steps import conflict, see_other, seen_version, sent


@for_operators
def change_facts(request, slug):
    """Another name, country, language, currency or time zone."""
    shown = the_company(slug)
    facts = {name: getattr(shown, name) for name in FactsForm.base_fields}
    form = FactsForm(sent(request), initial=facts, company=shown)
    page = {"shown": shown, "form": form, "effects": effects_of(shown, CURRENCY), "version": _version(request, shown)}
    if not form.is_valid():
        return render(request, "operators/facts.html", page, status=422 if form.is_bound else 200)
    return _do(
        request, shown, form, page, "operators/facts.html",
        lambda: changing.change_facts(shown, form.cleaned_data, **_hand(request)),
        _("What is known of %s has changed.") % form.cleaned_data["name"],
    )  # fmt: skip


@for_operators
def change_plan(request, slug):
    """Another plan, other features. What would be switched off is shown first, with what stands under way in it."""
    shown = the_company(slug)
    form = PlanForm(sent(request), initial={"plan": shown.plan, "features": shown.features})
    page = {"shown": shown, "form": form, "version": _version(request, shown), "table": _plans()}
    if not form.is_valid():
        return render(request, "operators/plan.html", page, status=422 if form.is_bound else 200)
    wanted = form.cleaned_data
    page["losses"] = losses(shown, **wanted)
    if not _is_confirmed(request, page["losses"]):
        return render(request, "operators/plan_confirm.html", page)
    return _do(
        request, shown, form, page, "operators/plan.html",
        lambda: changing.change_plan(shown, **wanted, **_hand(request)),
        _("Plan and features of %s have changed. Every web process knows it within half a minute.") % shown,
    )  # fmt: skip


def _is_confirmed(request, lost):
    """Whether the reader has seen exactly what would be switched off now."""
    return set(request.POST.getlist("confirmed")) >= {loss.feature.code for loss in lost}


def _plans():
    """Each feature with the plans that include it."""
    return [(feature, [plan in INCLUDED[code] for plan in Company.Plan.values]) for code, feature in FEATURES.items()]


@for_operators
def add_domain(request, slug):
    """Another host at which the company is found."""
    shown = the_company(slug)
    form = DomainForm(sent(request))
    page = {"shown": shown, "form": form, "version": _version(request, shown)}
    if not form.is_valid():
        return render(request, "operators/domain.html", page, status=422 if form.is_bound else 200)
    host = form.cleaned_data["domain"]
    there = domains.leads_here(host)
    done = _("%s leads to the company.") if there else _("%s is added. It does not lead to this installation yet.")
    return _do(
        request, shown, form, page, "operators/domain.html",
        lambda: domains.add(shown, host, **_hand(request)), done % host,
    )  # fmt: skip


@require_POST
@for_operators
def make_primary(request, slug, host):
    """Letters lead to another host from now on."""
    shown = the_company(slug)
    return _do_plainly(request, shown, domains.make_primary, _("Letters lead to %s from now on.") % host, host=host)


@for_operators
def remove_domain(request, slug, host):
    """Ask, then let a host lead nowhere."""
    shown = the_company(slug)
    if request.method != "POST":
        page = {"shown": shown, "host": host, "version": shown.version}
        return render(request, "operators/remove_domain.html", page)
    return _do_plainly(request, shown, domains.remove, _("%s leads nowhere any more.") % host, host=host)


@for_operators
def suspend(request, slug):
    """Ask why, say what follows, then close a company."""
    shown = the_company(slug)
    form = SuspendForm(sent(request))
    page = {"shown": shown, "form": form, "version": _version(request, shown), "contact": settings.ENV.velory_contact}
    if not form.is_valid():
        return render(request, "operators/suspend.html", page, status=422 if form.is_bound else 200)
    return _do(
        request, shown, form, page, "operators/suspend.html",
        lambda: changing.suspend_company(shown, **form.cleaned_data, **_hand(request)),
        _("%s is closed. Every web process knows it within half a minute.") % shown,
    )  # fmt: skip


@for_operators
@reauthenticated
def lost_factor(request, slug):
    """Ask whose and why, say what follows, then remove an only admin's second factor."""
    shown = the_company(slug)
    form = LostFactorForm(sent(request))
    page = {"shown": shown, "form": form, "version": _version(request, shown)}
    if not form.is_valid():
        return render(request, "operators/lost_factor.html", page, status=422 if form.is_bound else 200)
    try:
        lost.remove_factors(shown, **form.cleaned_data, by=request.user, at=clock.now())
    except Refused as refused:
        form.add_error(None, str(refused.reason))
        return render(request, "operators/lost_factor.html", page, status=422)
    messages.success(request, _("They sign in without a second factor until they set up another."))
    return see_other(address_of(shown))


@require_POST
@for_operators
def resume(request, slug):
    """Open a closed company again."""
    shown = the_company(slug)
    return _do_plainly(request, shown, changing.resume_company, _("%s is open again.") % shown)


# What they share


def _hand(request):
    return {"by": request.user, "at": clock.now(), "version": seen_version(request)}


def _version(request, shown):
    """The version that stood on the page first: a form that comes back with an error keeps it."""
    seen = seen_version(request)
    return shown.version if seen is None else seen


def _do(request, shown, form, page, template, deed, words):
    """Do it; what is refused for a field stands there, what is no longer so is told as such."""
    try:
        deed()
    except ValidationError as wrong:
        for field, errors in wrong.message_dict.items():
            form.add_error(field if field in form.fields else None, errors)
        return render(request, template, page, status=422)
    except Refused as refused:
        return conflict(request, shown, refused.reason, address=address_of(shown))
    messages.success(request, words)
    return see_other(address_of(shown))


def _do_plainly(request, shown, deed, words, **what):
    try:
        deed(shown, **what, **_hand(request))
    except Refused as refused:
        return conflict(request, shown, refused.reason, address=address_of(shown))
    messages.success(request, words)
    return see_other(address_of(shown))
