"""Say once more who you are: with the password, or with a code from a mail."""

from functools import partial

from django.contrib import messages
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from velory.people import codes, limits, notices
from velory.people.again import note_said, safe, says_with_two
from velory.people.federated.ways import has_passwords
from velory.people.forms.again import CodeForm, PasswordAgainForm
from velory.people.views.second import FactorForms, sign_options
from velory.ui.steps import see_other

CODE = "code_again"


@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("password", "code")
def again(request):
    """Ask; where the answer is right, go back to where they were."""
    back = safe(request.POST.get("next") or request.GET.get("next") or "/")
    if says_with_two(request):
        return _with_a_factor(request, back)
    wanted = request.POST.get("action", "")
    if wanted == "send":
        return _send_code(request, back)
    forms = {
        "password": PasswordAgainForm(request.POST if wanted == "password" else None, check=_password_of(request)),
        "code": CodeForm(request.POST if wanted == "code" else None, check=partial(codes.why_not, request, CODE)),
    }
    if wanted in forms and forms[wanted].is_valid():
        request.session.pop(CODE, None)
        note_said(request)
        return see_other(back)
    page = {"forms": forms, "back": back, "sent": CODE in request.session, "has_password": _has_password(request)}
    return render(request, "people/again.html", page, status=422 if request.method == "POST" else 200)


def _with_a_factor(request, back):
    """The app, a recovery code or a passkey: what is asked of whoever has one of them."""
    forms = FactorForms(request, request.user)
    if request.method == "POST" and forms.are_right():
        note_said(request)
        return see_other(back)
    page = {"factors": forms, "back": back, "options": reverse("people:again_options")}
    return render(request, "people/again_factor.html", page, status=422 if request.method == "POST" else 200)


@require_POST
def again_options(request):
    """What the browser needs for saying it with a passkey."""
    return sign_options(request, request.user)


def _has_password(request):
    return request.user.has_usable_password() and bool(request.user.password) and has_passwords()


def _password_of(request):
    def check(password):
        if not limits.may_knock("password", request, request.user.ref):
            return limits.TOO_OFTEN
        if not (_has_password(request) and request.user.check_password(password)):
            return _("That is not your password. Try again, or have a code sent to you.")
        limits.take_back("password", request, request.user.ref)
        return ""

    return check


def _send_code(request, back):
    address = f"{reverse('people:again')}?{urlencode({'next': back})}"
    if not request.user.email or not limits.may_knock("code", request, request.user.email):
        messages.warning(request, limits.TOO_OFTEN)
        return see_other(address)
    notices.sign_in_code(request.user, codes.new_code(request, CODE, minutes=notices.CODE_MINUTES))
    return see_other(address)
