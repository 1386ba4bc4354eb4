"""Saying who one is: with the password, or with a code from a mail."""

from django import forms
from django.utils.translation import gettext_lazy as _


class _Checked(forms.Form):
    """One field; `check(value)` says why it is wrong, or nothing."""

    def __init__(self, *args, check, **kwargs):
        super().__init__(*args, **kwargs)
        self.check = check

    def clean(self):
        for name, value in list(self.cleaned_data.items()):
            if why := self.check(value):
                self.add_error(name, why)
        return self.cleaned_data


class PasswordAgainForm(_Checked):
    """With the password."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        error_messages={"required": _("Type your password.")},
    )


class CodeForm(_Checked):
    """With the code from the mail."""

    code = forms.CharField(
        label=_("Code from the mail"),
        max_length=20,
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type the code from the mail.")},
    )
