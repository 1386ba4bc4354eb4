"""What the keyboard may say of a cart and at the checkout."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from orders.store.carts import MOST
from velory.people.forms.person import seen_as_written
from velory.people.models import Location
from velory.ui.inputs import field_of

ELSEWHERE = "elsewhere"


class QuantityForm(forms.Form):
    """How many."""

    quantity = forms.IntegerField(
        label=gettext_lazy("Quantity"), min_value=1, max_value=MOST,
        error_messages={
            "required": gettext_lazy("Say how many."),
            "invalid": gettext_lazy("Say how many, in figures."),
            "min_value": gettext_lazy("Choose at least one, or remove it."),
            "max_value": gettext_lazy("A request holds %(limit_value)s devices at most. Send several."),
        },
    )  # fmt: skip


class PutForm(QuantityForm):
    """Which variant, in which way, how many; what the shelf of the receiver has of a product."""

    what = forms.ChoiceField(error_messages={
        "required": gettext_lazy("Choose what to put in your cart."),
        "invalid_choice": gettext_lazy("That is not offered any more. Choose again."),
    })  # fmt: skip

    def __init__(self, data=None, *, placed):
        super().__init__(data, initial={"quantity": 1})
        self.known = {
            choice.named(price): (choice.variant, price.mode) for choice in placed.choices for price in choice.prices
        }
        field_of(self, "what", forms.ChoiceField).choices = [(value, value) for value in self.known]

    def clean_what(self):
        return self.known[self.cleaned_data["what"]]


class Lines(forms.CharField):
    """Text on several lines."""

    widget = forms.Textarea({"rows": 3})

    def clean(self, value):
        value = super().clean(value).replace("\r\n", "\n")
        for line in value.split("\n"):
            seen_as_written(line)
        return value


class CheckoutForm(forms.Form):
    """Where it goes, how what goes over is paid (`send` says whether it can be), what the approver is to know."""

    place = forms.ChoiceField(label=gettext_lazy("Deliver to"))
    address = Lines(
        label=gettext_lazy("Another address"), max_length=500, required=False,
        help_text=gettext_lazy("Name, street, postcode, town. Only if you chose another address above."),
    )  # fmt: skip
    pay = forms.CharField(max_length=40, required=False)
    note = Lines(
        label=gettext_lazy("Note to the approver"), max_length=1000, required=False,
        help_text=gettext_lazy("Why you need it, say."),
    )  # fmt: skip

    def __init__(self, data=None, *, reckoned=None, cards=()):
        super().__init__(data, initial=_preset(reckoned, cards) if reckoned else None)
        self.locations = {location.ref: location for location in Location.objects.order_by("name")}
        said = [(ref, _line(location)) for ref, location in self.locations.items()]
        field_of(self, "place", forms.ChoiceField).choices = [*said, (ELSEWHERE, _("Another address"))]

    def clean(self):
        said = super().clean() or self.cleaned_data
        if said.get("place") == ELSEWHERE and not said.get("address") and "address" not in self.errors:
            self.add_error("address", _("Write where it is to be delivered."))
        return said

    @property
    def terms(self) -> dict:
        """What was said, as `send` takes it."""
        said = self.cleaned_data
        elsewhere = said["place"] == ELSEWHERE
        overage, _slash, card_ref = said.get("pay", "").partition("/")
        return {
            "location": None if elsewhere else self.locations[said["place"]],
            "address": said["address"] if elsewhere else self.locations[said["place"]].address,
            "note": said.get("note", ""), "overage": overage, "card_ref": card_ref,
        }  # fmt: skip


def ways_to_pay(reckoned, cards) -> list[str]:
    """The ways that are open, as the form names them: `salary`, or `card/` and which."""
    open_ways = [way for way, why in reckoned.ways.items() if why is None]
    found = ["salary"] if "salary" in open_ways else []
    return found + [f"card/{card.ref}" for card in cards if "card" in open_ways]


def _preset(reckoned, cards):
    """The person's place of work, the space's place; the way to pay, where there is only one."""
    where = getattr(reckoned.receiver, "location", None) or reckoned.by.location
    ways = ways_to_pay(reckoned, cards)
    return {"place": where.ref if where else "", "pay": ways[0] if len(ways) == 1 else ""}


def _line(location) -> str:
    address = ", ".join(location.address.split("\n")) if location.address else ""
    return f"{location.name}: {address}" if address else location.name
