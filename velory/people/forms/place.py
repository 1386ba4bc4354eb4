"""The words about a location or a team."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from velory import clock
from velory.people.forms.person import seen_as_written
from velory.people.models import Location, Person, Team, normal_address


class PersonField(forms.EmailField):
    """Somebody who works here, named by their e-mail; `initial` is the person."""

    def prepare_value(self, value):
        return value.email or "" if isinstance(value, Person) else value

    def clean(self, value):
        address = super().clean(value)
        found = Person.objects.at_address(address).first() if address else None
        if address and found is None:
            raise forms.ValidationError(_("Nobody here has this e-mail."))
        if found is not None and not found.works_on(clock.today()):
            raise forms.ValidationError(_("%s no longer works here.") % found)
        return found

    def has_changed(self, initial, data):
        return normal_address(data or "") != (getattr(initial, "email", None) or "")


class NamedForm(forms.ModelForm):
    """A name that is there once, whatever its case."""

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        seen_as_written(name)
        if type(self.instance).objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already one of this name."))
        return name


class PlaceForm(NamedForm):
    """A name, and who approves what people of it ask for where they have no approver of their own."""

    approver = PersonField(
        label=gettext_lazy("Approver's e-mail"), required=False, max_length=254,
        help_text=gettext_lazy("Approves what people here ask for, where they have no approver of their own."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["approver"] = self.instance.approver


class LocationForm(PlaceForm):
    """A location's name, address and approver."""

    class Meta:
        model = Location
        fields = ["name", "address", "approver"]
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}


class TeamForm(PlaceForm):
    """A team's name and approver."""

    class Meta:
        model = Team
        fields = ["name", "approver"]
