"""What the keyboard may say of renewals."""

from django import forms
from django.utils.translation import gettext_lazy as _

from renewals.models import Policy


class PolicyForm(forms.ModelForm):
    """How this company wants its devices renewed."""

    class Meta:
        model = Policy
        fields = ["one_off_reminder"]
        help_texts = {"one_off_reminder": _("Off: nothing is sent 30 days before the renewal date of an own device.")}
