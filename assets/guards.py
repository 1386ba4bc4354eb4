"""Questions that the ground floor asks before a step and the apps above answer: is the moment right?

`assets` never knows who answers. A question that nobody answers is a reason of its own.
"""

from collections.abc import Callable

from django.utils.translation import gettext as _

from velory.journal.reason import Reason
from velory.tenancy.context import current_company

_answers: dict[str, Callable] = {}
_settled: dict[str, Callable] = {}
_features: dict[Callable, str] = {}


def answers(question: str):
    """Register who answers a question: `answer(device, by=, at=, **details)` gives a Reason or None."""

    def register(answer):
        _answers[question] = answer
        return answer

    return register


def asks(question: str):
    """A guard that asks whoever answers the question."""

    def guard(device, *, by, at, **details):
        answer = _answers.get(question)
        if answer is None:
            return Reason("not_yet", _("This can't be done here yet."), hidden=True)
        return answer(device, by=by, at=at, **details)

    guard.__name__ = question
    return guard


def settled(*steps: str):
    """Register who words it that some steps can't be taken any more: `word(device)` gives a Reason or None."""

    def register(word):
        _settled.update(dict.fromkeys(steps, word))
        return word

    return register


def not_from_here(step: str, device) -> Reason:
    """Why a step can't be taken from a device's present status."""
    word = _settled.get(step)
    plainly = _("That can't be done now: the status is “%s”.") % device.get_status_display()
    return (word(device) if word else None) or Reason("status", plainly)


def feature(name: str, *, but_from: tuple[str, ...] = ()):
    """A guard that leaves no trace of a step where the company's feature is off.

    `but_from` are statuses that a device must get out of even then: what was begun with the feature can be ended.
    """

    def guard(device, *, by, at, **details):
        if not current_company().has(name) and device.status not in but_from:
            return Reason("feature_off", _("This is not part of your company's plan."), hidden=True)
        return None

    guard.__name__ = f"feature_{name}"
    _features[guard] = name
    return guard


def is_part_of_the_plan(made) -> bool:
    """Whether the company has what a step belongs to."""
    return all(current_company().has(_features[rule]) for rule in made.when if rule in _features)
