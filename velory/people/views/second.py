"""The second factor at sign-in, and signing in with a passkey alone."""

from allauth.account.internal.decorators import login_stage_required
from allauth.account.internal.stagekit import clear_login
from allauth.account.utils import get_next_redirect_url
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from velory import clock
from velory.people import factors, limits, passkeys
from velory.people.forms.security import AnswerForm, SecondForm
from velory.people.second import SecondFactorStage, note_factor, sign_in


class FactorForms:
    """The two ways to prove a second factor, as they were sent: a code, or a passkey's answer."""

    def __init__(self, request, person):
        self.request, self.person, now = request, person, factors.standing(person)
        sent = request.POST if request.method == "POST" else None
        is_answer = sent is not None and "answer" in sent
        self.code = SecondForm(None if is_answer else sent)
        self.answer = AnswerForm(sent if is_answer else None)
        self.has_app, self.has_passkey = bool(now.app), passkeys.usable(person, request)
        self.codes_left = now.codes_left

    def are_right(self) -> bool:
        """Whether what was sent proves it; the session then notes it, and the form says why where it does not."""
        kind = self._signed() if self.answer.is_bound else self._typed()
        if kind:
            note_factor(self.request, self.person, kind)
        return bool(kind)

    def _signed(self):
        if not self.answer.is_valid():
            return None
        try:
            return passkeys.signed(self.request, self.answer.cleaned_data["answer"], self.person).type
        except passkeys.NotGood as fault:
            self.answer.add_error(None, str(fault))

    def _typed(self):
        if not self.code.is_valid():
            return None
        if not may_try(self.request, self.person):
            self.code.add_error(None, limits.TOO_OFTEN)
            return None
        row = factors.use_code(self.person, self.code.cleaned_data["code"], at=clock.now())
        if row is None:
            self.code.add_error("code", self._why_not(self.code.cleaned_data["code"]))
            return None
        limits.take_back("second", self.request, self.person.ref)
        limits.take_back("second_all_day", self.request, self.person.ref)
        return row.type

    def _why_not(self, typed):
        if not self.has_app or sum(c.isdigit() for c in typed) > factors.DIGITS:
            return _("That is not one of your recovery codes, or it was used before. Each works once.")
        return _("That is not the code of now, or it was used before. Wait for the next one.")


def may_try(request, person) -> bool:
    """Whether one more code may be tried for a person: by address nobody gets more tries than one person has."""
    return all(limits.may_knock(door, request, person.ref) for door in ("second", "second_all_day"))


def sign_options(request, person=None):
    """What the browser needs to sign with a passkey."""
    if not limits.may_knock("passkey", request):
        return JsonResponse({}, status=429)
    return JsonResponse(passkeys.ask_to_sign(request, person))


at_second_factor = login_stage_required(stage=SecondFactorStage.key, redirect_urlname="account_login")


@at_second_factor
@require_http_methods(["GET", "HEAD", "POST"])
@sensitive_post_parameters("code", "answer")
def second_factor(request):
    """After the password or the code: the app, a passkey or a recovery code; then in, to where they were going."""
    person = request._login_stage.login.user
    if not person.works_on(clock.today()):
        clear_login(request)
        return redirect("account_inactive")
    forms = FactorForms(request, person)
    if request.method == "POST" and forms.are_right():
        return request._login_stage.exit()
    page = {"factors": forms, "options": reverse("account_second_options")}
    return render(request, "account/second_factor.html", page, status=422 if request.method == "POST" else 200)


@at_second_factor
@require_POST
def second_options(request):
    """What the browser needs for a passkey of this person."""
    return sign_options(request, request._login_stage.login.user)


@login_not_required
@require_POST
def passkey_options(request):
    """What the browser needs for any passkey of this host."""
    return sign_options(request)


@login_not_required
@require_POST
@sensitive_post_parameters("answer")
def passkey_sign_in(request):
    """In with a passkey alone: it is two factors in one, and names its person."""
    if request.user.is_authenticated:
        return redirect("/")
    form = AnswerForm(request.POST)
    try:
        if not limits.may_knock("passkey", request):
            raise passkeys.NotGood(limits.TOO_OFTEN)
        if not form.is_valid():
            raise passkeys.NotGood(_("The browser’s answer could not be read. Try again."))
        person = passkeys.signed(request, form.cleaned_data["answer"]).user
    except passkeys.NotGood as fault:
        messages.warning(request, str(fault))
        return redirect("account_login")
    note_factor(request, person, factors.PASSKEY, alone=True)
    return sign_in(request, person, redirect_url=get_next_redirect_url(request))
