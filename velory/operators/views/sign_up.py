"""The base domain's sign-up: asked for, confirmed by mail, made, and on to the new company.

Nothing is made, and nobody is told what is known here, before a link in a letter was followed: the answer to a form
that was filled in is always the same. Where the installation allows no sign-up these pages do not exist.
"""

from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from velory import clock
from velory.operators import openings
from velory.operators.changing import an_outbox
from velory.operators.forms import SignUpForm
from velory.operators.letters import ask_to_confirm
from velory.operators.models import Opening
from velory.people import limits
from velory.ui.steps import see_other, sent

USUAL = {"country": "SE", "currency": "SEK"}


def where_sign_up_is_on(view):
    """A page for visitors, signed in nowhere."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not openings.sign_up_is_on():
            raise Http404
        return view(request, *args, **kwargs)

    return login_not_required(never_cache(guarded))


@where_sign_up_is_on
def sign_up(request):
    """The form; then a letter is written, unless it was a robot or came too often from one address."""
    usual = USUAL | {"language": get_language()}
    if request.method == "POST" and not limits.may_knock("sign_up", request):
        return _ask(request, SignUpForm(initial=usual), _("That was too often. Wait a while and try again."), 429)
    form = SignUpForm(sent(request), initial=usual)
    if not form.is_valid():
        return _ask(request, form, "", 422 if form.is_bound else 200)
    address = form.cleaned_data["admin_email"]
    if not request.POST.get("website") and limits.may_knock("sign_up_to", request, address):
        _write(form.opening(), at=clock.now())
    return see_other("/sign-up/sent/")


def _write(opening, *, at):
    with an_outbox(), transaction.atomic():
        ask_to_confirm(opening, openings.ask_by_mail(opening, at=at), at=at)


def _ask(request, form, problem, status):
    page = {"form": form, "problem": problem, "base": openings.own_host("")}
    return render(request, "public/sign_up.html", page, status=status)


@require_safe
@where_sign_up_is_on
def sent_mail(request):
    """Look into your mail: the same for everybody."""
    return render(request, "public/sign_up_sent.html", {"hours": openings.HOURS})


@where_sign_up_is_on
def confirm(request, token):
    """The page behind the link: looking at it opens nothing, its button does."""
    at = clock.now()
    opening = openings.waiting_behind(token, at=at) if limits.may_knock("link", request) else None
    if opening is None:
        return render(request, "public/sign_up_over.html", status=410)
    if opening.state == Opening.State.ASKED and request.method != "POST":
        return render(request, "public/sign_up_confirm.html", {"opening": opening})
    try:
        opening = openings.confirm(opening, at=at)
    except ValidationError as wrong:
        page = {"opening": opening, "problem": " ".join(wrong.messages)}
        return render(request, "public/sign_up_taken.html", page, status=409)
    return see_other(f"/sign-up/{opening.ref}/")


@require_safe
@where_sign_up_is_on
def progress(request, ref):
    """How far the opening is; then the way to the company."""
    opening = get_object_or_404(Opening.objects.exclude(state=Opening.State.ASKED).select_related("company"), ref=ref)
    page = {"opening": opening, "percent": openings.percent_done(opening), "asks": opening.is_under_way}
    return render(request, "public/sign_up_progress.html", page)
