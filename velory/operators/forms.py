"""What operators and visitors fill in. Whether it may be so is asked of company and opening, not decided here."""

import re
from typing import Any, cast
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from velory.operators.models import Opening
from velory.operators.openings import own_host, why_not
from velory.tenancy.models import Company
from velory.tenancy.opening import TIME_ZONES
from velory.tenancy.plans import FEATURES

COUNTRIES = [
    ("SE", _("Sweden")), ("FI", _("Finland")), ("NO", _("Norway")), ("DK", _("Denmark")), ("IS", _("Iceland")),
    ("EE", _("Estonia")), ("LV", _("Latvia")), ("LT", _("Lithuania")), ("DE", _("Germany")),
    ("NL", _("Netherlands")), ("GB", _("United Kingdom")), ("IE", _("Ireland")),
]  # fmt: skip
CURRENCIES = ["SEK", "EUR", "NOK", "DKK", "ISK", "GBP", "USD"]
A_LINK = re.compile(r"://|\bwww\.|[<>]", re.IGNORECASE)
ZONES = sorted(zone for zone in available_timezones() if zone.startswith(("Europe/", "Atlantic/", "America/", "Asia/")))

CHOICES: dict[str, list[tuple[str, Any]]] = {
    "country": COUNTRIES,
    "currency": [(code, code) for code in CURRENCIES],
    "time_zone": [(zone, zone) for zone in ZONES],
}


def _with_its_own(choices, value):
    """Choices that hold the present value too, however it came to be."""
    return choices if not value or value in dict(choices) else [*choices, (value, value)]


class FactsForm(forms.Form):
    """What a company is called, and where it is at home."""

    name = forms.CharField(label=_("Name"), max_length=120, help_text=_("As people know it, with its legal form."))
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("Of letters to whoever has chosen none.")
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=CHOICES["currency"])
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=CHOICES["time_zone"],
        help_text=_("By its clocks days begin, and letters go out in the morning."),
    )  # fmt: skip

    def __init__(self, *args, company=None, **kwargs):
        super().__init__(*args, **kwargs)
        for name, choices in CHOICES.items():
            field = cast(forms.ChoiceField, self.fields[name])
            field.choices = _with_its_own(choices, company and getattr(company, name))


class PlanForm(forms.Form):
    """A company's plan and its flags. `confirmed` names what the reader saw would be switched off."""

    plan = forms.ChoiceField(label=_("Plan"), choices=Company.Plan.choices, widget=forms.RadioSelect)
    features = forms.MultipleChoiceField(
        label=_("Features"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, feature.name) for code, feature in FEATURES.items()],
        help_text=_("A feature is on where it is ticked here and the plan includes it."),
    )  # fmt: skip


class DomainForm(forms.Form):
    """Another host of a company."""

    domain = forms.CharField(
        label=_("Address of its own"), max_length=253,
        help_text=_("A host name, such as devices.nordvik.example. Its DNS record points to this installation."),
    )  # fmt: skip

    def clean_domain(self):
        """As hosts are looked up: lower case, without a scheme, a slash or a last dot."""
        return re.sub(r"\Ahttps?://|[/.]+\Z", "", self.cleaned_data["domain"].strip().lower())


class LostFactorForm(forms.Form):
    """Whose second factor is removed, and why."""

    email = forms.EmailField(
        label=_("E-mail of the admin"),
        max_length=254,
        help_text=_("As they told you. You are not shown who works there."),
    )
    reason = forms.CharField(
        label=_("Why"), max_length=300, widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("They read it in a mail, and the company’s admins in their settings."),
    )  # fmt: skip


class SuspendForm(forms.Form):
    """Why a company is closed."""

    reason = forms.CharField(
        label=_("The reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The company's admins read it, in the letter that they get."),
    )  # fmt: skip


class OpeningForm(forms.ModelForm):
    """What a company is opened with: the part that operators and visitors share. Refusals stand at their field."""

    slug = forms.CharField(
        label=_("Short name"), max_length=31,
        help_text=_("3 to 31 lower-case letters, digits or hyphens. It stands first in the company's address."),
        widget=forms.TextInput(attrs={"autocapitalize": "none", "spellcheck": "false"}),
    )  # fmt: skip
    country = forms.ChoiceField(label=_("Country"), choices=COUNTRIES)
    currency = forms.ChoiceField(label=_("Currency"), choices=CHOICES["currency"])
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    admin_email = forms.EmailField(
        label=_("E-mail of the first admin"),
        help_text=_("They get an invitation as soon as the company is open, and invite the others."),
    )

    class Meta:
        model = Opening
        fields = ["name", "slug", "admin_email", "country", "language", "currency"]
        labels = {"name": _("Name of the company")}

    def clean_slug(self):
        """Typed with capitals it is the same name."""
        return self.cleaned_data["slug"].strip().lower()

    def clean_admin_email(self):
        """As people are known by it."""
        return self.cleaned_data["admin_email"].strip().lower()

    def clean(self):
        """Ask whether the company can be had so."""
        cleaned = super().clean()
        if not self.errors:
            opening = self.opening()
            if wrong := why_not(opening):
                for field, errors in wrong.message_dict.items():
                    self.add_error(field if field in self.fields else "slug" if field == "domain" else None, errors)
        return cleaned

    def opening(self) -> Opening:
        """What is asked for, not yet written."""
        facts = dict(self.cleaned_data)
        facts["domain"] = facts.get("domain") or own_host(facts["slug"])
        facts["time_zone"] = facts.get("time_zone") or TIME_ZONES[facts["country"]]
        return Opening(**facts)


class OpenForm(OpeningForm):
    """What an operator opens a company with."""

    domain = forms.CharField(
        label=_("Address"), max_length=253, required=False,
        help_text=_("Where it is found. Left empty it is the short name under the base domain."),
    )  # fmt: skip
    time_zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("Left open it follows the country."),
        choices=[("", _("As in its country")), *((zone, zone) for zone in ZONES)],
    )  # fmt: skip
    plan = forms.ChoiceField(label=_("Plan"), choices=Company.Plan.choices)
    features = forms.MultipleChoiceField(
        label=_("Features"), required=False, widget=forms.CheckboxSelectMultiple,
        choices=[(code, feature.name) for code, feature in FEATURES.items()],
        help_text=_("A feature is on where it is ticked here and the plan includes it."),
    )  # fmt: skip

    def clean_domain(self):
        """As hosts are looked up."""
        return self.cleaned_data["domain"].strip().lower()


class SignUpForm(OpeningForm):
    """What a visitor opens a company with. `website` is for robots: nobody sees it."""

    website = forms.CharField(required=False)

    def clean_name(self):
        """No address in it: the letter goes to whomever a stranger names, and tells them nothing but this."""
        if A_LINK.search(self.cleaned_data["name"]):
            raise forms.ValidationError(_("A company's name holds no web address. Leave it out."))
        return self.cleaned_data["name"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["admin_email"].label = _("Your e-mail at work")
        self.fields["admin_email"].help_text = _("A link is sent there. You become the company's first admin.")

    def opening(self) -> Opening:
        """On the plan that the installation gives to whoever signs up, with all that it includes."""
        self.cleaned_data.pop("website", None)
        facts = dict(self.cleaned_data) | {"plan": settings.ENV.velory_sign_up, "features": list(FEATURES)}
        facts["domain"], facts["time_zone"] = own_host(facts["slug"]), TIME_ZONES[facts["country"]]
        return Opening(**facts)
