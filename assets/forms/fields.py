"""Fields that several forms have: a day, an amount, text on one line, whoever is meant."""

from decimal import Decimal

from django import forms
from django.utils.translation import gettext as _

from assets.importing.cells import FIRST_YEAR, LAST_YEAR
from assets.takers import taker_called, takers
from velory.folding import fold
from velory.people.forms.person import seen_as_written
from velory.ui.inputs import DayInput


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


def one_taker(said: str, *, today):
    """The person or the space that somebody wrote, None for nothing. Raises ValidationError with words."""
    said = said.replace("\0", "").strip()
    if not said:
        return None
    exact = taker_called(said, today=today)
    found = [exact] if exact else _meant(said, [taker.thing for taker in takers(said, today=today)])
    if len(found) != 1:
        raise forms.ValidationError(
            _("Nobody and no space is called that.") if not found
            else _("%d match. Write the whole name or the e-mail.") % len(found)
        )  # fmt: skip
    return found[0]


def _meant(said, found):
    """Of several in which the words occur, the one that is called exactly so."""
    exactly = [thing for thing in found if fold(str(thing)) == fold(said)]
    return exactly if len(exactly) == 1 else found
