"""What the keyboard may say of a device and its leasing contract: registered by hand, or corrected."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.forms.fields import DayField, OneLine, amount_field, one_taker
from assets.forms.numbers import new_imei, new_serial, refuse_twin
from assets.forms.steps import StepForm
from assets.models import Category, Device, Partner
from velory.tenancy.context import current_company
from velory.ui.dates import day_long
from velory.ui.inputs import field_of


class FactsForm(forms.Form):
    """What is known of a device, and of its leasing contract where it has one."""

    name = OneLine(label=gettext_lazy("Product"), max_length=120)
    category = forms.ModelChoiceField(
        Category.objects.none(), to_field_name="code", label=gettext_lazy("Category"),
        empty_label=gettext_lazy("Choose a category"),
    )  # fmt: skip
    serial = OneLine(label=gettext_lazy("Serial number"), max_length=60, required=False)
    imei = OneLine(
        label=gettext_lazy("IMEI"), max_length=20, required=False, help_text=gettext_lazy("15 digits; phones have one.")
    )
    number = OneLine(
        label=gettext_lazy("Company's own number"), max_length=60, required=False,
        help_text=gettext_lazy("As on your label or in your register."),
    )  # fmt: skip
    distributor = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Distributor"), required=False,
        empty_label=gettext_lazy("None"),
    )  # fmt: skip
    purchased_on = DayField(gettext_lazy("Purchase date"))
    renewal_on = DayField(gettext_lazy("Renewal date"))
    purchase_price = amount_field(gettext_lazy("Purchase price, net"), max_digits=12, decimal_places=2)
    buyout_price = amount_field(
        gettext_lazy("Buy-out price, net"), max_digits=12, decimal_places=2,
        help_text=gettext_lazy("Only where this device has a price of its own: it goes before the one worked out."),
    )  # fmt: skip
    currency = forms.RegexField(
        r"\A[A-Z]{3}\Z", label=gettext_lazy("Currency"), required=False,
        error_messages={"invalid": gettext_lazy("Three capital letters, such as SEK or EUR.")},
    )  # fmt: skip
    provider = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Leasing provider"), required=False,
        empty_label=gettext_lazy("None"),
    )  # fmt: skip
    contract_number = OneLine(label=gettext_lazy("Contract number"), max_length=60, required=False)
    starts_on = DayField(gettext_lazy("Contract start"))
    months = forms.IntegerField(label=gettext_lazy("Months"), required=False, min_value=1, max_value=120)
    monthly_cost = amount_field(gettext_lazy("Monthly cost, net"), max_digits=12, decimal_places=2)
    acquisition_price = amount_field(gettext_lazy("Acquisition price, net"), max_digits=12, decimal_places=2)
    residual_percent = amount_field(
        gettext_lazy("Residual percent"), max_digits=5, decimal_places=2, max_value=Decimal(100)
    )

    FACTS: tuple[str, ...] = (
        "name", "category", "serial", "imei", "number", "distributor", "purchased_on", "renewal_on", "purchase_price",
        "buyout_price", "currency",
    )  # fmt: skip
    CONTRACT = {"provider": "provider", "contract_number": "number", "starts_on": "starts_on", "months": "months",
                "monthly_cost": "monthly_cost", "acquisition_price": "acquisition_price",
                "residual_percent": "residual_percent"}  # fmt: skip
    device = None

    def offer_choices(self):
        """The company's categories and partners."""
        field_of(self, "category", forms.ModelChoiceField).queryset = Category.objects.order_by("pk")
        field_of(self, "distributor", forms.ModelChoiceField).queryset = Partner.objects.distributing()
        field_of(self, "provider", forms.ModelChoiceField).queryset = Partner.objects.leasing()

    def clean_serial(self):
        return new_serial(self.cleaned_data["serial"], self.device)

    def clean_imei(self):
        return new_imei(self.cleaned_data["imei"], self.device)

    def clean_number(self):
        number = self.cleaned_data["number"]
        refuse_twin(number and Device.objects.with_number(number), self.device, _("number"))
        return number

    def clean(self):
        days = self.cleaned_data
        if (renewal := days.get("renewal_on")) and (bought := days.get("purchased_on")) and renewal < bought:
            self.add_error("renewal_on", _("That is before the purchase date, %s.") % day_long(bought))

    def facts(self) -> dict:
        """What was said of the device."""
        facts = {name: self.cleaned_data[name] for name in self.FACTS}
        if (facts["purchase_price"], facts["buyout_price"]) != (None, None) and not facts["currency"]:
            facts["currency"] = current_company().currency
        return facts

    def contract(self) -> dict:
        """What was said of its contract; empty where nothing was."""
        terms = {name: self.cleaned_data[field] for field, name in self.CONTRACT.items()}
        if not any(value not in (None, "") for value in terms.values()):
            return {}
        return terms

    @property
    def parts(self):
        """The fields as they stand together on the page: legend, fields."""
        return [
            (_("Device"), [self[name] for name in ("name", "category", "serial", "imei", "number")]),
            (_("Purchase and renewal"),
             [self[n] for n in
              ("distributor", "purchased_on", "renewal_on", "purchase_price", "buyout_price", "currency")]),
            (_("Leasing contract"), [self[name] for name in self.CONTRACT]),
        ]  # fmt: skip


class EditForm(StepForm, FactsForm):
    """Corrections. Its cleaned data are the step's two arguments: the facts, and the contract's."""

    label = gettext_lazy("Edit facts and dates")
    page = "assets/edit_device.html"

    def __init__(self, data=None, **given):
        super().__init__(data, **given)
        self.offer_choices()
        self.initial.update((name, getattr(self.device, name)) for name in self.FACTS)
        self.initial["category"] = self.device.category.code
        self.initial["distributor"] = getattr(self.device.distributor, "ref", "")
        contract = getattr(self.device, "contract", None)
        if contract:
            self.initial.update((field, getattr(contract, name)) for field, name in self.CONTRACT.items())
            self.initial["provider"] = getattr(contract.provider, "ref", "")

    def clean(self):
        super().clean()
        if self.errors:
            return None
        contract = self.contract()
        if not contract and getattr(self.device, "contract", None):
            contract = {name: self.cleaned_data[field] for field, name in self.CONTRACT.items()}
        return {"facts": self.facts(), "contract": contract}


class RegisterForm(FactsForm):
    """A device that the company has already, and who has it."""

    to = forms.CharField(label=gettext_lazy("Holder or space"), max_length=100, required=False)
    payor = forms.ChoiceField(
        label=gettext_lazy("Payor"), required=False, choices=[("", gettext_lazy("Not known")), *Device.Payor.choices]
    )

    def __init__(self, data=None, *, today, distributor=""):
        super().__init__(data, initial={"currency": current_company().currency, "distributor": distributor})
        self.today = today
        self.offer_choices()

    def clean_to(self):
        return one_taker(self.cleaned_data["to"], today=self.today)

    def facts(self):
        return super().facts() | {"payor": self.cleaned_data["payor"]}

    def contract(self):
        terms = super().contract()
        return terms and terms | {"currency": self.cleaned_data["currency"] or current_company().currency}
