"""Who has them: to a person, to a space, to nobody."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.bulk.registry import Action, BulkForm, Planned, admitted, bulk_action
from assets.forms import one_taker
from assets.models import Space
from velory.journal.reason import Reason, Refused
from velory.people.models import Person
from velory.ui.inputs import field_of


def stored_taker(taker) -> list | None:
    """A person or a space as a plan keeps it: which of both, and its key; None for nobody."""
    if taker is None:
        return None
    return ["space" if isinstance(taker, Space) else "person", taker.pk]


class _TakerForm(BulkForm):
    """Whoever gets them, kept by kind and key; `to` is a field of each."""

    def stored(self):
        return {"to": stored_taker(self.cleaned_data["to"]), "name": str(self.cleaned_data["to"])}


class ToForm(_TakerForm):
    """A person or a space, written as they are called."""

    to = forms.CharField(
        label=gettext_lazy("Person or space"), max_length=100,
        help_text=gettext_lazy("The whole name, the e-mail address, or the name of a space."),
    )  # fmt: skip

    def clean_to(self):
        return one_taker(self.cleaned_data["to"], today=self.today)


class SpaceForm(_TakerForm):
    """A space, chosen under its location."""

    to = forms.ModelChoiceField(Space.objects.none(), label=gettext_lazy("Space"), empty_label=gettext_lazy("Choose…"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        choice = field_of(self, "to", forms.ModelChoiceField)
        choice.queryset = Space.objects.all()
        choice.choices = [("", _("Choose…")), *self._by_location()]

    def _by_location(self):
        found: dict[str, list] = {}
        for space in Space.objects.select_related("location").order_by("location__name", "name"):
            found.setdefault(str(space.location or _("Without a location")), []).append((space.pk, space.name))
        return list(found.items())


@bulk_action
class Assign(Action):
    """To a person or a space; the payor is to be set again, as when one device is assigned."""

    code, label, order = "assign", gettext_lazy("Assign to a person or space"), 10
    form: type[BulkForm] = ToForm

    def title(self, said):
        return _("Assign to %s") % said.get("name", "")

    def answers(self, said):
        return {"to": said.get("name", "")}

    def plan(self, device, said, asking):
        to = said["to"]
        if to in (device.holder, device.space):
            return Planned()
        admitted(device, "assign", asking, to=to)
        changes = [("holder", str(device.whose or ""), str(to))]
        if device.payor:
            changes.append(("payor", device.payor, ""))
        return Planned([("assign", {"to": stored_taker(to)})], changes)

    def undo(self, row, device, asking):
        return handed_back(row, device, asking)


@bulk_action
class AssignToSpace(Assign):
    """A device is where its space is: to move devices to a location is to assign them to a space there."""

    code, label, order = "assign_space", gettext_lazy("Move to a space at a location"), 20
    form = SpaceForm

    def answers(self, said):
        return {"to": said["to"][1]}


@bulk_action
class Unassign(Action):
    """Nobody's, until they are given to someone."""

    code, label, order = "unassign", gettext_lazy("Take back from their holders"), 30

    def plan(self, device, said, asking):
        admitted(device, "unassign", asking)
        if device.whose is None:
            return Planned()
        return Planned([("unassign", {})], [("holder", str(device.whose), "")])

    def undo(self, row, device, asking):
        return handed_back(row, device, asking)


def handed_back(row, device, asking) -> Planned:
    """Back to whoever had it, with the payor that it had."""
    if row.was_moved:
        raise Refused(Reason("moved", _("It was put in use by this change, and no step leads back from there.")))
    before, payor = taker_before(row, asking), {k: row.before.get(k, "") for k in ("payor", "cost_centre")}
    if before is None:
        admitted(device, "unassign", asking)
        moves: list[tuple[str, dict]] = [("unassign", {})] + (
            [("set_payor", payor)] if payor["payor"] != device.payor else []
        )
    else:
        refuse_who_has_left(before, asking)
        admitted(device, "assign", asking, to=before)
        moves = [("assign", {"to": stored_taker(before), **payor})]
    changes = [("holder", str(device.whose or ""), str(before or ""))]
    if payor["payor"] != device.payor:
        changes.append(("payor", device.payor, payor["payor"]))
    return Planned(moves, changes)


def taker_before(row, asking):
    """Who had it before; None for nobody. Raises Refused where they are not here any more."""
    kept = row.before.get("to")
    if kept is None:
        return None
    kind, pk = kept
    found = asking.find(Space if kind == "space" else Person, pk)
    if found is None:
        raise Refused(Reason("gone", _("Whoever had it is no longer here.")))
    return found


def refuse_who_has_left(taker, asking) -> None:
    """Nobody gets a device who works here no more."""
    if isinstance(taker, Person) and not taker.works_on(asking.today):
        raise Refused(Reason("left", _("%s no longer works here.") % taker))
