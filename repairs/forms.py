"""What is said of a fault, of a repair, and of what became of it."""

from decimal import Decimal
from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assets.forms import (
    STEP_FORMS,
    AssignForm,
    DayField,
    OneLine,
    StepForm,
    WhyForm,
    new_imei,
    new_serial,
    one_taker,
)
from assets.models import Category, Device, Partner
from repairs.models import Case, RepairSettings
from repairs.models.photo import MOST_PHOTOS
from velory.people.models import Person
from velory.tenancy.context import current_company
from velory.ui.inputs import DayInput
from velory.ui.pictures import MOST_BYTES, NoPicture, decoded
from velory.ui.usual import SettingsForm


class SeveralFiles(forms.FileField):
    """Some files, or none: a list of decoded pictures."""

    widget = type("SeveralFilesInput", (forms.ClearableFileInput,), {"allow_multiple_selected": True})

    def clean(self, data, initial=None):
        sent = [one for one in (data if isinstance(data, list | tuple) else [data]) if one]
        if len(sent) > MOST_PHOTOS:
            raise forms.ValidationError(_("Five photos at most."))
        return [self._picture(one) for one in sent]

    def _picture(self, sent):
        if sent.size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 8 MB."))
        try:
            return decoded(sent.read())
        except NoPicture as unusable:
            raise forms.ValidationError(f"{sent.name[:60]}: {unusable}") from None


class ReportForm(StepForm):
    """The switch of the seed, what is wrong, and photos of it."""

    label = gettext_lazy("Report a fault")
    needs_repair = forms.BooleanField(
        label=gettext_lazy("Device in need of repair?"), required=False,
        help_text=gettext_lazy("Your IT department sees it at once and takes it from there."),
    )  # fmt: skip
    fault = forms.CharField(
        label=gettext_lazy("What is wrong?"), required=False, max_length=2000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("Since when, and what happens. The more they know, the sooner you have it back."),
    )  # fmt: skip
    photos = SeveralFiles(
        label=gettext_lazy("Photos"), required=False,
        help_text=gettext_lazy("Up to five: JPEG, PNG or WebP, 8 MB each."),
    )  # fmt: skip

    def clean_needs_repair(self):
        if not self.cleaned_data["needs_repair"]:
            raise forms.ValidationError(_("Switch it on to report a fault. Otherwise nothing is reported."))
        return True


class DismissForm(StepForm):
    """No fault after all: it goes on as before, or to somebody else."""

    label = gettext_lazy("Revert to “Not in repair”")
    to = forms.CharField(
        label=gettext_lazy("Give it to somebody else"), required=False, max_length=100,
        help_text=gettext_lazy(
            "A person's name or e-mail, or a space. Left empty, it stays with whoever has it, with the same payor."
        ),
    )  # fmt: skip

    def clean_to(self):
        return one_taker(self.cleaned_data["to"], today=self.today)


class FinishForm(StepForm):
    """Repaired, and nobody has it yet."""

    label = gettext_lazy("Not in repair")


class HandForm(AssignForm):
    """Repaired, and to somebody else: who, and who pays."""

    label = gettext_lazy("Repaired: give it to somebody else")
    page = "repairs/hand.html"
    payor = forms.ChoiceField(
        label=gettext_lazy("Payor"), required=False, widget=forms.RadioSelect,
        choices=[("", gettext_lazy("Set it later")), *Device.Payor.choices],
    )  # fmt: skip


class CaseForm(forms.ModelForm):
    """What is known of a repair: who does it, what it costs, when it is back."""

    supplier = OneLine(
        label=gettext_lazy("Repaired by"), required=False, max_length=80,
        help_text=gettext_lazy("A workshop, the maker, or your own IT."),
    )  # fmt: skip
    warranty = forms.ChoiceField(
        label=gettext_lazy("Warranty"), required=False,
        choices=[("", pgettext_lazy("warranty", "Not known")), *Case.Warranty.choices],
    )  # fmt: skip
    cost = forms.DecimalField(
        label=gettext_lazy("Cost, net"), required=False, min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z", label=gettext_lazy("Currency"), required=False,
        error_messages={"invalid": gettext_lazy("Three capital letters, such as SEK or EUR.")},
    )  # fmt: skip
    expected_on = DayField(gettext_lazy("Expected back"))

    class Meta:
        model = Case
        fields = ["supplier", "warranty", "cost", "currency", "expected_on"]

    def clean(self):
        facts = super().clean() or self.cleaned_data
        if facts.get("cost") is None:
            facts["currency"] = ""
        elif not facts.get("currency") and "currency" not in self.errors:
            facts["currency"] = current_company().currency
        return facts


class ReplaceForm(WhyForm):
    """What takes the place of a device that is not worth repairing: a new one, registered here, or one there is."""

    label = gettext_lazy("Replace it")
    page = "repairs/replace.html"
    HERE, NEW, STORE = "here", "new", "store"
    how = forms.ChoiceField(
        label=gettext_lazy("What takes its place?"), widget=forms.RadioSelect, initial="new",
        choices=[
            ("new", gettext_lazy("A new device, registered now")),
            ("here", gettext_lazy("A device that is here already")),
            ("store", gettext_lazy("None yet: its user orders one in the store")),
        ],
    )  # fmt: skip
    name = OneLine(label=gettext_lazy("Product"), max_length=120, required=False)
    category = forms.ModelChoiceField(
        Category.objects.none(), to_field_name="code", label=gettext_lazy("Category"), required=False
    )
    serial = OneLine(label=gettext_lazy("Serial number"), max_length=60, required=False)
    imei = OneLine(label=gettext_lazy("IMEI"), max_length=20, required=False)
    distributor = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Distributor"), required=False
    )
    renewal_on = DayField(gettext_lazy("Renewal date"))
    other = OneLine(
        label=gettext_lazy("Which device?"), max_length=60, required=False,
        help_text=gettext_lazy("Its reference, serial number, IMEI or your own number."),
    )  # fmt: skip
    why = forms.CharField(
        label=gettext_lazy("Why is the old one not repaired?"), max_length=500, widget=forms.Textarea({"rows": 2}),
        help_text=gettext_lazy("It stands in the device's activity."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["category"]).queryset = Category.objects.order_by("pk")
        cast(forms.ModelChoiceField, self.fields["distributor"]).queryset = Partner.objects.distributing()
        self.initial.setdefault("category", self.device.category.code)
        self.initial.setdefault("distributor", getattr(self.device.distributor, "ref", ""))

    def clean_serial(self):
        return new_serial(self.cleaned_data["serial"], None)

    def clean_imei(self):
        return new_imei(self.cleaned_data["imei"], None)

    def clean(self):
        said = super().clean() or self.cleaned_data
        if said.get("how") == self.NEW:
            for name in ("name", "category"):
                if not said.get(name) and name not in self.errors:
                    self.add_error(name, _("A new device needs this."))
        if said.get("how") == self.HERE and "other" not in self.errors:
            said["replacement"] = self._the_other(said.get("other", ""))
        return said

    def _the_other(self, words):
        found = Device.objects.called(words).exclude(pk=self.device.pk).first() if words else None
        if found is None or found.is_archived:
            self.add_error("other", _("No device in the house has this reference or number."))
            return None
        return found


class RepairSettingsForm(SettingsForm):
    """How this company repairs."""

    class Meta:
        model = RepairSettings
        fields = ["routine", "loan_days"]
        widgets = {"routine": forms.Textarea({"rows": 3})}
        labels = {
            "routine": gettext_lazy("What people are told when they report a fault"),
            "loan_days": gettext_lazy("Days for which a device is lent"),
        }
        help_texts = {
            "routine": gettext_lazy(
                "Such as where to hand the device in. Left empty: “check with your manager or IT department”."
            ),
            "loan_days": gettext_lazy(
                "A loan is due back so many days after it begins. Whoever lends the device may choose another day."
            ),
        }


class LendForm(forms.Form):
    """To whom a device is lent, and until when."""

    to = forms.CharField(
        label=gettext_lazy("Borrower"), max_length=100, help_text=gettext_lazy("A person's name or e-mail.")
    )
    due_on = forms.DateField(label=gettext_lazy("Due back"), widget=DayInput(), input_formats=["%Y-%m-%d"])

    def __init__(self, data=None, *, today, **given):
        super().__init__(data, **given)
        self.today = today

    def clean_to(self):
        found = one_taker(self.cleaned_data["to"], today=self.today)
        if not isinstance(found, Person):
            raise forms.ValidationError(_("A device is lent to a person."))
        return found

    def clean_due_on(self):
        due = self.cleaned_data["due_on"]
        if due < self.today:
            raise forms.ValidationError(_("That day is past."))
        if (due - self.today).days > 366:
            raise forms.ValidationError(_("Longer than a year is no loan: assign it instead."))
        return due


STEP_FORMS |= {"dismiss_fault": DismissForm, "finish_repair": FinishForm}
