"""Where allauth meets our people: no sign-up by oneself, our limits, letters through our outbox, our addresses."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.contrib.auth import authenticate
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from velory import clock
from velory.people import limits, notices
from velory.people.models import Person, normal_address
from velory.ui.leading import stays_here


class AccountAdapter(DefaultAccountAdapter):
    """allauth's questions, answered for a company."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": _("E-mail and password do not match. Try again, or have a code sent to you."),
        "too_many_login_attempts": limits.TOO_OFTEN,
        "incorrect_code": _("That is not the code in the mail. Check it and try again."),
        "invalid_password_reset": _("This link no longer works."),
    }

    def is_open_for_signup(self, request):
        """Nobody signs up: people are invited or imported."""
        return False

    def authenticate(self, request, **credentials):
        """The person with this address and password. Failures are counted, and answered alike (R59, R62)."""
        address = credentials.get("email", "")
        if not limits.may_knock("sign_in", request, address):
            raise self.validation_error("too_many_login_attempts")
        person = authenticate(request, **credentials)
        if person is not None:
            limits.take_back("sign_in", request, address)
        return person

    def get_login_stages(self):
        """allauth's, with our own where the second factor is asked."""
        ours = {"allauth.mfa.stages.AuthenticateStage": "velory.people.second.SecondFactorStage"}
        return [ours.get(stage, stage) for stage in super().get_login_stages()]

    def pre_login(self, request, user, *, email, **rest):
        """Access may have ended, and the address may have changed, since the code or the link was sent."""
        if user.works_on(clock.today()) and (not email or normal_address(email) == user.email):
            return None
        clear_login(request)
        return HttpResponseRedirect(reverse("account_inactive"))

    def is_ajax(self, request):
        """Pages alone: nothing here is answered as JSON, and no way round a page leads through it."""
        return False

    def is_safe_url(self, url):
        """Only paths of this host are gone to after signing in or out."""
        return bool(url) and stays_here(url)

    def set_password(self, user, password):
        user.set_password(password)
        user.save(update_fields=["password"])

    def get_client_ip(self, request):
        return limits.client_of(request)

    def send_mail(self, template_prefix, email, context):
        """The one letter that allauth itself asks for is the sign-in code; the others are ours."""
        if template_prefix == "account/email/login_code":
            notices.sign_in_code(Person.objects.at_address(email).get(), context["code"])
