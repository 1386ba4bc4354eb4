"""The admins' list of returns: where each stands, and what they may do about it."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from renewals.models import Return
from renewals.returns.opening import why_no_reminder
from renewals.returns.promise import promised_by
from renewals.returns.todos import cannot_be_told, label_missing, not_told, refusing
from velory.journal.reason import Reason

SORTS = {
    "chosen": "chosen_at",
    "device": "device__name",
    "holder": ("device__holder__last_name", "device__holder__first_name"),
    "provider": "provider__name",
}
LABELS = [("missing", _("Label missing")), ("untold", _("Provider not told")), ("came", _("Label has come"))]
WAITING = [("new", _("The new device")), ("back", _("To come back"))]


@dataclass(frozen=True)
class Row:
    """One return, and why what could be done about it can't be done now."""

    returning: Return
    promised_by: datetime
    is_late: bool
    untold: str
    no_reminder: Reason | None

    @property
    def device(self):
        """What goes back."""
        return self.returning.device


def returns_of(table, *, at):
    """The open returns, narrowed by what the address says."""
    found = Return.objects.open().matching(table.q)
    asked = {"missing": label_missing(at), "untold": not_told(), "came": found.with_label()}
    chosen = [asked[code] for code in table.chosen("label") if code in asked]
    if chosen:
        found = found.filter(pk__in={pk for rows in chosen for pk in rows.values_list("pk", flat=True)})
    ways = {"new": found.awaiting_the_replacement(), "back": found.time_to_return()}
    waits = [ways[code] for code in table.chosen("waits") if code in ways]
    if waits:
        found = found.filter(pk__in={pk for rows in waits for pk in rows.values_list("pk", flat=True)})
    return found.with_what_a_page_shows()


def rows_of(returns, *, at) -> list[Row]:
    """The rows of one page."""
    refused = set(refusing())
    return [_row(returning, at, refused) for returning in returns]


def _row(returning, at, refused):
    due = promised_by(returning.chosen_at)
    late = returning.is_leased and returning.is_under_way and not returning.label and due <= at
    return Row(
        returning, due, late, cannot_be_told(returning, refused) if returning.is_under_way else "",
        why_no_reminder(returning, at=at),
    )  # fmt: skip
