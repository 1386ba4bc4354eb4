"""Inputs of forms that the browser draws itself."""

from django import forms


class DayInput(forms.DateInput):
    """A date, chosen or typed; always sent as 2026-12-14."""

    input_type = "date"

    def __init__(self):
        super().__init__(format="%Y-%m-%d")
