"""What the keyboard may say of devices and what belongs to them; which step is asked for with which form."""

from assets.forms.belongings import AssetSettingsForm, NamedForm, NoteForm, PartnerForm, SpaceForm
from assets.forms.facts import EditForm, RegisterForm
from assets.forms.fields import DayField, OneLine, one_taker
from assets.forms.numbers import new_imei, new_serial
from assets.forms.steps import (
    AssignForm,
    ConfirmReturnForm,
    MayBeWhyForm,
    PayorForm,
    ReceiveForm,
    StepForm,
    UnassignForm,
    WhyForm,
)

STEP_FORMS: dict[str, type[StepForm]] = {
    "assign": AssignForm, "cancel": MayBeWhyForm, "confirm_return": ConfirmReturnForm, "edit": EditForm,
    "receive": ReceiveForm, "recycle": WhyForm, "remove": WhyForm, "set_payor": PayorForm,
    "unassign": UnassignForm, "withdraw_renewal": WhyForm,
}  # fmt: skip
"""The others ask nothing."""

__all__ = [
    "STEP_FORMS",
    "AssetSettingsForm",
    "AssignForm",
    "ConfirmReturnForm",
    "DayField",
    "EditForm",
    "MayBeWhyForm",
    "NamedForm",
    "NoteForm",
    "OneLine",
    "PartnerForm",
    "PayorForm",
    "ReceiveForm",
    "RegisterForm",
    "SpaceForm",
    "StepForm",
    "UnassignForm",
    "WhyForm",
    "new_imei",
    "new_serial",
    "one_taker",
]
