"""What admins may write on the pages about payments."""

import re
from decimal import Decimal

from babel import Locale
from django import forms
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from velory.payments.currencies import from_minor, step
from velory.ui.money import money

# A number as people write it: thousands divided or not, at most one decimal mark
WRITTEN = re.compile(r"(\d{1,12}|\d{1,3}(?:[ .,'’]\d{3})+)(?:[.,](\d{1,3}))?", re.ASCII)
# Where Stripe opens accounts that are charged directly, as far as companies here and their partners are at home
COUNTRIES = (
    "AT", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GB", "GR", "HR", "HU", "IE", "IT", "LI",
    "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "SE", "SI", "SK", "US",
)  # fmt: skip
BLANKS = str.maketrans({"\N{NO-BREAK SPACE}": " ", "\N{NARROW NO-BREAK SPACE}": " ", "\N{THIN SPACE}": " "})


def read_amount(text: str) -> Decimal | None:
    """An amount as people write it, in Swedish or English; None where it can be read in two ways or in none."""
    text = " ".join(text.translate(BLANKS).split())
    if re.fullmatch(r"\d{1,3}[.,]\d{3}", text, re.ASCII):
        return None  # 1,667 is one thing in London and another in Stockholm
    found = WRITTEN.fullmatch(text)
    if not found:
        return None
    whole, decimals = found.groups()
    marks = {mark for mark in whole if not mark.isdigit()}
    if len(marks) > 1 or (decimals and marks and text[-len(decimals) - 1] in marks):
        return None
    return Decimal(f"{re.sub(r'[^0-9]', '', whole)}.{decimals or 0}")


class NoteField(forms.CharField):
    """A sentence or two, on one line."""

    def __init__(self, label, help_text=""):
        super().__init__(label=label, help_text=help_text, max_length=300, widget=forms.Textarea(attrs={"rows": 3}))

    def clean(self, value):
        return super().clean(" ".join(str(value or "").split()))


class NoteForm(forms.Form):
    """What came of it, in an admin's words."""

    note = NoteField(gettext_lazy("What came of it"))


class RefundForm(forms.Form):
    """How much goes back, and why. `left` is what the reader saw to be left, in the smallest unit."""

    amount = forms.CharField(label=gettext_lazy("Amount"), max_length=40)
    reason = NoteField(gettext_lazy("Reason"), gettext_lazy("It stands with the payment and in the event log."))
    understood = forms.BooleanField(label=gettext_lazy("I understand that a refund can’t be taken back."))

    def __init__(self, *args, attempt, left: int, **kwargs):
        super().__init__(*args, **kwargs)
        self.attempt, self.left = attempt, left
        self.fields["amount"].label = _("Amount in %(currency)s") % {"currency": attempt.currency}
        self.fields["amount"].widget.attrs |= {"inputmode": "decimal", "autocomplete": "off"}

    def clean_amount(self):
        """More than nothing, no more than what is left, in amounts that can be paid."""
        currency = self.attempt.currency
        amount = read_amount(self.cleaned_data["amount"])
        if amount is None:
            example = "1667" if step(currency) == 1 else _("1667.25")
            raise forms.ValidationError(
                _("Write the amount in figures, without dividing the thousands, such as %(example)s.")
                % {"example": example}
            )
        if amount == 0:
            raise forms.ValidationError(_("Write an amount above zero."))
        if amount % step(currency):
            raise forms.ValidationError(
                _("The smallest step in this currency is %(step)s.") % {"step": money(step(currency), currency)}
            )
        if amount > (left := from_minor(self.left, currency)):
            raise forms.ValidationError(_("No more than %(left)s is left to refund.") % {"left": money(left, currency)})
        return amount


class AccountForm(forms.Form):
    """The account that a partner has at Stripe already."""

    account = forms.CharField(
        label=gettext_lazy("Account at Stripe"), max_length=60,
        help_text=gettext_lazy("It begins with acct_ and stands in the partner’s settings at Stripe."),
    )  # fmt: skip

    def clean_account(self):
        """As Stripe writes it."""
        account = self.cleaned_data["account"].strip()
        if not re.fullmatch(r"acct_[A-Za-z0-9]{8,50}", account, re.ASCII):
            raise forms.ValidationError(_("An account at Stripe looks like acct_1A2b3C4d5E6f7G8h."))
        return account


class CountryForm(forms.Form):
    """Where the owner of an account is at home; Stripe does not let it be changed afterwards."""

    country = forms.ChoiceField(label=gettext_lazy("Country"))

    def __init__(self, *args, country: str, **kwargs):
        super().__init__(*args, **kwargs)
        names = Locale.parse(get_language() or "en", sep="-").territories
        choices = sorted(((code, names[code]) for code in COUNTRIES), key=lambda choice: choice[1])
        self.fields["country"].choices = choices  # type: ignore[attr-defined]
        self.fields["country"].initial = country if country in COUNTRIES else ""
