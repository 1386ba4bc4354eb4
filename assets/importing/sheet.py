"""A sheet as it was read, whatever file it stood in: headings, rows, limits, and the sentence where it can't be had."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from assets.importing.faults import Fault

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000


class Unreadable(Exception):
    """The file as a whole cannot be read; the text is a sentence for whoever sent it."""


class Number(str):
    """A cell that a workbook holds as a number: what stands before its decimals is a point."""

    __slots__ = ()


class Day(str):
    """A cell that a workbook holds as a date, in ISO form; with the time of day where it has one."""

    __slots__ = ()


@dataclass(slots=True)
class Row:
    """One row. `number` is the one that a spreadsheet shows; `faults` are cells that could not be read."""

    number: int
    cells: list[str]
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Sheet:
    """A file, read. Of a workbook: the sheet's `name`, the names of all sheets that hold rows, how many rows hide."""

    encoding: str
    separator: str
    headings: list[str]
    rows: list[Row]
    name: str = ""
    names: list[str] = field(default_factory=list)
    hidden: int = 0

    def samples(self, place: int, most: int = 3) -> list[str]:
        """A few different values of a column, for the page that matches headings."""
        found: dict[str, None] = {}
        for row in self.rows[:500]:
            if place < len(row.cells) and row.cells[place].strip():
                found.setdefault(row.cells[place].strip()[:40])
            if len(found) == most:
                break
        return list(found)


def sheet_of(records: Iterable[tuple[int, list[str], list[Fault]]], *, encoding: str, separator: str = "") -> Sheet:
    """A sheet from its records: (row number, cells, faults) each, the headings first. Raises Unreadable."""
    records = iter(records)
    headings = _headings(*next(records, (1, [], [])))
    rows = list(_rows(records, headings))
    if not rows:
        raise Unreadable(_("The file has headings but no rows below them."))
    return Sheet(encoding, separator, headings, rows)


def too_many_rows() -> Unreadable:
    """What an admin does with a file that is too long."""
    return Unreadable(_("The file has more than 20,000 rows. Divide it into several files."))


def protected() -> Unreadable:
    """It can be opened with a password only."""
    return Unreadable(
        _("This workbook is protected with a password. Take the protection off and save it again, or save it as CSV.")
    )


def _headings(_number, cells, faults):
    headings = [cell.strip() for cell in cells]
    while headings and not headings[-1]:
        headings.pop()
    if not headings:
        raise Unreadable(
            _("The file is empty. The first row holds the headings, each further row a person or a device.")
        )
    if len(headings) > MOST_COLUMNS:
        raise Unreadable(
            _("The file has %(count)s columns; %(most)s is the most.") % {"count": len(headings), "most": MOST_COLUMNS}
        )
    if faults:
        raise Unreadable(_("The row of headings cannot be read: %s") % faults[0].why)
    return headings


def _rows(records, headings):
    width = len(headings)
    found = 0
    for number, cells, faults in records:
        if not faults and not any(cell.strip() for cell in cells):
            continue
        found += 1
        if found > MOST_ROWS:
            raise too_many_rows()
        if any(cell.strip() for cell in cells[width:]):
            faults.append(Fault("too_many_cells", cell=cells[width][:80]))
        for fault in faults:
            place = fault.facts.pop("place", width)
            fault.column = headings[place] if place < width else ""
        yield Row(number, cells[:width] + [""] * (width - len(cells)), faults)
