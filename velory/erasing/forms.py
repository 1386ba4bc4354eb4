"""Asking for the end of a company."""

from django import forms
from django.utils.translation import gettext_lazy as _


class AskForm(forms.Form):
    """Why, and the short name, so that nobody erases the wrong one."""

    reason = forms.CharField(
        label=_("Why"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("The company’s admins read it."),
    )  # fmt: skip
    slug = forms.CharField(label=_("The company’s short name"), max_length=31)

    def __init__(self, *args, company, **kwargs):
        super().__init__(*args, **kwargs)
        self.company = company

    def clean_slug(self):
        """It has to be this company's."""
        if self.cleaned_data["slug"].strip() != self.company.slug:
            raise forms.ValidationError(_("That is not this company’s short name. It is “%s”.") % self.company.slug)
        return self.cleaned_data["slug"]

    @property
    def facts(self) -> dict:
        """What the deed needs."""
        return {"reason": self.cleaned_data["reason"]}
