"""From bytes to rows: encodings, separators, line endings and limits (reliability R70, R71).

Python's csv module keeps its limit on the length of a cell for the whole process, so that one long cell would
either stop the file or change the module for everybody; cells are told apart here by one regular expression.
"""

import re
from dataclasses import dataclass, field
from functools import cache

from django.utils.translation import gettext as _

from assets.importing.columns import column_for
from assets.importing.faults import Fault

MOST_BYTES = 10 * 1024 * 1024
MOST_ROWS = 20_000
MOST_COLUMNS = 60
LONGEST_CELL = 2_000

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_valid_utf8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")


class Unreadable(Exception):
    """The file as a whole cannot be read; the text is a sentence for whoever sent it."""


@dataclass(slots=True)
class Row:
    """One row. `number` is the one that a spreadsheet shows; `faults` are cells that could not be read."""

    number: int
    cells: list[str]
    faults: list[Fault] = field(default_factory=list)


@dataclass
class Sheet:
    """A file, read."""

    encoding: str
    separator: str
    headings: list[str]
    rows: list[Row]

    def samples(self, place: int, most: int = 3) -> list[str]:
        """A few different values of a column, for the page that matches headings."""
        found: dict[str, None] = {}
        for row in self.rows[:500]:
            if place < len(row.cells) and row.cells[place].strip():
                found.setdefault(row.cells[place].strip()[:40])
            if len(found) == most:
                break
        return list(found)


def read(content: bytes) -> Sheet:
    """Read a file. Raises Unreadable with a sentence where no row of it can be had."""
    encoding, text = _decode(content)
    text, separator = _separator(text)
    records = _records(text, separator)
    headings, faults = next(records, ([], []))
    headings = [heading.strip() for heading in headings]
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
    rows = list(_rows(records, headings))
    if not rows:
        raise Unreadable(_("The file has headings but no rows below them."))
    return Sheet(encoding, separator, headings, rows)


def _rows(records, headings):
    width = len(headings)
    found = 0
    for number, (cells, faults) in enumerate(records, start=2):
        blank = not any(cell.strip() for cell in cells)
        found += not blank
        if found > MOST_ROWS or number > MOST_ROWS * 10:
            raise Unreadable(_("The file has more than 20,000 rows. Divide it into several files."))
        if blank:
            continue
        if any(cell.strip() for cell in cells[width:]):
            faults.append(Fault("too_many_cells", cell=cells[width][:80]))
        for fault in faults:
            place = fault.facts.pop("place", width)
            fault.column = headings[place] if place < width else ""
        yield Row(number, cells[:width] + [""] * (width - len(cells)), faults)


# Bytes → text


def _decode(content: bytes) -> tuple[str, str]:
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 10 MB. Divide it into several files."))
    _refuse_other_formats(content[:2048])
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "UTF-16", content.decode("utf-16", errors="replace")
    if content.count(b"\0", 0, 4096) > len(content[:4096]) // 4:
        raise Unreadable(_("The file's encoding is not known. Save it as CSV UTF-8."))
    body = content.removeprefix(b"\xef\xbb\xbf")
    try:
        return "UTF-8", body.decode()
    except UnicodeDecodeError:
        pass
    if body is not content or _is_mostly_utf8(body):
        return "UTF-8", body.decode(errors="surrogateescape")
    return "Windows-1252", body.decode("cp1252", errors="surrogateescape")


def _is_mostly_utf8(body: bytes) -> bool:
    """Whether what is not ASCII is UTF-8 for the most part: a few spoilt cells do not make it Windows-1252."""
    whole = sum(len(match) for match in _valid_utf8.findall(body))
    every = len(body) - len(body.translate(None, bytes(range(128, 256))))
    return whole * 2 > every


def _refuse_other_formats(head: bytes) -> None:
    if head.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("This is a spreadsheet, not a CSV file. Open it and save it as “CSV UTF-8”."))
    if head.startswith(b"%PDF"):
        raise Unreadable(_("This is a PDF, not a CSV file."))
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unreadable(_("This is a web page, not a CSV file."))


# Text → records


def _separator(text: str) -> tuple[str, str]:
    """The text without a leading `sep=` line, and the character between its cells."""
    told = re.match(r"sep=([,;\t|])\r?\n?", text)
    if told:
        return text[told.end() :], told[1]

    def tells(separator):
        cells, _faults = next(_records(text, separator), ([], []))
        return sum(bool(column_for(cell)) for cell in cells), len(cells)

    return text, max(SEPARATORS, key=tells)


@cache
def _cell(separator: str) -> re.Pattern:
    mark = re.escape(separator)
    return re.compile(rf'(?:"((?:[^"]++|"")*+)"([^{mark}\r\n]*+)|([^{mark}\r\n]*+))({mark}|\r\n|\r|\n|\Z)')


def _records(text: str, separator: str):
    """The records of a text: (cells, faults) each. Quoted cells may hold separators and line ends."""
    cells: list[str] = []
    faults: list[Fault] = []
    for match in _cell(separator).finditer(text):
        end = match[4]
        if len(cells) <= MOST_COLUMNS * 2:  # far more than there can be headings; what stands beyond is not kept
            cell, fault = _read_cell(match)
            cells.append(cell)
            if fault:
                fault.facts["place"] = len(cells) - 1
                faults.append(fault)
        if end == separator:
            continue
        if not end and cells == [""]:
            return
        yield cells, faults
        if not end:
            return
        cells, faults = [], []


def _read_cell(match) -> tuple[str, Fault | None]:
    """One cell without its quotation marks, and what is wrong with it."""
    quoted, rest, cell, _end = match.groups()
    if quoted is not None:
        cell = quoted.replace('""', '"') if '"' in quoted else quoted
    if len(cell) > LONGEST_CELL:  # cut, and still too long when the refused rows are sent back
        return cell[: LONGEST_CELL + 1], Fault("too_long", cell=cell[:40], facts={"length": len(cell)})
    if not cell.isascii() and any("\ud800" <= letter <= "\udfff" for letter in cell):
        cell = re.sub("[\ud800-\udfff]", "\ufffd", cell)
        return cell, Fault("undecodable", cell=cell[:80])
    if quoted is None and cell.startswith('"'):
        return cell, Fault("unclosed", cell=cell[:80])
    if rest and rest.strip():
        return cell, Fault("unclosed", cell=(cell + '"' + rest)[-80:])
    return cell, None
