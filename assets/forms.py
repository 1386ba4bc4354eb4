"""What the keyboard may say of devices and what belongs to them. A step's form has the step's keyword arguments."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.importing.cells import FIRST_YEAR, LAST_YEAR
from assets.importing.cells import imei as as_imei
from assets.importing.faults import Fault
from assets.models import AssetSettings, Category, Device, Partner, Space
from assets.takers import taker_called, takers
from velory.people.forms.person import seen_as_written
from velory.people.models import Location
from velory.tenancy.context import current_company
from velory.ui.dates import day_long
from velory.ui.inputs import DayInput
from velory.ui.usual import SettingsForm


class DayField(forms.DateField):
    """A date that may be left out; as near as the import wants it, so that every stage of it is a day too."""

    def __init__(self, label):
        super().__init__(label=label, required=False, widget=DayInput(), input_formats=["%Y-%m-%d"])

    def validate(self, value):
        super().validate(value)
        if value and not FIRST_YEAR <= value.year <= LAST_YEAR:
            raise forms.ValidationError(_("%(date)s is too far away to be right.") % {"date": value.isoformat()})


def amount_field(label, **limits):
    """An amount or a percentage that may be left out."""
    return forms.DecimalField(label=label, required=False, min_value=Decimal(0), **limits)


class OneLine(forms.CharField):
    """Text on one line, with single blanks."""

    def clean(self, value):
        value = super().clean(" ".join(str(value or "").split()))
        seen_as_written(value)
        return value


# Steps


class StepForm(forms.Form):
    """A step that asks nothing; `device` and `by` are there for those that ask more.

    `label` names a deed that has no button of its own; `effects` are what follows, said above the fields.
    """

    label: Any = ""
    effects: Any = ()

    def __init__(self, data=None, *, device, by, today, **more):
        super().__init__(data, **more)
        self.device, self.by, self.today = device, by, today


class WhyForm(StepForm):
    """A step that keeps its reason."""

    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It stands in the device's activity."),
    )  # fmt: skip


class MayBeWhyForm(WhyForm):
    """A step that keeps a reason if there is one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].required = False


class ReceiveForm(StepForm):
    """Receipt: the numbers on the box, where they are still unknown."""

    serial = OneLine(
        label=gettext_lazy("Serial number"), max_length=60,
        help_text=gettext_lazy("On a label on the box, beside “Serial No.” or “S/N”."),
    )  # fmt: skip
    imei = OneLine(
        label=gettext_lazy("IMEI"), max_length=20,
        help_text=gettext_lazy("15 digits on the same label; the phone shows them when you dial *#06#."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.device.serial:
            del self.fields["serial"]
        if self.device.imei or not self.device.category.has_imei:
            del self.fields["imei"]

    def clean_serial(self):
        return new_serial(self.cleaned_data["serial"], self.device, by=self.by)

    def clean_imei(self):
        return new_imei(self.cleaned_data["imei"], self.device, by=self.by)


class ConfirmReturnForm(StepForm):
    """What became of it, where more than one thing can have, and what is worth remembering."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("What happened to it?"), required=False,
        choices=[("", gettext_lazy("Not said")), *Device.Outcome.choices],
    )  # fmt: skip
    note = forms.CharField(
        label=gettext_lazy("Note"), required=False, max_length=4000, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It becomes a note on the device."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.device.may_be_bought_from_distributor:
            del self.fields["outcome"]

    def clean(self):
        return {"outcome": Device.Outcome.RETURNED} | super().clean()


class AssignForm(StepForm):
    """To whom: a person or a space, found by name."""

    label = gettext_lazy("Assign")
    page = "assets/assign.html"
    to = forms.CharField(max_length=100, error_messages={"required": gettext_lazy("Choose a person or a space.")})

    def __init__(self, *args, q="", **kwargs):
        super().__init__(*args, **kwargs)
        self.q = q.replace("\0", "").strip()[:100]

    @property
    def takers(self):
        """Whom the search found."""
        return takers(self.q, today=self.today)

    def clean_to(self):
        taker = taker_called(self.cleaned_data["to"], today=self.today)
        if taker is None:
            raise forms.ValidationError(_("Choose a person who works here, or a space."))
        return taker


class UnassignForm(StepForm):
    """Nothing is asked."""

    label = gettext_lazy("Take back")


class PayorForm(StepForm):
    """Who pays for it."""

    label = gettext_lazy("Set payor")

    payor = forms.ChoiceField(label=gettext_lazy("Payor"), choices=Device.Payor.choices, widget=forms.RadioSelect)
    cost_centre = OneLine(
        label=gettext_lazy("Cost centre"), required=False, max_length=40,
        help_text=gettext_lazy("Where the company pays."),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        holder = self.device.holder
        self.initial.setdefault("payor", self.device.payor or Device.Payor.COMPANY)
        self.initial.setdefault("cost_centre", self.device.payor_cost_centre or (holder.cost_centre if holder else ""))

    def clean(self):
        if self.cleaned_data.get("payor") == Device.Payor.EMPLOYEE:
            self.cleaned_data["cost_centre"] = ""


# Facts of a device


class FactsForm(forms.Form):
    """What is known of a device, and of its leasing contract where it has one."""

    name = OneLine(label=gettext_lazy("Product"), max_length=120)
    category = forms.ModelChoiceField(Category.objects.none(), to_field_name="code", label=gettext_lazy("Category"))
    serial = OneLine(label=gettext_lazy("Serial number"), max_length=60, required=False)
    imei = OneLine(
        label=gettext_lazy("IMEI"), max_length=20, required=False, help_text=gettext_lazy("15 digits; phones have one.")
    )
    number = OneLine(
        label=gettext_lazy("Company's own number"), max_length=60, required=False,
        help_text=gettext_lazy("As on your label or in your register."),
    )  # fmt: skip
    distributor = forms.ModelChoiceField(
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Distributor"), required=False
    )
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
        Partner.objects.none(), to_field_name="ref", label=gettext_lazy("Leasing provider"), required=False
    )
    contract_number = OneLine(label=gettext_lazy("Contract number"), max_length=60, required=False)
    starts_on = DayField(gettext_lazy("Contract start"))
    months = forms.IntegerField(label=gettext_lazy("Months"), required=False, min_value=1, max_value=120)
    monthly_cost = amount_field(gettext_lazy("Monthly cost, net"), max_digits=12, decimal_places=2)
    acquisition_price = amount_field(gettext_lazy("Acquisition price, net"), max_digits=12, decimal_places=2)
    residual_percent = amount_field(
        gettext_lazy("Residual percent"), max_digits=5, decimal_places=2, max_value=Decimal(100)
    )

    FACTS = ("name", "category", "serial", "imei", "number", "distributor", "purchased_on", "renewal_on",
             "purchase_price", "buyout_price", "currency")  # fmt: skip
    CONTRACT = {"provider": "provider", "contract_number": "number", "starts_on": "starts_on", "months": "months",
                "monthly_cost": "monthly_cost", "acquisition_price": "acquisition_price",
                "residual_percent": "residual_percent"}  # fmt: skip
    device = None

    def offer_choices(self):
        """The company's categories and partners."""
        self.fields["category"].queryset = Category.objects.order_by("pk")
        self.fields["distributor"].queryset = Partner.objects.distributing()
        self.fields["provider"].queryset = Partner.objects.leasing()

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
        self.initial |= {name: getattr(self.device, name) for name in self.FACTS}
        self.initial["category"] = self.device.category.code
        self.initial["distributor"] = getattr(self.device.distributor, "ref", "")
        contract = getattr(self.device, "contract", None)
        if contract:
            self.initial |= {field: getattr(contract, name) for field, name in self.CONTRACT.items()}
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


def one_taker(said: str, *, today):
    """The person or the space that somebody wrote, None for nothing. Raises ValidationError with words."""
    said = said.replace("\0", "").strip()
    if not said:
        return None
    exact = taker_called(said, today=today)
    found = [exact] if exact else [taker.thing for taker in takers(said, today=today)]
    if len(found) != 1:
        raise forms.ValidationError(
            _("Nobody and no space is called that.") if not found
            else _("%d match. Write the whole name or the e-mail.") % len(found)
        )  # fmt: skip
    return found[0]


def new_serial(serial: str, device, *, by=None):
    """A serial number that no other device has."""
    refuse_twin(serial and Device.objects.with_serial(serial), device, _("serial number"), by=by)
    return serial


def new_imei(imei: str, device, *, by=None):
    """An IMEI as a file may have it, that no other device has."""
    if not imei:
        return ""
    try:
        digits = as_imei(imei)
    except Fault as fault:
        raise forms.ValidationError(str(fault)) from None
    refuse_twin(Device.objects.with_imei(digits), device, _("IMEI"), by=by)
    return digits


def refuse_twin(others, device, what: str, *, by=None):
    """Two devices can't have the same number; which one has it is told to admins."""
    twin = others and others.exclude(pk=getattr(device, "pk", None)).first()
    if twin and by is not None and not by.is_admin:
        text = _("Another device has the same %(what)s. Compare it with the box, or ask an admin.")
        raise forms.ValidationError(text % {"what": what})
    if twin:
        raise forms.ValidationError(
            _("%(device)s, %(ref)s, has the same %(what)s.") % {"device": twin, "ref": twin.ref, "what": what}
        )


# What belongs to devices


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
        Location.objects.none(), to_field_name="name", label=gettext_lazy("Location"), required=False
    )

    class Meta:
        model = Space
        fields = ["name", "location"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["location"].queryset = Location.objects.order_by("name")
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


# Which step is asked for with which form; the others ask nothing

STEP_FORMS = {
    "assign": AssignForm, "cancel": MayBeWhyForm, "confirm_return": ConfirmReturnForm, "edit": EditForm,
    "receive": ReceiveForm, "recycle": WhyForm, "remove": WhyForm, "set_payor": PayorForm,
    "unassign": UnassignForm, "withdraw_renewal": WhyForm,
}  # fmt: skip
