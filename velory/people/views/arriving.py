"""Before one is signed in, or anywhere: an invitation's page, and the language of the pages."""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from velory import clock
from velory.people import factors, invitations, limits
from velory.people.federated.ways import has_passwords
from velory.people.forms.sign_in import ArriveForm
from velory.people.second import sign_in
from velory.people.views.proving import factor_first
from velory.ui.steps import see_other, sent
from velory.ui.views import back_to

A_YEAR = 365 * 24 * 3600


@login_not_required
@never_cache
@sensitive_post_parameters("password1")
def accept(request, token):
    """The page behind an invitation: choose a password, and be signed in. Looking at it uses nothing up."""
    made = limits.may_knock("link", request) and invitations.open_invitation(token, at=clock.now())
    if not made:
        return render(request, "people/invitation_over.html", status=410)
    if first := factor_first(request, made.person):  # invited again: a mail alone changes no password
        return first
    form = ArriveForm(sent(request), user=made.person, has_passwords=has_passwords())
    if not form.is_valid():
        page = {"form": form, "invited": made.person, "token": token}
        return render(request, "people/accept.html", page, status=_status(form))
    person = invitations.accept(token, form.cleaned_data.get("password1"), **form.name)
    if person is None:
        return render(request, "people/invitation_over.html", status=410)
    if request.user.is_authenticated and request.user.pk != person.pk:
        get_adapter().logout(request)
    if factors.has_two(person):
        return sign_in(request, person, redirect_url="/")
    get_adapter().login(request, person)
    return see_other("/")


@login_not_required
@require_POST
def choose_language(request):
    """Swedish or English: kept on the person, and in a cookie for the pages before signing in."""
    chosen = request.POST.get("language", "")
    answer = see_other(back_to(request))
    if chosen in dict(settings.LANGUAGES):
        answer.set_cookie("language", chosen, max_age=A_YEAR, samesite="Lax", secure=request.is_secure(), httponly=True)
        if request.user.is_authenticated:
            request.user.speak(chosen)
    return answer


def _status(form):
    return 422 if form.is_bound else 200
