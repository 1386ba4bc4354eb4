"""The words about a location or a team."""

from django import forms
from django.utils.translation import gettext_lazy as _

from velory.people.forms.person import seen_as_written
from velory.people.models import Location, Team


class NamedForm(forms.ModelForm):
    """A name that is there once, whatever its case."""

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        seen_as_written(name)
        if type(self.instance).objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is already one of this name."))
        return name


class LocationForm(NamedForm):
    """A location's name and address."""

    class Meta:
        model = Location
        fields = ["name", "address"]
        widgets = {"address": forms.Textarea(attrs={"rows": 3})}


class TeamForm(NamedForm):
    """A team's name."""

    class Meta:
        model = Team
        fields = ["name"]
