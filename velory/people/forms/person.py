"""The words about a person: what an admin writes of others, and what one writes of oneself."""

from typing import cast

from django import forms
from django.utils.translation import gettext_lazy as _

from velory.people import leaving
from velory.people.models import Location, Person, Team, normal_address
from velory.ui.inputs import DayInput
from velory.unseen import holds_unseen


def seen_as_written(words: str) -> None:
    """Refuses what cannot be seen and turns the text beside it round."""
    if holds_unseen(words):
        raise forms.ValidationError(_("There are characters in it that cannot be seen. Type it anew."))


YEARS = range(1930, 2101)  # of employment, as in a file


class PersonForm(forms.ModelForm):
    """Everything that an admin may write about a person."""

    approver_email = forms.EmailField(
        label=_("Approver's e-mail"), required=False, max_length=254,
        help_text=_("Who approves what this person asks for."),
    )  # fmt: skip
    skip_letter = forms.BooleanField(
        label=_("Don’t write to them about a new last day"), required=False,
        help_text=_("Otherwise they get a letter with one page for all their devices."),
    )  # fmt: skip

    class Meta:
        model = Person
        fields = [
            "first_name", "last_name", "email", "phone", "role", "language", "location", "team",
            "employee_number", "cost_centre", "first_day_on", "last_day_on",
        ]  # fmt: skip
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
            "phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
            "first_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "last_name": forms.TextInput(attrs={"autocomplete": "off"}),
            "first_day_on": DayInput(),
            "last_day_on": DayInput(),
        }
        help_texts = {
            "email": _("Signs in with it and gets mail there."),
            "last_day_on": _("Access ends when this day is over."),
        }
        error_messages = {"email": {"unique": _("Somebody here already has this e-mail.")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["email"].required = self.instance.pk is None or self.instance.email is not None
        self.fields["first_name"].required = self.fields["last_name"].required = True
        for name in ("first_name", "last_name", "phone", "employee_number", "cost_centre"):
            self.fields[name].validators.append(seen_as_written)
        for name, places in (("location", Location.objects), ("team", Team.objects)):
            choice = cast(forms.ModelChoiceField, self.fields[name])
            choice.queryset, choice.empty_label = places.order_by("name"), _("None")
        self.initial["skip_letter"] = not leaving.usually_told()
        if self.instance.approver:
            self.initial["approver_email"] = self.instance.approver.email

    def clean_email(self):
        return normal_address(self.cleaned_data["email"] or "") or None

    def clean_approver_email(self):
        address = self.cleaned_data["approver_email"]
        self.approver = Person.objects.at_address(address).first() if address else None
        if address and self.approver is None:
            raise forms.ValidationError(_("Nobody here has this e-mail."))
        if self.approver is not None and self.approver == self.instance:
            raise forms.ValidationError(_("Nobody approves their own wishes."))
        return address

    def clean(self):
        facts = super().clean() or self.cleaned_data
        for name in ("first_day_on", "last_day_on"):
            if facts.get(name) and facts[name].year not in YEARS:
                self.add_error(name, _("The year has to lie between 1930 and 2100."))
        first, last = facts.get("first_day_on"), facts.get("last_day_on")
        if first and last and last < first:
            self.add_error("last_day_on", _("The last day is before the first."))
        return facts

    @property
    def facts(self) -> dict:
        """What is to be so from now on, by field."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields} | {
            "approver_id": self.approver and self.approver.pk
        }


class OwnForm(forms.ModelForm):
    """What one may write about oneself; the rest is for an admin to change."""

    class Meta:
        model = Person
        fields = ["phone", "language"]
        widgets = {"phone": forms.TextInput(attrs={"type": "tel", "autocomplete": "tel"})}

    def clean_phone(self):
        seen_as_written(self.cleaned_data["phone"])
        return self.cleaned_data["phone"]

    @property
    def facts(self) -> dict:
        """What is to be so from now on, by field."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}
