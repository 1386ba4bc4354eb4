"""`@step`: one move in the life of a thing, all of it or nothing. The declaration feeds everything else."""

from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_fsm import GET_STATE, transition

from velory import clock
from velory.journal.models import Entry
from velory.journal.reason import NotYours, Reason, Refused, overtaken

STEPS: dict[str, dict[str, "Step"]] = {}
_followers: dict[tuple[str, str], list[Callable]] = {}


@dataclass(frozen=True)
class Role:
    """In which part someone takes a step. `may(thing, by)` asks whether they have that part, `acts_for(thing, by)` in
    whose place they do."""

    name: str
    may: Callable[[Any, Any], bool]
    acts_for: Callable[[Any, Any], str] | None = None


@dataclass(frozen=True)
class Either:
    """More than one place a step may lead to; `where(thing)` says which, before it is taken."""

    states: tuple[str, ...]
    where: Callable[[Any], str]


@dataclass(frozen=True)
class Step:
    """The declaration of a step: what buttons, permissions, sentences, diagrams and tests read."""

    name: str
    sources: tuple[str, ...]
    to: Any
    who: tuple[Role, ...]
    when: tuple[Callable, ...]
    label: Any
    says: Any
    tells: tuple[Callable, ...]
    asks: tuple[str, ...] = field(default=())
    danger: bool = False

    @property
    def targets(self) -> tuple[str, ...]:
        """Where it may lead; its own sources where it changes no status."""
        if self.to is None:
            return ()
        return self.to.states if isinstance(self.to, Either) else (self.to,)

    def role_of(self, thing, by) -> Role | None:
        """The part in which someone may take this step, or None."""
        return next((role for role in self.who if role.may(thing, by)), None)

    def reason(self, thing, *, by, at, **details) -> Reason | None:
        """Why the moment is not right, or None."""
        answers = (ask(thing, by=by, at=at, **details) for ask in self.when)
        return next((answer for answer in answers if answer), None)


@dataclass(frozen=True)
class Offer:
    """A step as it is shown to a person: open, or greyed with its reason."""

    step: Step
    role: Role
    reason: Reason | None

    @property
    def name(self) -> str:
        """The step's name, as in its URL."""
        return self.step.name

    @property
    def label(self) -> str:
        """The words on its button."""
        return str(self.step.label)


def step(*sources, to, who, says, when=(), label="", tells=(), asks=(), danger=False):
    """Declare a step. `device.receive(by=person)` then does all of this or none of it.

    It takes hold of the row, compares the reader's `version` if one is given, asks who may (`who`) and
    whether the moment is right (`sources`, `when`), applies the rule, saves, raises the version, writes the
    journal, runs what follows and writes the letters of `tells`. `by=None` is Velory itself.
    `to=None` is a deed: it is journalled and changes no status. Raises Refused or NotYours.
    """

    def decorate(rule):
        target = to
        if isinstance(to, Either):
            target = GET_STATE(lambda thing, **_details: to.where(thing), states=list(to.states))
        move = transition(field="status", source=list(sources), target=target)(rule)
        made = Step(rule.__name__, sources, to, tuple(who), tuple(when), label, says, tuple(tells), tuple(asks), danger)

        @wraps(rule)
        def take(self, *, by, at=None, version=None, **details):
            at = at or clock.now()
            with transaction.atomic():
                self.take_hold()
                with _as_it_is_unless_taken(self):
                    role = admit(made, self, by=by, at=at, version=version, details=details)
                    came_from = self.status
                    acting_for = role.acts_for(self, by) if role.acts_for else ""
                    move(self, by=by, at=at, **details)
                    entry = write(
                        self, made.name, by=by, role=role.name, at=at, came_from=came_from, acting_for=acting_for,
                        details={**details, **self.__dict__.pop("_facts", {})},
                    )  # fmt: skip
                    follow(type(self), made.name, [self], at=at)
                    for tell in made.tells:
                        tell(self, entry)
            return entry

        take.step, take.move = made, move
        return take

    return decorate


@contextmanager
def _as_it_is_unless_taken(thing):
    """What follows a step may refuse it; whoever is told so reads what the thing is, not what it nearly became."""
    held = dict(thing.__dict__)
    try:
        yield
    except BaseException:
        thing.__dict__.clear()
        thing.__dict__.update(held)
        raise


def admit(made, thing, *, by, at, version=None, details) -> Role:
    """In which part someone takes the step now. Raises Refused or NotYours."""
    if version is not None and version != thing.version:
        raise overtaken()
    role = made.role_of(thing, by)
    if role is None:
        raise NotYours(_("This is for somebody else to do."))
    if thing.status not in made.sources:
        raise Refused(Reason("status", _("That can't be done now: the status is “%s”.") % thing.get_status_display()))
    reason = made.reason(thing, by=by, at=at, **details)
    if reason:
        raise Refused(reason)
    return role


def write(thing, name, *, by, role, at, came_from, acting_for="", details=None) -> Entry:
    """Save the thing with its version raised and write the entry that says so."""
    thing.version += 1
    thing.save()
    entry = entry_for(thing, name, by=by, role=role, at=at, came_from=came_from, acting_for=acting_for, details=details)
    entry.save(force_insert=True)
    return entry


def entry_for(thing, name, *, by, role, at, came_from="", acting_for="", details=None) -> Entry:
    """The entry of a step, not yet saved: bulk work saves many at once."""
    return Entry(
        about_type=thing._meta.label_lower,
        about_id=thing.pk,
        about_ref=thing.ref,
        about_name=str(thing)[:200],
        version=thing.version,
        at=at,
        by_ref=by.ref if by is not None else "",
        by_name=str(by) if by is not None else "",
        role=role,
        acting_for=acting_for,
        step=name,
        came_from=came_from,
        went_to=thing.status,
        details={key: plain(value) for key, value in (details or {}).items() if value not in (None, "")},
    )


def plain(value):
    """A detail as the journal keeps it: text, number or ISO date, or a list or dict of them."""
    if isinstance(value, dict):
        return {key: plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [plain(part) for part in value]
    if isinstance(value, bool | int | str | None):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def offers(thing, by, *, at, but=frozenset()) -> list[Offer]:
    """The labelled steps that lie open from here for a person, in the order of the life; `but` some by name."""
    found = []
    for made in steps_of(type(thing)).values():
        if made.label and made.name not in but and thing.status in made.sources:
            role = made.role_of(thing, by)
            reason = made.reason(thing, by=by, at=at) if role else None
            if role and not (reason and reason.hidden):
                found.append(Offer(made, role, reason))
    return found


def steps_of(model) -> dict[str, Step]:
    """Every step declared on a model, by name, in the order of its life."""
    label = model._meta.label_lower
    if label not in STEPS:
        made = (
            getattr(model, name).step for cls in reversed(model.__mro__) for name in vars(cls) if _is_step(cls, name)
        )
        STEPS[label] = {step.name: step for step in made}
    return STEPS[label]


def _is_step(cls, name):
    return isinstance(getattr(vars(cls)[name], "step", None), Step)


def follows(model, *names):
    """Register what an upper app does in the same transaction after a step of a lower one (`*`: after any).

    Called with the list of things, `name` and `at`: bulk work calls it once for many.
    """

    def register(follower):
        for name in names:
            _followers.setdefault((model._meta.label_lower, name), []).append(follower)
        return follower

    return register


def follow(model, name, things, *, at) -> None:
    """Run what follows a step, for one thing or for many."""
    for key in (name, "*"):
        for follower in _followers.get((model._meta.label_lower, key), []):
            follower(things, name=name, at=at)


def followers_of(model) -> list[tuple[str, Callable]]:
    """What follows which step: for the diagram in docs/lifelines.md."""
    label = model._meta.label_lower
    return [(name, follower) for (about, name), fs in _followers.items() if about == label for follower in fs]


# Nobody at the keyboard: a timetable or another step
SYSTEM = Role("system", lambda thing, by: by is None)
OCCURRED = gettext_lazy("{thing}: {step}.")
