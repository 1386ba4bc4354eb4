"""How rows of an import are shown: what was and what becomes, in the reader's language; and sent back as a file."""

import csv
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from assets.importing.cells import in_words, neutral_again
from assets.importing.columns import COLUMNS, REASONS, normal_heading
from assets.importing.faults import Fault

ICONS = {
    "created": ("plus", "text-info"),
    "changed": ("pencil", ""),
    "unchanged": ("circle-check", "text-success"),
    "refused": ("circle-x", "text-error"),
}


class ShownRow:
    """One row for a page."""

    def __init__(self, row, headings: dict[str, str]):
        self.number, self.verdict = row.number, row.verdict
        self.who, self.email, self.what, self.key = row.who, row.email, row.what, row.key
        self.person = row.plan.get("person")
        self.device = row.plan.get("device")
        self.new = [f"{COLUMNS[code].label} {name}" for code, name in row.plan.get("new", ())]
        self.reasons = [(headings.get(fault.column, fault.column), fault) for fault in row.reasons]
        self.person_verdict, self.device_verdict = row.person_verdict, row.device_verdict

    @property
    def title(self) -> str:
        """The device where the row is about one, else the person."""
        return self.what or self.who or self.email or _("Row %s") % self.number

    @property
    def second(self) -> str:
        """What identifies it."""
        second = self.key if self.what else self.email
        return second if second != self.title else ""

    @property
    def changes(self) -> list[tuple[str, str, str]]:
        """(label, before, after) of whatever changes."""
        found = []
        for part in (self.person, self.device):
            if part and "before" in part and (part is self.person or "pk" in part):
                found += [
                    (str(COLUMNS[code].label), in_words(code, part["before"].get(code, "")), in_words(code, value))
                    for code, value in sorted(part["facts"].items(), key=_in_order)
                    if self.person_verdict == "changed" or part is not self.person
                ]
        device = self.device or {}
        if device.get("to") and "pk" in device:
            found.insert(0, (_("Holder"), device.get("was") or "–", device["whose"]))
        if device.get("leased") and "pk" in device:
            found.append(
                (_("Contract type"), in_words("contract_type", "one-off"), in_words("contract_type", "leased"))
            )
        return found

    @property
    def to_settle(self) -> str:
        """How many devices whoever leaves has to settle; empty where the row sets no last day."""
        count = (self.person or {}).get("devices")
        if count is None:
            return ""
        return ngettext("%s device to settle", "%s devices to settle", count) % count

    @property
    def device_second(self) -> str:
        """A new device's second line: its serial number, and how it is paid for."""
        if not self.device:
            return ""
        months = self.device["facts"].get("contract_months")
        how = _("leased") if self.device["leased"] else _("one-off")
        if months:
            how += ", " + ngettext("%s month", "%s months", int(months)) % months
        return f"{self.key}, {how}"

    @property
    def goes_to(self) -> str:
        """Whose a new device is, where the row creates no person."""
        return (self.device or {}).get("whose", "")


_places = {code: place for place, code in enumerate(COLUMNS)}


def _in_order(fact):
    return _places[fact[0]]


def headings_of(an_import) -> dict[str, str]:
    """What the file calls each column."""
    return {code: heading for heading, code in zip(an_import.headings, an_import.mapping, strict=True) if code}


def shown(an_import, verdict: str, *, start: int = 0, most: int | None = None) -> list[ShownRow]:
    """Rows with a verdict, in the file's order."""
    rows = an_import.rows.with_verdict(verdict)[start : None if most is None else start + most]
    headings = headings_of(an_import)
    return [ShownRow(row, headings) for row in rows]


def cards(counts: dict) -> list[dict]:
    """The four counts at the head of a preview: rows, and people and devices apart."""
    labels = {
        "created": _("Created"), "changed": _("Changed"), "unchanged": _("Unchanged"), "refused": _("Refused"),
    }  # fmt: skip
    return [
        {
            "verdict": verdict, "label": label, "icon": ICONS[verdict][0], "tone": ICONS[verdict][1],
            "count": counts["rows"][verdict], "about": people_and_devices(counts, verdict),
        }
        for verdict, label in labels.items()
    ]  # fmt: skip


def people_and_devices(counts: dict, verdict: str) -> str:
    """“8 people, 11 devices”."""
    people, devices = counts["people"][verdict], counts["devices"][verdict]
    return ", ".join(
        [
            ngettext("%s person", "%s people", people) % people,
            ngettext("%s device", "%s devices", devices) % devices,
        ]
    )


def reading_of(an_import) -> str:
    """“UTF-8, comma, decimal point”; “XLSX, sheet “Devices”, 3 hidden rows are read too”."""
    separators = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("bar")}
    marks = {",": _("decimal comma"), ".": _("decimal point")}
    parts = [an_import.encoding, separators.get(an_import.separator), marks.get(an_import.decimal)]
    if an_import.sheets:
        parts.append(_("sheet “%s”") % an_import.sheet_name)
    if hidden := an_import.counts.get("hidden"):
        parts.append(ngettext("%s hidden row is read too", "%s hidden rows are read too", hidden) % hidden)
    return ", ".join(part for part in parts if part)


def write_refused(an_import, target) -> None:
    """Write the refused rows as a file of text, as the file itself was one; no cell of it starts a formula."""
    writer = csv.writer(target, delimiter=an_import.separator)
    writer.writerows([neutral_again(cell) for cell in row] for row in refused_rows(an_import))


def refused_rows(an_import) -> Iterator[list[str]]:
    """The refused rows as they came, under their headings, with the reason beside."""
    places = [i for i, heading in enumerate(an_import.headings) if normal_heading(heading) not in REASONS]
    headings = headings_of(an_import)
    refused = {row.number: row.reasons for row in an_import.rows.with_verdict("refused").only("number", "faults")}
    yield [*(an_import.headings[i] for i in places), _("reason")]
    for row in an_import.sheet.rows:
        if row.number in refused:
            reasons = " ".join(_in_one_line(fault, headings) for fault in refused[row.number])
            yield [*(row.cells[i] for i in places), reasons]


def _in_one_line(fault: Fault, headings) -> str:
    column = headings.get(fault.column, fault.column)
    return f"{column}: {fault.why} {fault.help}" if column else f"{fault.why} {fault.help}"
