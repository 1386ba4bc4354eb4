"""What is said of a device that goes to trade in, by the admin and by the buyer."""

from decimal import Decimal
from typing import cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.forms import STEP_FORMS, StepForm, WhyForm
from assets.models import Partner
from repairs.models import TradeIn
from repairs.tradein.condition import ANSWERS, QUESTIONS
from velory.tenancy.context import current_company
from velory.ui.inputs import DayInput


class SendForm(StepForm):
    """To whom, in which condition, for about how much."""

    label = gettext_lazy("Trade in")
    page = "repairs/tradein/send.html"
    buyer = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Buyer"),
        empty_label=gettext_lazy("Choose a partner"),
        help_text=gettext_lazy("They get a mail with a page of their own, and say there what it is worth."),
    )  # fmt: skip
    preliminary_value = forms.DecimalField(
        label=gettext_lazy("Preliminary value"), required=False, min_value=Decimal(0), max_digits=12, decimal_places=2,
        help_text=gettext_lazy("What you expect for it, if you know."),
    )  # fmt: skip
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z", label=gettext_lazy("Currency"),
        error_messages={"invalid": gettext_lazy("Three capital letters, such as SEK or EUR.")},
    )  # fmt: skip
    remark = forms.CharField(
        label=gettext_lazy("Remark"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3})
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        cast(forms.ModelChoiceField, self.fields["buyer"]).queryset = Partner.objects.order_by("name")
        self.initial.setdefault("currency", self.device.currency or current_company().currency)
        for code, words in QUESTIONS.items():
            self.fields[f"q_{code}"] = forms.ChoiceField(
                label=words, choices=ANSWERS, required=False, widget=forms.RadioSelect, initial=""
            )

    def clean_buyer(self):
        buyer = self.cleaned_data["buyer"]
        if not buyer.email:
            raise forms.ValidationError(_("%s has no e-mail for notices. Enter it under Partners first.") % buyer)
        return buyer

    @property
    def questions(self):
        """The fields about its condition."""
        return [self[f"q_{code}"] for code in QUESTIONS]

    @property
    def condition(self) -> dict[str, str]:
        """What was answered."""
        return {code: answer for code in QUESTIONS if (answer := self.cleaned_data.get(f"q_{code}", ""))}


class AnswerForm(forms.Form):
    """What the buyer says: what it is worth, or that they do not want it."""

    final_value = forms.DecimalField(
        label=gettext_lazy("What you pay for it"), required=False, min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    declined = forms.BooleanField(label=gettext_lazy("We don’t take this device"), required=False)
    answer = forms.CharField(
        label=gettext_lazy("Remark"), required=False, max_length=1000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("What you found, if it is not as described."),
    )  # fmt: skip

    def clean(self):
        said = super().clean() or self.cleaned_data
        if self.errors:
            return said
        if said.get("declined"):
            said["final_value"] = None
        elif said.get("final_value") is None:
            self.add_error("final_value", _("Say what you pay for it, or that you don’t take it."))
        return said


class MoneyForm(forms.Form):
    """What the company got, and when."""

    money = forms.DecimalField(label=gettext_lazy("Amount"), min_value=Decimal(0), max_digits=12, decimal_places=2)
    money_on = forms.DateField(label=gettext_lazy("Received on"), widget=DayInput(), input_formats=["%Y-%m-%d"])

    def __init__(self, data=None, *, today, trade_in: TradeIn):
        super().__init__(data, initial={"money": trade_in.final_value, "money_on": today})
        self.today = today

    def clean_money_on(self):
        if self.cleaned_data["money_on"] > self.today:
            raise forms.ValidationError(_("That day has not come yet."))
        return self.cleaned_data["money_on"]


class WithdrawForm(WhyForm):
    """Why it stays."""

    label = gettext_lazy("Withdraw trade in")


STEP_FORMS |= {"withdraw_trade_in": WithdrawForm}
