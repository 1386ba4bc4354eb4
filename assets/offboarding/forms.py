"""What is said on the pages of an offboarding."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assets.importing.forms import ACCEPTED, UploadForm
from assets.models import OffboardingSettings, Plan
from velory.people.forms.person import YEARS
from velory.ui.inputs import DayInput
from velory.ui.usual import SettingsForm


class PlanForm(forms.Form):
    """What an admin says of one device."""

    way = forms.ChoiceField(required=False, choices=[("", _("Not decided")), *Plan.Way.choices])
    price = forms.DecimalField(
        label=_("Buy-out price, net"), required=False, min_value=1, max_digits=12, decimal_places=2,
        help_text=_("Needed to offer a buy-out before its time: nobody else knows what it costs then."),
    )  # fmt: skip
    early_return = forms.BooleanField(label=_("It may go back to the leasing provider before its time"), required=False)


class LastDayForm(forms.Form):
    """The last day of somebody; empty: they stay."""

    last_day_on = forms.DateField(
        label=_("Last day"), required=False, widget=DayInput(), input_formats=["%Y-%m-%d"],
        help_text=_("The last day with access, to midnight. Empty it if they stay."),
    )  # fmt: skip
    skip_letter = forms.BooleanField(label=_("Don’t write to them about it"), required=False)

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_last_day_on(self):
        day = self.cleaned_data["last_day_on"]
        if day and day.year not in YEARS:
            raise forms.ValidationError(_("The year has to lie between 1930 and 2100."))
        if day and self.person.first_day_on and day < self.person.first_day_on:
            raise forms.ValidationError(_("The last day is before the first."))
        return day


class OffboardingSettingsForm(SettingsForm):
    """How this company parts from people, with what each choice does."""

    class Meta:
        model = OffboardingSettings
        fields = ["write", "remind", "leaver_chooses"]
        labels = {
            "write": _("Write to people when their last day is set"),
            "remind": _("Remind them a week before"),
            "leaver_chooses": _("They choose what becomes of their devices"),
        }
        help_texts = {
            "write": _("One letter with a link to a page for all their devices. Off: only where an admin says so."),
            "remind": _("Only those who got the first letter, and only while something is open."),
            "leaver_chooses": _("Off: their page says what an admin has decided, and asks them nothing."),
        }


class LeaversForm(UploadForm):
    """A file of last days."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A workbook (.xlsx) or CSV with two columns: email and last_employment_date. Up to 20,000 rows."),
        max_length=400,
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )
