"""Forms of a company's settings: under each field stands how it begins, and the form can be filled in with that."""

from typing import Any

from django import forms
from django.forms.models import model_to_dict
from django.utils.formats import localize
from django.utils.translation import gettext as _
from django.utils.translation import pgettext


class SettingsForm(forms.ModelForm):
    """A form of settings. `at_first`: filled in as everything was at first; nothing is saved before somebody does."""

    fields: dict[str, Any]

    def __init__(self, *args, at_first: bool = False, **given):
        super().__init__(*args, **given)
        begins = model_to_dict(self._meta.model(), self._meta.fields)
        for name, field in self.fields.items():
            field.usual = in_words(self._meta.model._meta.get_field(name), begins[name])
        if at_first:
            self.initial.update(begins)
        self.at_first = at_first


def in_words(field: Any, value: Any) -> str:
    """A default as a person reads it."""
    if isinstance(value, bool):
        said = pgettext("setting", "on") if value else pgettext("setting", "off")
    elif value in (None, ""):
        said = pgettext("setting", "empty")
    else:
        said = str(dict(field.flatchoices).get(value, localize(value)))
    return _("Default: %(value)s.") % {"value": said}
