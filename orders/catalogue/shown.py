"""How rows of a catalogue import are shown: what was and what becomes, in the reader's language."""

from decimal import Decimal

from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.importing.faults import Fault
from assets.models import Category
from orders.catalogue.columns import COLUMNS


class ShownRow:
    """One row for a page."""

    def __init__(self, row: dict):
        self.row = row
        self.number, self.title, self.second = row["number"], row["name"], row["article"]
        self.title = self.title or self.second or _("Row %s") % self.number

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(label, before, after) of whatever changes."""
        facts, before = self.row["facts"], self.row["before"]
        return [
            (str(COLUMNS[code].label), in_words(code, before.get(code, "")), in_words(code, facts[code]))
            for code in COLUMNS
            if code in facts and facts[code] != before.get(code, "")
        ]

    @property
    def about(self) -> str:
        """A new variant in a line: colour, storage, prices."""
        facts = self.row["facts"]
        parts = [facts.get("colour", ""), facts.get("storage", "")]
        if facts.get("price"):
            parts.append(f"{in_words('price', facts['price'])} {facts.get('currency', '')}")
        if facts.get("monthly_price"):
            months = int(facts.get("months") or 0)
            time = ngettext("%s month", "%s months", months) % months
            parts.append(f"{in_words('monthly_price', facts['monthly_price'])} {facts.get('currency', '')} × {time}")
        return " · ".join(part for part in parts if part)

    @property
    def reasons(self) -> list[tuple[str, Fault]]:
        """Why it is refused: the column in words, and the fault."""
        faults = [Fault.of(stored) for stored in self.row.get("faults", ())]
        return [(str(COLUMNS[f.column].label) if f.column in COLUMNS else f.column, f) for f in faults]


def in_words(code: str, value: str) -> str:
    """A value of a file for its reader."""
    if value == "":
        return "–"
    kind = COLUMNS[code].kind
    if kind == "amount":
        return number_format(Decimal(value), decimal_pos=2, use_l10n=True, force_grouping=True)
    if kind == "category":
        found = Category.objects.filter(code=value).first()
        return str(found or value)
    if kind == "yes_no":
        return _("yes") if value == "yes" else _("no")
    return value if len(value) <= 120 else value[:120] + "…"


def cards(counts: dict[str, int]) -> list[dict]:
    """The four figures above a preview."""
    labels = {
        "created": _("Created"), "changed": _("Changed"), "unchanged": _("Unchanged"), "refused": _("Refused"),
    }  # fmt: skip
    return [{"verdict": verdict, "label": labels[verdict], "count": counts[verdict]} for verdict in labels]
