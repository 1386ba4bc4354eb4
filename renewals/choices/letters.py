"""The choices as a letter tells them: a heading with the price, what follows, and what is lost by not reading it."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from renewals.choices.options import Option, Options
from renewals.models import Choice
from velory.ui.dates import day_long

WARNS = "hourglass"  # the mark of what must not be done yet


@dataclass(frozen=True)
class Told:
    """One choice in a letter."""

    heading: str
    text: str
    warning: str


def told(options: Options | None) -> list[Told]:
    """Every choice that the company offers, in order."""
    return [_told(option, options) for option in options.offered] if options else []


def _told(option: Option, options: Options) -> Told:
    if option.shut:
        return Told(_not_now(option), str(option.shut), "")
    warning = [sentence for mark, sentence in option.effects if mark == WARNS]
    rest = [sentence for mark, sentence in option.effects if mark != WARNS]
    about = [] if option.choice == Choice.BUY_OUT else [option.about]  # the last of what follows says it
    return Told(_heading(option, options), " ".join([*about, *rest]), " ".join(warning))


def _heading(option, options):
    if option.choice == Choice.RETURN:
        return _("Return: costs you nothing")
    if option.choice == Choice.KEEP:
        return _("Keep: costs you nothing")
    if option.price is None:
        return _("Buy-out")
    if options.is_final:
        return _("Buy-out: %(price)s including VAT") % {"price": option.price.paid}
    return _("Buy-out: estimated value %(price)s including VAT") % {"price": option.price.paid}


def _not_now(option):
    return {
        Choice.BUY_OUT: _("Buy-out: not now"), Choice.RETURN: _("Return: not now"), Choice.KEEP: _("Keep: not now"),
    }[option.choice]  # fmt: skip


def preference_in_words(options: Options | None) -> str:
    """What the recipient preferred, and when: “Buy-out, 2 October 2026”. Empty where it was not their own."""
    if options is None or options.preference is None or not options.preference.own:
        return ""
    name = {Choice.BUY_OUT: _("Buy-out"), Choice.RETURN: _("Return")}[options.preference.choice]
    on = options.preference.on
    return f"{name}, {day_long(on)}" if on else name
