"""The labelled steps of a device that an admin may take and that ask nothing, or only why, taken of many."""

from inspect import Parameter, signature

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assets.bulk.hands import refuse_who_has_left, stored_taker, taker_before
from assets.bulk.registry import Action, BulkForm, Planned, add, admitted, target_of
from assets.guards import is_part_of_the_plan
from assets.lifecycle import Status
from assets.models import Device
from velory.journal.reason import Reason, Refused
from velory.journal.steps import steps_of

OWN = {"understood", "buyer", "to"}  # a step that asks for one of these has a page of its own, and keeps it
BACK = {
    "remove": "restore", "restore": "remove", "start_renewal": "withdraw_renewal",
    "withdraw_renewal": "start_renewal", "prefer_buyout": "prefer_return", "prefer_return": "prefer_buyout",
}  # fmt: skip


class StepForm(BulkForm):
    """A step that asks nothing."""


class WhyForAllForm(BulkForm):
    """A step that keeps its reason: the same for each."""

    why = forms.CharField(
        label=gettext_lazy("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=gettext_lazy("It stands in the activity of each device."),
    )  # fmt: skip


class MayBeWhyForAllForm(WhyForAllForm):
    """A step that keeps a reason if there is one."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["why"].required = False


class TakeStep(Action):
    """One step of `assets/lifecycle.py`."""

    is_step = True

    def __init__(self, made):
        self.made = made
        self.code, self.label, self.final = f"step.{made.name}", made.label, made.name not in BACK
        self.order = 200 + list(steps_of(Device)).index(made.name)
        self.sources = made.sources
        if "why" in made.asks:
            why = signature(getattr(Device, made.name)).parameters["why"]
            self.form = WhyForAllForm if why.default is Parameter.empty else MayBeWhyForAllForm

    @property
    def is_on(self):
        return is_part_of_the_plan(self.made)

    def title(self, said):
        return self.words

    @property
    def words(self):
        """The button's words and where it leads: two steps have the same words."""
        targets = " / ".join(str(Status(target).label) for target in self.made.targets)
        return f"{self.label} → {targets}"

    def details(self, device, said) -> dict:
        """What the step's own page would take it with, where nothing more was said there."""
        found = {"why": said["why"]} if said.get("why") else {}
        if self.made.name == "confirm_return" and not device.may_be_bought_from_distributor:
            found["outcome"] = Device.Outcome.RETURNED.value
        return found

    def plan(self, device, said, asking):
        given = self.details(device, said)
        made = admitted(device, self.made.name, asking, **given)
        return Planned([(made.name, given)], [("status", device.status, target_of(made, device))])

    def undo(self, row, device, asking):
        back = BACK.get(self.made.name)
        if back is None:
            raise Refused(_no_way_back(row))
        given = (
            {"why": _("The bulk change %s was undone.") % row.change.ref}
            if "why" in steps_of(Device)[back].asks
            else {}
        )
        made = admitted(device, back, asking, **given)
        if target_of(made, device) != row.before["status"]:
            raise Refused(_no_way_back(row))
        planned = Planned([(back, given)], [("status", device.status, row.before["status"])])
        if back == "restore":
            self._with_its_holder(planned, row, asking)
        return planned

    def _with_its_holder(self, planned, row, asking):
        before = taker_before(row, asking)
        if before is not None:
            refuse_who_has_left(before, asking)
            payor = {key: row.before.get(key, "") for key in ("payor", "cost_centre")}
            planned.moves.append(("assign", {"to": stored_taker(before), **payor}))
            planned.changes.append(("holder", "", str(before)))


def _no_way_back(row):
    before = Status(row.before["status"]).label
    return Reason("no_way_back", _("No step leads back to “%s”.") % before)


def add_the_steps() -> None:
    """Each labelled step with a part for admins that asks nothing which its own page must ask."""
    for made in steps_of(Device).values():
        for_admins = any(role.name == "admin" for role in made.who)
        if made.label and for_admins and not OWN & set(made.asks):
            add(TakeStep(made))
