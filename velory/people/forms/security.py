"""Setting up a second factor, and signing in with it."""

import json

from django import forms
from django.utils.translation import gettext_lazy as _

from velory.people.factor_settings import FactorSettings
from velory.ui.usual import SettingsForm

LONGEST_ANSWER = 20_000


def code_field(label):
    """A code as one types it, with or without blanks."""
    asks = forms.TextInput(attrs={"autocomplete": "one-time-code", "spellcheck": "false"})
    return forms.CharField(label=label, max_length=30, widget=asks, error_messages={"required": _("Type the code.")})


class AppForm(forms.Form):
    """The first code of an app."""

    code = code_field(_("Code in the app"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].widget.attrs["inputmode"] = "numeric"


class SecondForm(forms.Form):
    """A code from the app, or a recovery code."""

    code = code_field(_("Code"))


class AnswerForm(forms.Form):
    """What the browser says of a passkey."""

    answer = forms.CharField(max_length=LONGEST_ANSWER, widget=forms.HiddenInput, strip=False)

    def clean_answer(self):
        try:
            return json.loads(self.cleaned_data["answer"])
        except (ValueError, RecursionError):
            raise forms.ValidationError(_("The browser’s answer could not be read. Try again."))


class PasskeyForm(forms.Form):
    """What a passkey is called."""

    name = forms.CharField(
        label=_("Name of the passkey"), max_length=60,
        help_text=_("So that you know it again: the device or the program that keeps it."),
    )  # fmt: skip


class NewPasskeyForm(PasskeyForm, AnswerForm):
    """A passkey that the browser has just made; a name that is missing does not lose it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False


class LostForm(forms.Form):
    """Why an admin removes a colleague's second factor."""

    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They read it in a mail, and it stands in the event log. For example: phone lost, known by voice."),
    )  # fmt: skip


class FactorSettingsForm(SettingsForm):
    """Of whom two factors are asked."""

    class Meta:
        model = FactorSettings
        fields = ["asked_of"]
        widgets = {"asked_of": forms.RadioSelect}
