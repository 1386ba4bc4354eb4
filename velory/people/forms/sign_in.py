"""The words of signing in. allauth's views use these forms (ACCOUNT_FORMS in the settings)."""

from allauth.account import forms as allauth
from allauth.account.adapter import get_adapter
from allauth.core import context
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from velory import clock
from velory.people import limits, notices
from velory.people.models import Person
from velory.unseen import holds_unseen

LONGEST_PASSWORD = 200
PASSWORD_HELP = _("At least 10 characters. Three or four words in a row are easy to remember.")


class AddressField(forms.EmailField):
    """The e-mail that one signs in with."""

    def __init__(self):
        asks = forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email", "spellcheck": "false"})
        super().__init__(label=_("E-mail"), max_length=254, widget=asks)

    def clean(self, value):
        return super().clean(value).lower()


class PasswordField(forms.CharField):
    """A password as it was typed, blanks and all."""

    def __init__(self, label, *, autocomplete, **rest):
        asks = forms.PasswordInput(attrs={"autocomplete": autocomplete})
        super().__init__(label=label, strip=False, max_length=LONGEST_PASSWORD, widget=asks, **rest)


class LoginForm(allauth.LoginForm):
    """Address and password."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields = {
            "login": AddressField(),
            "password": PasswordField(_("Password"), autocomplete="current-password"),
        }


class RequestLoginCodeForm(forms.Form):
    """Where the code goes."""

    email = AddressField()

    def clean_email(self):
        address = self.cleaned_data["email"]
        if not limits.may_knock("code", context.request, address):
            raise get_adapter().validation_error("too_many_login_attempts")
        self._user = Person.objects.at_address(address).working(clock.today()).first()
        if self._user is None:
            notices.sign_in_code_taken_back(address)
        return address


class ConfirmLoginCodeForm(allauth.ConfirmLoginCodeForm):
    """The code from the mail."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        asks = forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        )
        self.fields["code"] = forms.CharField(label=_("Code"), max_length=20, widget=asks)


class ResetPasswordForm(forms.Form):
    """Where the link goes."""

    email = AddressField()

    def clean_email(self):
        address = self.cleaned_data["email"]
        if not limits.may_knock("reset", context.request, address):
            raise get_adapter().validation_error("too_many_login_attempts")
        return address

    def save(self, request, **kwargs):
        notices.password_reset(self.cleaned_data["email"])


class UserTokenForm(allauth.UserTokenForm):
    """Whose reset link this is: by reference, and only while they have access."""

    def clean(self):
        if not limits.may_knock("link", context.request):
            raise get_adapter().validation_error("too_many_login_attempts")
        return super().clean()

    def _get_user(self, uidb36):
        person = Person.objects.filter(ref=f"P-{uidb36}").first()
        return person if person is not None and person.works_on(clock.today()) else None


class ChoosePasswordForm(forms.Form):
    """A new password, for the person whose link it is."""

    password1 = PasswordField(_("New password"), autocomplete="new-password", help_text=PASSWORD_HELP)

    def __init__(self, *args, user=None, temp_key=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password1(self):
        validate_password(self.cleaned_data["password1"], self.user)
        return self.cleaned_data["password1"]

    def save(self):
        """Set it: every other session of this person ends with that."""
        get_adapter().set_password(self.user, self.cleaned_data["password1"])


class ArriveForm(ChoosePasswordForm):
    """A first password, and one's name where nobody has said it yet."""

    field_order = ["first_name", "last_name", "password1"]
    first_name = forms.CharField(
        label=_("First name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "given-name"})
    )
    last_name = forms.CharField(
        label=_("Last name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "family-name"})
    )

    def __init__(self, *args, user, has_passwords=True, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        if user.get_full_name():
            del self.fields["first_name"], self.fields["last_name"]
        if not has_passwords:
            del self.fields["password1"]

    def clean(self):
        said = super().clean()
        for part, words in self.name.items():
            if holds_unseen(words):
                self.add_error(part, _("There are characters in it that cannot be seen. Type it anew."))
        return said

    @property
    def name(self) -> dict:
        """What was said of the name."""
        return {part: self.cleaned_data[part] for part in ("first_name", "last_name") if part in self.cleaned_data}


class ChangePasswordForm(ChoosePasswordForm):
    """A new password, for somebody who is signed in. The present one is asked where there is one."""

    field_order = ["password", "password1"]
    password = PasswordField(_("Present password"), autocomplete="current-password")

    def __init__(self, *args, user, request, **kwargs):
        super().__init__(*args, user=user, **kwargs)
        self.request = request
        if not user.has_usable_password():
            del self.fields["password"]

    def clean_password(self):
        if not limits.may_knock("password", self.request, self.user.ref):
            raise get_adapter().validation_error("too_many_login_attempts")
        if not self.user.check_password(self.cleaned_data["password"]):
            raise forms.ValidationError(_("That is not your present password."))
        return self.cleaned_data["password"]
