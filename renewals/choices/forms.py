"""The last page before a final choice: what happens, and the tick without which nothing is final."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.forms import STEP_FORMS, StepForm
from renewals.choices import words
from renewals.models import Choice
from velory.ui.dates import day_long


class ConfirmForm(StepForm):
    """A final choice, confirmed on a page of its own."""

    page = "renewals/confirm_choice.html"
    choice = Choice.RETURN

    understood = forms.BooleanField(
        label=gettext_lazy("I understand that this choice is final."),
        error_messages={"required": gettext_lazy("Tick the box to say that you understand.")},
    )

    def clean(self):
        """The tick is for the reader; the step is told nothing more."""
        super().clean()
        return {}

    @property
    def asked(self) -> str:
        """The question of the page."""
        mine = self.device.holder_id == self.by.pk
        return (_("Return your %s?") if mine else _("Return %s?")) % self.device

    @property
    def final(self) -> str:
        """What can't be taken back."""
        if self.device.is_leased:
            return _("After you confirm, the device can no longer be bought out.")
        return _("After you confirm, the device can no longer be bought out or kept.")

    @property
    def whose(self) -> str:
        """In whose stead an admin confirms it."""
        holder = self.device.holder
        return str(holder) if holder is not None and holder.pk != self.by.pk else ""


class KeepForm(ConfirmForm):
    """Keeping: it is asked again before the new date."""

    choice = Choice.KEEP

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["understood"]

    @property
    def asked(self) -> str:
        """The question of the page."""
        day = day_long(words.kept_until(self.device))
        mine = self.device.holder_id == self.by.pk
        text = _("Keep your %(device)s until %(day)s?") if mine else _("Keep %(device)s until %(day)s?")
        return text % {"device": self.device, "day": day}

    @property
    def final(self) -> str:
        """What can't be taken back."""
        return _("Until then it can be neither bought out nor returned here.")


STEP_FORMS.update({"choose_return": ConfirmForm, "keep": KeepForm})
