"""Everything that is in one of several states, with each of them as pages draw it, in both languages."""

from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from django.apps import apps
from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import override

from velory.journal.lifelines import machines
from velory.payments.models import Attempt, Refund
from velory.payments.screens.looks import badge_of, badge_of_refund
from velory.ui.statuses import LOOKS

FIELDS = ("status", "state", "outcome", "kind", "phase")
LANGUAGES = ("en", "sv")
PIECES = {  # where a page draws more than the word: the piece, and what it calls the thing
    "orders.order": ("orders/_order_status.html", "order"),
    "orders.productrequest": ("orders/_request_status.html", "asked"),
    "post.letter": ("post/_state.html", "letter"),
}
BADGES = {Attempt: badge_of, Refund: badge_of_refund}


@dataclass(frozen=True)
class State:
    """One state: its code, and how it is drawn in each language."""

    code: str
    drawn: dict[str, str]


@dataclass(frozen=True)
class Life:
    """One kind of thing with a field of states; `is_stepped`: they change by declared steps alone."""

    name: str
    label: str
    field: str
    is_stepped: bool
    is_device: bool
    states: tuple[State, ...]


def lives() -> list[Life]:
    """Of every model of ours, those that move by steps first."""
    stepped = set(machines().values())
    found = [
        _life(model, field, model in stepped)
        for model in apps.get_models()
        if _is_ours(model)
        for field in model._meta.get_fields()
        if field.name in FIELDS and getattr(field, "choices", None)
    ]
    return sorted(found, key=lambda life: (not life.is_stepped, life.name))


def _is_ours(model):
    path = Path(apps.get_app_config(model._meta.app_label).path)
    return path.is_relative_to(settings.ROOT) and ".venv" not in path.parts


def _life(model, field, is_stepped):
    states = tuple(State(str(code), _drawn(model, field, code, label)) for code, label in field.flatchoices)
    name = model._meta.label_lower
    return Life(
        name,
        str(model._meta.verbose_name),
        field.name,
        is_stepped,
        {state.code for state in states} == set(LOOKS),
        states,
    )


def _drawn(model, field, code, label):
    drawn = {}
    for language in LANGUAGES:
        with override(language):
            drawn[language] = _piece(model, field, code, str(label))
    return drawn


def _piece(model, field, code, label):
    thing = SimpleNamespace(**{field.name: code, f"get_{field.name}_display": lambda: label})
    if model in BADGES:
        return render_to_string("payments/_badge.html", {"badge": BADGES[model](thing)})
    if found := PIECES.get(model._meta.label_lower):
        template, called = found
        return render_to_string(template, {called: thing})
    return label
