"""Support access, as it is asked for and as a company allows it."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from velory.support.models import HOURS, SupportSettings
from velory.ui.usual import SettingsForm


def hours_to_choose() -> list[tuple[int, str]]:
    """One hour, or a few, in the reader's words."""
    return [(hours, ngettext("%d hour", "%d hours", hours) % hours) for hours in HOURS]


class AskForm(forms.Form):
    """Why an operator wants to look, and for how long."""

    why = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The company’s admins read it: what was asked or reported, and what you want to look at."),
    )  # fmt: skip
    ticket = forms.CharField(label=_("Ticket"), max_length=60, required=False)
    hours = forms.TypedChoiceField(
        label=_("For how long"), coerce=int, initial=HOURS[0],
        choices=hours_to_choose,
        help_text=_("The time runs from the moment at which it is allowed."),
    )  # fmt: skip


class SupportSettingsForm(SettingsForm):
    """With whose leave support looks."""

    class Meta:
        model = SupportSettings
        fields = ["support_may_look"]
        widgets = {"support_may_look": forms.RadioSelect}
