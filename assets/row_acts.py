"""What is done with each row of a list that lacks something: a to-do leads to the list, and the list to the act."""

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class RowAct:
    """A step that each device of a list waits for, and its words. Without a step the device is looked into."""

    label: Any
    step: str = ""


ACTS = {
    ("view", "unassigned"): RowAct(_("Assign"), "assign"),
    ("view", "needs_repair"): RowAct(_("Take in"), "start_repair"),
    ("payor", "missing"): RowAct(_("Set the payor"), "set_payor"),
    ("renewal", "missing"): RowAct(_("Set the date"), "edit"),
    ("replacement", "cancelled"): RowAct(_("Look into it")),
}


def act_of_each(table) -> RowAct | None:
    """What the table asks of its rows, if it asks for one thing."""
    asked = [act for (key, value), act in ACTS.items() if table.chosen(key) == [value]]
    return asked[0] if len(asked) == 1 else None
