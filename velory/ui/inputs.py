"""Inputs of forms that the browser draws itself, and numbers that a page sends back with them."""

from django import forms


class DayInput(forms.DateInput):
    """A date, chosen or typed; always sent as 2026-12-14."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")


def whole_number(sent: str, *, digits: int) -> int | None:
    """A number as it stands in an address or a hidden field; None where it is none, or has more digits than that."""
    return int(sent) if sent.isascii() and sent.isdigit() and len(sent) <= digits else None


def field_of[Kind: forms.Field](form: forms.BaseForm, name: str, kind: type[Kind]) -> Kind:
    """A form's field of that name, which is of that kind."""
    field = form.fields[name]
    assert isinstance(field, kind), f"{name} is no {kind.__name__}."
    return field
