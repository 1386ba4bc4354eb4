"""A mail alone changes no password of somebody who has a second factor: it is proven first, before anything is asked.

For a link that resets a password, and for an invitation to somebody who has one already. What was proven counts for
the sign-in that follows in the same browser, so that nobody is asked twice.
"""

from allauth.account import views
from allauth.account.views import INTERNAL_RESET_SESSION_KEY
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from velory import clock
from velory.people import factors
from velory.people.models import Person
from velory.people.second import proven_lately
from velory.people.tokens import ResetTokens
from velory.people.views.second import FactorForms, sign_options
from velory.ui.steps import see_other

WHOSE = "proves_first"


@login_not_required
@never_cache
@sensitive_post_parameters("password1", "code", "answer")
def new_password(request, uidb36, key):
    """The page behind a mailed link: a new password, after the second factor where there is one."""
    person = whose_link(request, uidb36, key)
    first = factor_first(request, person) if person else None
    return first or views.password_reset_from_key(request, uidb36=uidb36, key=key)


def whose_link(request, uidb36: str, key: str) -> Person | None:
    """Whose password may be chosen now; the token has left the address by then and stands in the session."""
    token = request.session.get(INTERNAL_RESET_SESSION_KEY, "")
    if key != views.PasswordResetFromKeyView.reset_url_key or not token:
        return None
    person = Person.objects.filter(ref=f"P-{uidb36}").first()
    if person is None or not person.works_on(clock.today()):
        return None
    return person if ResetTokens().check_token(person, token) else None


def factor_first(request, person) -> HttpResponse | None:
    """The page that asks for the second factor, or back to what comes after it; None where nothing has to be asked."""
    if not factors.has_two(person) or proven_lately(request, person):
        return None
    if request.user.is_authenticated and request.user.pk != person.pk:
        _sign_out_but_keep_the_link(request)
    forms = FactorForms(request, person)
    if request.method == "POST" and forms.are_right():
        request.session.cycle_key()
        return see_other(request.path)
    request.session[WHOSE] = person.ref
    page = {"factors": forms, "options": reverse("account_proof_options"), "comes_before": True}
    return render(request, "account/second_factor.html", page, status=422 if request.method == "POST" else 200)


@login_not_required
@require_POST
def proof_options(request):
    """What the browser needs for a passkey of whoever has opened such a link."""
    person = Person.objects.filter(ref=request.session.get(WHOSE, "")).first()
    return sign_options(request, person) if person else redirect("account_login")


def _sign_out_but_keep_the_link(request):
    token = request.session.get(INTERNAL_RESET_SESSION_KEY)
    logout(request)
    if token:
        request.session[INTERNAL_RESET_SESSION_KEY] = token
