"""What an admin writes of budgets, rules, and who has what."""

from decimal import Decimal
from typing import Any, cast

from babel.numbers import list_currencies
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assets.forms import NamedForm, OneLine
from assets.models import Category
from orders.models import Allowance, Budget, Rule, StoreSettings
from orders.prices import Mode
from velory.people.forms.person import seen_as_written
from velory.people.forms.place import PersonField
from velory.people.models import Location, Role, Team
from velory.ui.usual import SettingsForm

NOTHING = "nothing"
GIVEN = [(NOTHING, pgettext_lazy("allowance", "Nothing")), *Mode.choices]


class BudgetForm(NamedForm):
    """A budget: its name and currency; what it gives stands in a form for each category."""

    name = OneLine(label=gettext_lazy("Name"), max_length=80, validators=[seen_as_written])
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z", label=gettext_lazy("Currency"),
        error_messages={"invalid": gettext_lazy("Three capital letters, such as SEK or EUR.")},
    )  # fmt: skip

    class Meta:
        model = Budget
        fields = ["name", "currency", "is_default"]
        help_texts = {"is_default": gettext_lazy("Whoever comes and fits no rule gets it.")}

    def __init__(self, data=None, **given):
        super().__init__(data, **given)
        known = {a.category_id: a for a in self.instance.allowances_in_order} if self.instance.pk else {}
        self.parts = [AllowanceForm(data, category=c, known=known.get(c.pk)) for c in Category.objects.order_by("pk")]

    def clean_currency(self):
        if self.cleaned_data["currency"] not in list_currencies():
            raise forms.ValidationError(_("There is no currency with this code."))
        return self.cleaned_data["currency"]

    def validate_constraints(self):
        """Names are compared above; another default steps back when this one is kept."""

    def is_valid(self):
        parts = [part.is_valid() for part in self.parts]  # every one is asked, so that all faults show
        if super().is_valid() and all(parts) and not any(part.gives for part in self.parts):
            self.add_error(None, _("Say for at least one category what the budget gives."))
        return super().is_valid() and all(parts)

    def allowances(self) -> list[Allowance]:
        """What it gives, as it was filled in; not saved."""
        return [part.allowance() for part in self.parts if part.gives]


class AllowanceForm(forms.Form):
    """What a budget gives in one category."""

    mode = forms.ChoiceField(label=gettext_lazy("Paid"), choices=GIVEN, initial=NOTHING)
    amount = forms.DecimalField(
        label=gettext_lazy("Allowance, net"), required=False, min_value=Decimal(0), max_digits=12, decimal_places=2
    )
    quota = forms.IntegerField(label=gettext_lazy("Devices at once"), required=False, min_value=0, max_value=999)
    months = forms.IntegerField(label=gettext_lazy("Months until renewal"), min_value=1, max_value=120)

    def __init__(self, data, *, category, known):
        initial: dict[str, Any] = {"months": 24, "quota": category.quota}
        if known:
            initial = {"mode": known.mode, "amount": known.amount, "quota": known.quota, "months": known.months}
        super().__init__(data, prefix=category.code, initial=initial)
        self.category = category

    @property
    def gives(self) -> bool:
        """Whether it gives anything."""
        return self.cleaned_data.get("mode", NOTHING) != NOTHING

    def allowance(self) -> Allowance:
        """It, not saved and of no budget yet."""
        return Allowance(category=self.category, **self.cleaned_data)


def in_short(allowance: Allowance, currency: str) -> str:
    """An allowance as the journal keeps it, in no language."""
    amount = "∞" if allowance.amount is None else f"{allowance.amount:.2f} {currency}"
    each = "/1" if allowance.mode == Mode.MONTHLY else f"/{allowance.months}"
    quota = "∞" if allowance.quota is None else allowance.quota
    return f"{allowance.category.name} {amount}{each}, × {quota}/{allowance.months}"


class RuleForm(forms.ModelForm):
    """Whom a rule means, and what it gives them."""

    budget = forms.ModelChoiceField(Budget.objects.none(), to_field_name="ref", label=gettext_lazy("Budget"))
    location = forms.ModelChoiceField(
        Location.objects.none(), to_field_name="ref", label=gettext_lazy("Location"), required=False
    )
    team = forms.ModelChoiceField(Team.objects.none(), to_field_name="ref", label=gettext_lazy("Team"), required=False)
    cost_centre = OneLine(
        label=gettext_lazy("Cost centre"), required=False, max_length=40, validators=[seen_as_written]
    )
    role = forms.ChoiceField(
        label=gettext_lazy("Role"), required=False, choices=[("", pgettext_lazy("rule", "Any")), *Role.choices]
    )

    class Meta:
        model = Rule
        fields = ["location", "team", "cost_centre", "role", "budget"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choices = {"budget": Budget.objects.living(), "location": Location.objects.order_by("name"),
                   "team": Team.objects.order_by("name")}  # fmt: skip
        cast(forms.ModelChoiceField, self.fields["budget"]).empty_label = _("Choose a budget")
        for name, things in choices.items():
            choice = cast(forms.ModelChoiceField, self.fields[name])
            choice.queryset = things
            if name != "budget":
                choice.empty_label = pgettext_lazy("rule", "Any")

    def clean(self):
        facts = super().clean() or self.cleaned_data
        if not self.errors and not any(facts.get(name) for name in ("location", "team", "cost_centre", "role")):
            raise forms.ValidationError(
                _("Say whom it means: a location, team, cost centre or role. For everybody, make a default budget.")
            )
        return facts


class GiveForm(forms.Form):
    """Which budget a person is to have by hand."""

    budget = forms.ModelChoiceField(
        Budget.objects.none(), to_field_name="ref", label=gettext_lazy("Budget"),
        empty_label=gettext_lazy("Choose a budget"),
    )  # fmt: skip

    def __init__(self, data=None, **given):
        super().__init__(data, **given)
        cast(forms.ModelChoiceField, self.fields["budget"]).queryset = Budget.objects.living()


class StoreSettingsForm(SettingsForm):
    """How this company's store works; what follows from each stands beside it."""

    approver = PersonField(
        label=gettext_lazy("Company's approver, e-mail"), required=False, max_length=254,
        help_text=gettext_lazy(
            "Answers requests of people for whom neither they themselves nor their location or team has an approver. "
            "Left empty, every admin is asked, and the purchase managers of the location or team."
        ),
    )  # fmt: skip
    payment_days = forms.IntegerField(
        label=gettext_lazy("Days to pay in"), min_value=1, max_value=60,
        help_text=gettext_lazy(
            "What a person bears by card and has not paid within so many days after the approval is withdrawn, and "
            "their budget is as before."
        ),
    )  # fmt: skip

    receipt_reminder_days = forms.IntegerField(
        label=gettext_lazy("Days until a reminder of receipt"), min_value=0, max_value=21,
        help_text=gettext_lazy(
            "Whoever has not marked a delivered device as received is reminded once, at 08:00 so many days after the "
            "delivery. 0: nobody is reminded."
        ),
    )  # fmt: skip

    class Meta:
        model = StoreSettings
        fields = [
            "vat_percent", "approver", "auto_approve", "requests_digest", "salary_deduction", "personal_card",
            "payment_days", "auto_receive", "receipt_reminder_days",
        ]  # fmt: skip
        help_texts = {
            "vat_percent": gettext_lazy("Left empty, the standard rate of the company's country."),
            "auto_approve": gettext_lazy("It is ordered at once; nobody is asked. What goes over is asked for."),
            "requests_digest": gettext_lazy(
                "One mail for each approver, on days on which something waits for them. Off, they hear of each request "
                "once, when it is sent, and see what waits on the page of requests."
            ),
            "salary_deduction": gettext_lazy(
                "People may order beyond their budget; what goes over stands among the salary deductions, VAT included."
            ),
            "personal_card": gettext_lazy(
                "People may order beyond their budget; what goes over is charged to their card when it is approved, "
                "VAT included. Only for what is paid once, and once the company's own account takes payments."
            ),
            "auto_receive": gettext_lazy(
                "When the distributor reports them as delivered, nobody needs to mark them as received."
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["approver"] = None if self.at_first else self.instance.approver
