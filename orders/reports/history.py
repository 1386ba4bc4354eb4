"""What has happened to an order, as its distributor may read it: the order's own entries and those of its devices."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _

from orders.reports.notes import facts_in_words
from orders.reports.reading import STEPS
from velory.journal.models import Entry

OF_DEVICES = [*STEPS.values(), "hear", "receive"]
OF_ORDERS = ["place", "send", "confirm"]
MOST = 60


@dataclass(frozen=True)
class Happened:
    """One thing that happened, in words."""

    at: datetime
    text: str
    line: Any = None


def history_of(order, lines) -> list[Happened]:
    """The latest first; one query."""
    by_device = {line.device_id: line for line in lines}
    own = Q(about_type="orders.order", about_id=order.pk, step__in=OF_ORDERS)
    devices = Q(about_type="assets.device", about_id__in=list(by_device), step__in=OF_DEVICES)
    entries = Entry.objects.filter(own | devices).newest_first()[:MOST]
    return [
        _told(entry, by_device.get(entry.about_id) if entry.about_type == "assets.device" else None)
        for entry in entries
    ]


def _told(entry, line):
    if line is None:
        return Happened(entry.at, entry.sentence)
    about = _("Line %(line)s, %(device)s") % {"line": line.number, "device": entry.about_name}
    return Happened(entry.at, f"{about}: {_facts_of(entry) or entry.sentence}", line)


def _facts_of(entry):
    """Facts as they are now, where the log says what they were before too."""
    changes = entry.details.get("changes") if entry.step == "hear" else None
    if not changes:
        return ""
    facts = {name.rpartition(".")[2]: after for name, (_before, after) in changes.items()}
    return _("%(by)s reported %(facts)s.") % {"by": entry.by_name, "facts": facts_in_words(facts)}
