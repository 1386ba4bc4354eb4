"""What belongs to devices: notes, partners, spaces, and the company's settings for them."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.models import AssetSettings, Partner, Space
from velory.people.models import Location
from velory.ui.inputs import field_of
from velory.ui.usual import SettingsForm


class NoteForm(forms.Form):
    """A remark on a device; admins may keep it to themselves."""

    text = forms.CharField(label=gettext_lazy("Note"), max_length=4000, widget=forms.Textarea({"rows": 4}))
    admin_only = forms.BooleanField(label=gettext_lazy("Only admins see it"), required=False)

    def __init__(self, data=None, *, by):
        super().__init__(data)
        if not by.is_admin:
            del self.fields["admin_only"]


class NamedForm(forms.ModelForm):
    """A thing that is found by its name, whatever its case."""

    def clean_name(self):
        name = " ".join(self.cleaned_data["name"].split())
        if type(self.instance).objects.filter(name__iexact=name).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("There is one called “%s” already.") % name)
        return name


class PartnerForm(NamedForm):
    """A distributor or a leasing provider."""

    class Meta:
        model = Partner
        fields = ["name", "distributes", "leases", "integrated", "email", "language", "support_email", "support_phone"]
        help_texts = {
            "integrated": gettext_lazy("Its devices are renewed in the store. Others follow the external path."),
            "email": gettext_lazy("Where it is told that a renewal was started."),
            "support_email": gettext_lazy("Shown to holders on the Support tab."),
        }


class SpaceForm(NamedForm):
    """A room or a pool."""

    location = forms.ModelChoiceField(
        Location.objects.none(), to_field_name="name", label=gettext_lazy("Location"), required=False,
        empty_label=gettext_lazy("None"),
    )  # fmt: skip

    class Meta:
        model = Space
        fields = ["name", "location"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field_of(self, "location", forms.ModelChoiceField).queryset = Location.objects.order_by("name")
        self.initial["location"] = getattr(self.instance.location, "name", "")


class AssetSettingsForm(SettingsForm):
    """How this company shows and receives its devices."""

    class Meta:
        model = AssetSettings
        fields = ["hide_company_assets", "holder_may_receive"]
        help_texts = {
            "hide_company_assets": gettext_lazy(
                "On: people see their own devices alone. Off: colleagues can read each other's device pages."
            ),
            "holder_may_receive": gettext_lazy(
                "On: who a device was ordered for says when it has come. Off: only admins mark devices as received."
            ),
        }
