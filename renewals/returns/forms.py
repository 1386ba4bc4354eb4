"""What is said of a return at the keyboard: a label, and that a device is de-registered."""

from django import forms
from django.utils.translation import gettext_lazy as _

from renewals.returns.labels import MOST_BYTES, what_is_wrong_with


class LabelForm(forms.Form):
    """A PDF, looked into before it is taken."""

    label = forms.FileField(
        label=_("Return label"),
        help_text=_("A PDF of up to 10 MB. The holder gets it by mail at once."),
        max_length=400,
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def clean_label(self):
        file = self.cleaned_data["label"]
        wrong = _("The file is larger than 10 MB.") if file.size > MOST_BYTES else what_is_wrong_with(file.read())
        if wrong:
            raise forms.ValidationError(wrong)
        file.seek(0)
        return file


class ReleaseForm(forms.Form):
    """A release can't be taken back by who says it, so it is said twice."""

    sure = forms.BooleanField(
        label=_("It is de-registered from our systems"),
        error_messages={"required": _("Tick the box when it is done.")},
    )
