"""What an admin says to an import at the keyboard."""

from django import forms
from django.utils.translation import gettext_lazy as _

from assets.importing.columns import COLUMNS, DEVICE, LEASE, PERSON
from assets.importing.reading import MOST_BYTES
from velory.ui.inputs import field_of

GROUPS = {PERSON: _("Person"), DEVICE: _("Device"), LEASE: _("Lease")}
ACCEPTED = ".xlsx,.csv,.txt,text/csv,text/plain,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAY_FIRST = {"": None, "day": True, "month": False}


class UploadForm(forms.Form):
    """A file."""

    file = forms.FileField(
        label=_("File"),
        help_text=_("A workbook (.xlsx) or CSV, up to 10 MB and 20,000 rows. One row: a person, a device, or both."),
        max_length=400,
        error_messages={"required": _("Choose a file."), "empty": _("The file is empty.")},
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPTED}),
    )

    def clean_file(self):
        if self.cleaned_data["file"].size > MOST_BYTES:
            raise forms.ValidationError(_("The file is larger than 10 MB. Divide it into several files."))
        return self.cleaned_data["file"]


class SheetForm(forms.Form):
    """Which sheet of a workbook is meant."""

    sheet = forms.ChoiceField(label=_("Sheet"), error_messages={"required": _("Choose a sheet.")})

    def __init__(self, an_import, data=None):
        super().__init__(data)
        choice = field_of(self, "sheet", forms.ChoiceField)
        choice.choices, choice.initial = [(name, name) for name in an_import.sheets], an_import.sheet_name


class MatchForm(forms.Form):
    """Which heading is which column, and what comes first in a date such as 2/3/2027."""

    day_first = forms.ChoiceField(
        label=_("Dates such as 2/3/2027"),
        required=False,
        choices=[("", _("Ask, row by row")), ("day", _("The day comes first")), ("month", _("The month comes first"))],
    )

    def __init__(self, an_import, data=None):
        super().__init__(data)
        self.an_import = an_import
        said = {value: word for word, value in DAY_FIRST.items()}
        self.fields["day_first"].initial = said[an_import.day_first]
        for place, (heading, code) in enumerate(zip(an_import.headings, an_import.mapping, strict=True)):
            self.fields[f"column_{place}"] = forms.ChoiceField(
                label=heading, required=False, choices=column_choices, initial=code
            )

    @property
    def columns(self) -> list[dict]:
        """For the page: each heading with a few of its cells."""
        sheet = self.an_import.sheet
        return [
            {
                "bound": bound,
                "heading": heading,
                "samples": sheet.samples(place),
                "groups": bound.field.widget.optgroups(bound.html_name, [bound.value() or ""]),
            }
            for place, heading in enumerate(self.an_import.headings)
            for bound in [self[f"column_{place}"]]
        ]

    def clean(self):
        chosen = self.mapping
        for place, code in enumerate(chosen):
            if code and code in chosen[:place]:
                first = self.an_import.headings[chosen.index(code)]
                self.add_error(
                    f"column_{place}",
                    _("“%(first)s” is already %(column)s. A column can stand here once.")
                    % {"first": first, "column": COLUMNS[code].label},
                )
        if not {"email", "device_id", "serial_number"} & set(chosen):
            self.add_error(None, _("Say which column holds the e-mail, the company's own number or the serial number."))
        return self.cleaned_data

    @property
    def mapping(self) -> list[str]:
        """A column's code for each heading, or an empty text."""
        return [self.cleaned_data.get(f"column_{place}", "") for place in range(len(self.an_import.headings))]


def column_choices():
    """Every column, under person, device and lease."""
    groups = [
        (label, [(column.code, column.label) for column in COLUMNS.values() if column.of == of])
        for of, label in GROUPS.items()
    ]
    return [("", _("Leave out")), *groups]
