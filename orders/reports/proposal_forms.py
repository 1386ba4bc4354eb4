"""What an admin says of a device beside an order: that it is the company's, or why not."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from assets.forms import RegisterForm
from assets.models import Space
from orders.reports.proposals import receiver_of
from velory import clock
from velory.ui.inputs import field_of


class AcceptForm(RegisterForm):
    """The device as the distributor told it, with what only the company knows: its category and who has it."""

    FACTS = ("name", "category", "serial", "imei", "purchased_on", "renewal_on", "purchase_price", "currency")

    def __init__(self, data=None, *, proposal, today):
        super().__init__(data, today=today)
        for name in set(self.fields) - {*self.FACTS, "to", "payor"}:
            del self.fields[name]
        field_of(self, "category", forms.ModelChoiceField).empty_label = gettext_lazy("Choose a category")
        self.initial.update(told_of(proposal, today=today))

    def facts(self) -> dict[str, Any]:
        """What the device is registered with."""
        facts = {name: self.cleaned_data[name] for name in self.FACTS}
        return facts | {"payor": self.cleaned_data["payor"]}


def told_of(proposal, *, today) -> dict[str, Any]:
    """What the fields show first: what the distributor said, and for whom the order was."""
    order, receiver = proposal.order, receiver_of(proposal)
    return {
        "name": proposal.name, "serial": proposal.serial, "imei": proposal.imei, "payor": "company",
        "purchased_on": clock.local_date(order.ordered_at) if order else today,
        "to": receiver.name if isinstance(receiver, Space) else getattr(receiver, "email", None) or "",
    }  # fmt: skip


class DeclineForm(forms.Form):
    """Why it is not taken in."""

    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It stands with the proposal. The distributor is not told."),
    )  # fmt: skip
