"""How a bulk change is shown: what was and what becomes, in the reader's language; which actions there are."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from assets.bulk.registry import Action, actions_for
from assets.lifecycle import Status
from assets.models import Device
from velory.ui.dates import day_long

FIELDS = {
    "status": gettext_lazy("Status"), "holder": gettext_lazy("Holder"), "payor": gettext_lazy("Payor"),
    "cost_centre": gettext_lazy("Cost centre"), "renewal_on": gettext_lazy("Renewal date"),
    "distributor": gettext_lazy("Distributor"), "note": gettext_lazy("Note"),
}  # fmt: skip
VERDICTS = {
    "changed": (gettext_lazy("Will change"), pgettext_lazy("devices", "Changed"), "pencil"),
    "unchanged": (gettext_lazy("Unchanged"), gettext_lazy("Unchanged"), "circle-check"),
    "refused": (gettext_lazy("Refused"), gettext_lazy("Refused"), "ban"),
}
"""Of each verdict: in a preview, in what came of it, and its icon."""


def in_words(field: str, value: str) -> str:
    """A value of a plan for a page; a dash for nothing."""
    if not value:
        return "–"
    if field == "status":
        return str(Status(value).label)
    if field == "renewal_on":
        return day_long(date.fromisoformat(value))
    if field == "payor":
        return str(Device.Payor(value).label)
    return str(value)


def changes_of(row) -> list[dict]:
    """What changes in one row: label, before, after."""
    return [
        {"label": FIELDS[field], "before": in_words(field, before), "after": in_words(field, after)}
        for field, before, after in row.changes
    ]


def cards(change) -> list[dict]:
    """The three counts at the head of the page."""
    told = change.told
    return [
        {"verdict": verdict, "label": after if change.is_over else before, "icon": icon, "count": told.get(verdict, 0)}
        for verdict, (before, after, icon) in VERDICTS.items()
    ]


def choices(statuses=None) -> list[tuple[str, list[Action]]]:
    """The actions as they stand together in a menu: what is changed, then the steps."""
    found = actions_for(statuses)
    groups = [(_("Change"), [a for a in found if not a.is_step]), (_("Steps"), [a for a in found if a.is_step])]
    return [(label, actions) for label, actions in groups if actions]


def undo_in_words(change) -> str:
    """Whether a change was undone, in the list of changes."""
    if change.undoes_id:
        return ""
    undoing = change.undoing
    if undoing is None:
        return _("Can be undone") if change.may_be_undone else "–"
    if undoing.is_busy:
        return _("Being undone")
    done, of = undoing.outcome.get("changed", 0), change.outcome.get("changed", 0)
    return _("Undone") if done == of else _("Undone: %(done)s of %(of)s") % {"done": done, "of": of}
