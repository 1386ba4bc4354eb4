"""What the keyboard may say with a step. A step's form has the step's keyword arguments."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.forms.fields import OneLine
from assets.forms.numbers import new_imei, new_serial
from assets.models import Device
from assets.takers import taker_called, takers


class StepForm(forms.Form):
    """A step that asks nothing; `device` and `by` are there for those that ask more.

    `label` names a deed that has no button of its own; `effects` are what follows, said above the fields.
    """

    label: Any = ""
    effects: Any = ()

    def __init__(self, data=None, *, device, by, today, **more):
        super().__init__(data, **more)
        self.device, self.by, self.today = device, by, today


class WhyForm(StepForm):
    """A step that keeps its reason."""

    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It stands in the device's activity."),
    )  # fmt: skip


class MayBeWhyForm(WhyForm):
    """A step that keeps a reason if there is one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].required = False


class ReceiveForm(StepForm):
    """Receipt: the numbers on the box, where they are still unknown."""

    serial = OneLine(
        label=gettext_lazy("Serial number"), max_length=60,
        help_text=gettext_lazy("On a label on the box, beside “Serial No.” or “S/N”."),
    )  # fmt: skip
    imei = OneLine(
        label=gettext_lazy("IMEI"), max_length=20,
        help_text=gettext_lazy("15 digits on the same label; the phone shows them when you dial *#06#."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.device.serial:
            del self.fields["serial"]
        if self.device.imei or not self.device.category.has_imei:
            del self.fields["imei"]

    def clean_serial(self):
        return new_serial(self.cleaned_data["serial"], self.device, by=self.by)

    def clean_imei(self):
        return new_imei(self.cleaned_data["imei"], self.device, by=self.by)


class ConfirmReturnForm(StepForm):
    """What became of it, where more than one thing can have, and what is worth remembering."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What happened to it?"), required=False,
        choices=[("", gettext_lazy("Not said")), *Device.Outcome.choices],
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It becomes a note on the device."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.device.may_be_bought_from_distributor:
            del self.fields["outcome"]

    def clean(self):
        return {"outcome": Device.Outcome.RETURNED} | (super().clean() or {})


class AssignForm(StepForm):
    """To whom: a person or a space, found by name."""

    label = gettext_lazy("Assign")
    page = "assets/assign.html"
    to = forms.CharField(max_length=100, error_messages={"required": gettext_lazy("Choose a person or a space.")})

    def __init__(self, *args, q="", **kwargs):
        super().__init__(*args, **kwargs)
        self.q = q.replace("\0", "").strip()[:100]

    @property
    def takers(self):
        """Whom the search found."""
        return takers(self.q, today=self.today)

    def clean_to(self):
        taker = taker_called(self.cleaned_data["to"], today=self.today)
        if taker is None:
            raise forms.ValidationError(_("Choose a person who works here, or a space."))
        return taker


class UnassignForm(StepForm):
    """Nothing is asked."""

    label = gettext_lazy("Take back")


class PayorForm(StepForm):
    """Who pays for it."""

    label = gettext_lazy("Set payor")

    payor = forms.ChoiceField(label=gettext_lazy("Payor"), choices=Device.Payor.choices, widget=forms.RadioSelect)
    cost_centre = OneLine(
        label=gettext_lazy("Cost centre"), required=False, max_length=40,
        help_text=gettext_lazy("Where the company pays."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        holder = self.device.holder
        self.initial.setdefault("payor", self.device.payor or Device.Payor.COMPANY)
        self.initial.setdefault("cost_centre", self.device.payor_cost_centre or (holder.cost_centre if holder else ""))

    def clean(self):
        if self.cleaned_data.get("payor") == Device.Payor.EMPLOYEE:
            self.cleaned_data["cost_centre"] = ""
