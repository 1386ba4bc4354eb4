"""An identity provider as admins write it down, and how somebody new to one says who they are."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from velory import outgoing
from velory.people.federated.models import IdentityProvider, SignInSettings
from velory.people.federated.provider_says import PATH
from velory.people.forms.sign_in import AddressField
from velory.ui.usual import SettingsForm
from velory.unseen import holds_unseen

DOMAIN = re.compile(r"^(?=.{4,200}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$")
EVERYBODYS = {"gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "icloud.com"}


class ProviderForm(forms.ModelForm):
    """A provider. Its secret is written and never shown; left empty it stays as it is."""

    field_order = ["name", "issuer", "client_id", "secret", "asks_for_two", "domains"]
    secret = forms.CharField(
        label=_("Client secret"), max_length=500, required=False, strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    domains = forms.CharField(
        label=_("Make accounts at first sign-in for these e-mail domains"), max_length=500, required=False,
        help_text=_(
            "Separate several with a comma. Whoever signs in with such an address and is not known here becomes an "
            "employee, without further rights. Left empty, only people who are known here get in."
        ),
    )  # fmt: skip

    class Meta:
        model = IdentityProvider
        fields = ["name", "issuer", "client_id", "asks_for_two"]

    def __init__(self, *args, **given):
        super().__init__(*args, **given)
        self.fields["issuer"].widget.attrs |= {"inputmode": "url", "spellcheck": "false"}
        self.initial["domains"] = ", ".join(self.instance.domains)
        if self.instance.pk:
            self.fields["secret"].help_text = _("There is one. Leave this empty to keep it.")
        else:
            self.fields["secret"].required = True

    def clean_issuer(self):
        """An address that may be asked; what people copy with the path of discovery is cut there."""
        issuer = self.cleaned_data["issuer"].strip().removesuffix(PATH)
        try:
            parts = outgoing.parts_of(issuer)
        except outgoing.NotAllowed as no:
            raise forms.ValidationError(_("The issuer must begin with https://.")) from no
        if parts.query or parts.fragment or holds_unseen(issuer) or " " in issuer:
            raise forms.ValidationError(_("The issuer is an address without ? and #."))
        return issuer

    def clean_domains(self):
        """Domains, each once, in lower case."""
        said = self.cleaned_data["domains"].lower().replace("@", " ")
        domains = list(dict.fromkeys(re.split(r"[\s,;]+", said.strip()))) if said.strip() else []
        for domain in domains:
            if not DOMAIN.match(domain):
                raise forms.ValidationError(_("“%(domain)s” is no e-mail domain."), params={"domain": domain})
            if domain in EVERYBODYS:
                raise forms.ValidationError(_("Anybody can have an address at %(domain)s."), params={"domain": domain})
        return domains

    def full_clean(self):
        """A secret that was typed is not shown again: where something else is wrong, it is asked for once more."""
        super().full_clean()
        if self.is_bound and self.errors:
            self.ask_for_the_secret_again()

    def ask_for_the_secret_again(self) -> None:
        """Say that the secret has not been kept, where one was typed."""
        if self.data.get(self.add_prefix("secret")) and "secret" not in self.errors:
            self.add_error("secret", _("Nothing was saved, and a secret is never shown: type it once more."))

    @property
    def facts(self) -> dict:
        """What is written down, without the secret."""
        return {name: self.cleaned_data[name] for name in (*self.Meta.fields, "domains")}


class PasswordsForm(SettingsForm):
    """Whether there are passwords here."""

    class Meta:
        model = SignInSettings
        fields = ["has_passwords"]


class WhoForm(forms.Form):
    """Under which address the company knows somebody."""

    email = AddressField()
