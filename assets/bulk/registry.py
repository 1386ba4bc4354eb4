"""What can be done with many devices at once: each action says what it asks, what it does to one device, what takes
it back. Nothing is decided here that the device's own steps do not decide: they are asked for each device."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from assets.guards import not_from_here
from assets.models import Device
from velory.journal.reason import Reason, Refused
from velory.journal.steps import steps_of

_actions: dict[str, "Action"] = {}


@dataclass(frozen=True)
class Asking:
    """Who asks for a change, and when. `known` holds what many devices name, read once: by kind, then by key."""

    by: Any
    at: datetime
    today: date
    known: dict[type, dict[int, Any]] = field(default_factory=dict)

    def find(self, kind: type, pk: int | None) -> Any:
        """Somebody or something that a plan names by its key; None where it is not here any more."""
        return self.known.get(kind, {}).get(pk) if pk else None


@dataclass
class Planned:
    """What becomes of one device: `moves` are steps as they are stored, `changes` (what, before, after) for the page.

    Without moves it stays as it is.
    """

    moves: list[tuple[str, dict]] = field(default_factory=list)
    changes: list[tuple[str, str, str]] = field(default_factory=list)


class BulkForm(forms.Form):
    """What an action asks; most ask little. `today` is there for those that compare."""

    def __init__(self, data=None, *, today, **more):
        super().__init__(data, **more)
        self.today = today

    def stored(self) -> dict:
        """What was said, as the change keeps it to say it again."""
        return dict(self.cleaned_data)


class Action:
    """One thing that can be done with many devices. `final`: no step leads back."""

    code = ""
    label: Any = ""
    form: type[BulkForm] = BulkForm
    order = 100
    final = False
    is_step = False
    sources: tuple[str, ...] | None = None  # the statuses in which it can be done at all; None: in any

    def title(self, said: dict) -> str:
        """What was asked for, in the reader's language."""
        return str(self.label)

    def answers(self, said: dict) -> dict:
        """What the form is filled in with where the same is asked for once more."""
        return said

    def plan(self, device, said: dict, asking: Asking) -> Planned:
        """What it does to a device. Raises Refused with the reason why nothing."""
        raise NotImplementedError

    def undo(self, row, device, asking: Asking) -> Planned:
        """What takes it back from a device that is as it was left. Raises Refused with the reason why it stays."""
        raise NotImplementedError

    @property
    def is_on(self) -> bool:
        """Whether this company has it at all."""
        return True

    @property
    def words(self) -> str:
        """What it is called in a menu."""
        return str(self.label)

    @property
    def asks(self) -> bool:
        """Whether it needs a word before it can be planned."""
        return bool(self.form.base_fields)


def bulk_action(action: type[Action]) -> type[Action]:
    """Register an action of the bar under the hardware table."""
    add(action())
    return action


def add(action: Action) -> None:
    """Register an action that is made from something else, as those of the steps are."""
    _actions[action.code] = action


def action_called(code: str) -> Action | None:
    """The action of that name, if this company has it."""
    action = _actions.get(code)
    return action if action is not None and action.is_on else None


def action_of(code: str) -> Action:
    """The action of a change that was made once, whether or not this company has it still."""
    return _actions.get(code) or Action()


def actions_for(statuses: Iterable[str] | None = None) -> list[Action]:
    """The actions of this company, in order; of the steps those that lie open from one of these statuses."""
    wanted = None if statuses is None else set(statuses)
    known = sorted((action for action in _actions.values() if action.is_on), key=lambda action: action.order)
    return [a for a in known if wanted is None or a.sources is None or wanted & set(a.sources)]


# What a plan asks of a device's own steps


def admitted(device, step: str, asking: Asking, **details) -> Any:
    """The step's declaration, if this person may take it now. Raises Refused with words."""
    made = steps_of(Device)[step]
    if made.role_of(device, asking.by) is None:
        raise Refused(Reason("who", _("This is for somebody else to do.")))
    if device.status not in made.sources:
        raise Refused(not_from_here(step, device))
    reason = made.reason(device, by=asking.by, at=asking.at, **details)
    if reason:
        raise Refused(reason)
    return made


def target_of(made, device) -> str:
    """The status to which a step would lead; its present one where it changes none."""
    if made.to is None:
        return device.status
    where: Callable | None = getattr(made.to, "where", None)
    return str(where(device) if where else made.to)
