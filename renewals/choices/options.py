"""What a holder can choose about a device now: each option with its price, what follows from it, or why it is shut.

The same on the device's page, behind the link in a letter and in the letter itself.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from assets.lifecycle import Status
from assets.models import Device
from renewals.choices import words
from renewals.choices.windows import final_window, preliminary_window
from renewals.models import Choice, Renewal
from renewals.paths import Path, path_of
from renewals.quotes import price_on
from renewals.terms import terms_of
from velory import clock
from velory.journal.reason import Reason
from velory.journal.steps import steps_of

PREFER = {Choice.BUY_OUT: "prefer_buyout", Choice.RETURN: "prefer_return"}
DECIDE = {Choice.BUY_OUT: "start_buyout", Choice.RETURN: "choose_return", Choice.KEEP: "keep"}
PREFERRED = {Status.PRELIMINARY_BUYOUT: Choice.BUY_OUT, Status.PRELIMINARY_RETURN: Choice.RETURN}


@dataclass(frozen=True)
class Option:
    """One answer: the step that gives it, its words, its price if it has one, what follows, or why it is shut."""

    choice: Choice
    step: str
    label: str
    about: str
    price: Any  # a Sum, or None
    effects: tuple[tuple[str, str], ...]
    shut: Reason | None
    preferred: bool  # by its present holder


@dataclass(frozen=True)
class Preference:
    """What was said preliminarily, and when. `own`: by who has the device now, of this renewal date."""

    choice: Choice
    at: datetime | None
    own: bool

    @property
    def on(self) -> date | None:
        """The local date on which it was said."""
        return clock.local_date(self.at) if self.at else None


@dataclass(frozen=True)
class Options:
    """What there is to choose from at a stage, and what the company leaves out.

    `until`: the date from which a preliminary choice can't be changed any more.
    """

    is_final: bool
    path: Path | None
    until: date | None
    preference: Preference | None
    offered: tuple[Option, ...]
    left_out: tuple[str, ...]
    without_answer: str

    @property
    def price(self):
        """The sum behind the buy-out, where it is known."""
        return next((option.price for option in self.offered if option.price), None)

    @property
    def open(self) -> list[Option]:
        """Those that can be chosen now."""
        return [option for option in self.offered if not option.shut]

    @property
    def marked(self) -> str:
        """The one that stands marked before anybody has answered: the holder's own preference, never more than that."""
        return next((option.choice for option in self.open if option.preferred), "")


def preference_of(device) -> Preference | None:
    """What the status says was preferred, when, and whether its present holder said it."""
    choice = PREFERRED.get(device.status)
    if choice is None:
        return None
    renewal = Renewal.objects.of(device).with_a_preliminary_choice().first()
    return Preference(choice, renewal.preliminary_at if renewal else None, renewal is not None)


def options_for(device, *, by, at) -> Options:
    """What somebody can choose about a device at a moment: its holder, or an admin in their stead."""
    path, terms, preference = path_of(device), terms_of(device), preference_of(device)
    final = is_final(device, at)
    steps = DECIDE if final else PREFER
    choices = [choice for choice in steps if choice != Choice.KEEP or path == Path.ONE_OFF]
    offered = [choice for choice in choices if is_allowed(choice, path, terms)]
    window = preliminary_window(path, device.renewal_on)
    return Options(
        final, path, window.ends if window and not final else None, preference,
        tuple(_option(device, choice, steps[choice], terms, preference, by=by, at=at) for choice in offered),
        tuple(words.left_out(choice) for choice in choices if choice not in offered),
        words.without_answer(device, path, terms) if final else "",
    )  # fmt: skip


def is_final(device, at) -> bool:
    """Whether what is asked at a moment is asked for good."""
    window = final_window(path_of(device), device.renewal_on)
    return window is not None and window.is_open(clock.local_date(at))


def is_allowed(choice, path, terms) -> bool:
    """Whether the company offers a choice on a path."""
    leased = path == Path.LEASED
    return {
        Choice.BUY_OUT: terms.leased_buyout if leased else terms.one_off_buyout,
        Choice.RETURN: terms.leased_return if leased else terms.one_off_return,
        Choice.KEEP: terms.one_off_keep,
    }[choice]


def _option(device, choice, step, terms, preference, *, by, at):
    price = price_on(device, terms) if choice == Choice.BUY_OUT else None
    own = preference is not None and preference.own and preference.choice == choice
    return Option(
        choice, step, str(steps_of(Device)[step].label), words.about(device, choice),
        None if isinstance(price, Reason) else price, words.effects(device, choice, today=clock.local_date(at)),
        _shut(device, step, by=by, at=at), own,
    )  # fmt: skip


def _shut(device, step, *, by, at):
    """Why a step can't be taken; what was preferred already can be preferred, it is so."""
    made = steps_of(Device)[step]
    if device.status not in made.sources and step not in PREFER.values():
        return words.not_from(device)
    return made.reason(device, by=by, at=at) if made.role_of(device, by) else words.holders_own(device)
