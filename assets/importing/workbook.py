"""From a workbook (.xlsx) to rows, as a file of text would have them. Nothing in it is run, fetched or worked out.

A text is taken as it stands, whatever it begins with; of a formula its result; what hides is read all the same.
"""

import posixpath
import re
from collections.abc import Iterator

from django.utils.translation import gettext as _

from assets.importing.faults import Fault
from assets.importing.looks import MOST_LOOKS, look_of, number_as
from assets.importing.parts import Parts, damaged, too_much
from assets.importing.sheet import LONGEST_CELL, MOST_COLUMNS, Day, Sheet, Unreadable, sheet_of
from velory.ui.files import neutral

XLSX = "XLSX"
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
WIDEST = MOST_COLUMNS * 2  # what stands beyond is not kept: far more than there can be headings
MOST_MERGED = 10_000
MOST_SHEETS = 1_000
_coded = re.compile("_x([0-9A-Fa-f]{4})_")
_place = re.compile("([A-Z]{1,3})([0-9]{1,7})")


def read_workbook(content: bytes, name: str = "") -> Sheet:
    """The sheet of that name, else the first one that holds rows. Raises Unreadable with a sentence."""
    book = _Book(Parts(content))
    names = [each for each in book.sheets if book.holds_rows(each)] or list(book.sheets)[:1]
    if name and name not in names:
        raise Unreadable(_("The workbook has no sheet “%s” with rows in it.") % name)
    rows = _RowsReader(book)
    sheet = sheet_of(rows.records(name or names[0]), encoding=XLSX)
    _refuse_merged(sheet, rows)
    sheet.name, sheet.names, sheet.hidden = name or names[0], names, rows.hidden
    return sheet


def _refuse_merged(sheet, rows):
    """A value that stands in several cells at once may be meant for one row or for all: that is asked."""
    ranges = sorted(rows.merged)
    if ranges and ranges[0][0] <= rows.first:
        raise Unreadable(_("The row of headings has merged cells. Take the merging apart and save the workbook again."))
    until, place, waiting = 0, 0, iter([*ranges, (LAST_ROW + 1, 0, 0)])
    first, last, column = next(waiting)
    for row in sheet.rows:
        while first <= row.number:
            if last > until:
                until, place = last, column
            first, last, column = next(waiting)
        if row.number <= until:
            row.faults.append(Fault("merged", sheet.headings[place] if place < len(sheet.headings) else ""))


class _Book:
    """What all sheets of a workbook share: their names, the formats of numbers, the texts."""

    def __init__(self, parts: Parts):
        self.parts = parts
        top = _relations(parts, "_rels/.rels", "")
        main = next((target for kind, target in top.values() if kind == "officeDocument"), "xl/workbook.xml")
        folder = posixpath.dirname(main)
        kept = _relations(parts, f"{folder}/_rels/{posixpath.basename(main)}.rels", folder)
        told = _SheetNames()
        parts.read(main, told)
        self.since_1904 = told.since_1904
        self.sheets = {name: target for name, target in told.places(kept) if target in parts}
        if not self.sheets:
            raise damaged()
        others = dict(kept.values())
        self.looks, self.texts = _Looks(), _Texts()
        parts.read(others.get("styles", ""), self.looks)
        parts.read(others.get("sharedStrings", ""), self.texts)

    def holds_rows(self, name: str) -> bool:
        """Whether a row stands under the headings of a sheet."""
        records = _RowsReader(self).records(name)
        return sum(1 for _two, _record in zip(range(2), records, strict=False)) == 2


def _relations(parts, name, folder) -> dict[str, tuple[str, str]]:
    """What a part refers to within the file, by its id: kind and path. What lies outside is left aside."""
    found = _Relations(folder)
    parts.read(name, found)
    return found.kept


class _Quiet:
    """Listens to nothing."""

    def start(self, name, attributes): ...

    def text(self, some): ...

    def end(self, name): ...


class _Relations(_Quiet):
    def __init__(self, folder):
        self.folder, self.kept = folder, {}

    def start(self, name, attributes):
        target = attributes.get("Target", "")
        if name == "Relationship" and target and attributes.get("TargetMode") != "External":
            path = posixpath.normpath(posixpath.join("/", self.folder, target)).lstrip("/")
            self.kept[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], path)


class _SheetNames(_Quiet):
    def __init__(self):
        self.found, self.since_1904 = [], False

    def start(self, name, attributes):
        if name == "workbookPr":
            self.since_1904 = attributes.get("date1904") in {"1", "true"}
        elif name == "sheet":
            key = next((value for word, value in attributes.items() if word.rpartition(":")[2] == "id"), "")
            self.found.append((attributes.get("name", "")[:100], key, attributes.get("state", "visible") == "visible"))
            if len(self.found) > MOST_SHEETS:
                raise too_much()

    def places(self, relations) -> Iterator[tuple[str, str]]:
        """The sheets that show, with where they stand; those that hide only where there is no other."""
        shown = [(name, key) for name, key, shows in self.found if shows] or [(n, key) for n, key, _shows in self.found]
        for name, key in shown:
            kind, target = relations.get(key, ("", ""))
            if kind == "worksheet":
                yield name, target


class _Looks(_Quiet):
    """What each style makes of a number."""

    def __init__(self):
        self.codes, self.kept, self.within = {}, [], False

    def start(self, name, attributes):
        if name == "numFmt":
            self.codes[attributes.get("numFmtId")] = attributes.get("formatCode", "")[:250]
        elif name == "cellXfs":
            self.within = True
        elif name == "xf" and self.within:
            number = attributes.get("numFmtId", "0")
            known = int(number) if number.isdecimal() and len(number) < 6 else 0
            self.kept.append(look_of(known, self.codes.get(number, "")))
            if len(self.kept) > MOST_LOOKS:
                raise too_much()

    def end(self, name):
        if name == "cellXfs":
            self.within = False

    def of(self, style: str) -> str:
        """The look of a cell's style; nothing special where it is not told."""
        place = int(style) if style.isdecimal() and len(style) < 6 else 0
        return self.kept[place] if place < len(self.kept) else ""


class _Written:
    """A text as it comes in pieces: kept as far as a cell may go, and counted."""

    __slots__ = ("length", "pieces")

    def __init__(self):
        self.pieces, self.length = [], 0

    def add(self, some):
        if self.length <= LONGEST_CELL:
            self.pieces.append(some[: LONGEST_CELL + 1])
        self.length += len(some)

    def taken(self):
        """What was written, and its length where it is too long for a cell; then it begins anew."""
        text, length = "".join(self.pieces)[: LONGEST_CELL + 1], self.length
        self.pieces, self.length = [], 0
        return text, length if length > LONGEST_CELL else 0


def as_text(written: str) -> str:
    """A text of a workbook as a file of text would hold it: what looks like a formula is none."""
    if "_x" in written:
        decoded = _coded.sub(lambda code: chr(int(code[1], 16)), written)
        written = decoded.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return neutral(written.strip())


class _Texts(_Quiet):
    """The texts that cells share, and how long those are that are too long."""

    def __init__(self):
        self.kept, self.too_long = [], {}
        self.now, self.takes, self.aside = _Written(), False, False

    def start(self, name, attributes):
        if name == "t":
            self.takes = not self.aside
        elif name == "rPh":  # how a word is read aloud
            self.aside = True

    def text(self, some):
        if self.takes:
            self.now.add(some)

    def end(self, name):
        if name == "t":
            self.takes = False
        elif name == "rPh":
            self.aside = False
        elif name == "si":
            text, length = self.now.taken()
            if length:
                self.too_long[len(self.kept)] = length
            self.kept.append(as_text(text))


class _RowsReader:
    """The rows of one sheet: what stands in each cell, and what is wrong with it."""

    def __init__(self, book: _Book):
        self.book, self.looks, self.texts = book, book.looks, book.texts
        self.ready: list[tuple[int, list[str], list[Fault]]] = []
        self.merged: list[tuple[int, int, int]] = []  # first row, last row, column
        self.cells: list[str] | None = None  # of the row that is being read
        self.faults: list[Fault] = []
        self.hidden, self.number, self.first, self.hides, self.place = 0, 0, 0, False, -1
        self.kind = self.style = ""
        self.now, self.takes, self.aside, self.formula = _Written(), False, False, False

    def records(self, name: str) -> Iterator[tuple[int, list[str], list[Fault]]]:
        """Row number, cells and faults of each row that is not empty."""
        for _piece in self.book.parts.fed(self.book.sheets[name], self):
            ready, self.ready = self.ready, []
            yield from ready

    def start(self, name, attributes):
        if name == "c":
            self._begin_cell(attributes)
        elif name in {"v", "t"}:
            self.takes = self.cells is not None and not self.aside
        elif name == "row":
            self._begin_row(attributes)
        elif name == "f":
            self.formula = True
        elif name == "rPh":
            self.aside = True
        elif name == "mergeCell":
            self._merge(attributes.get("ref", ""))

    def text(self, some):
        if self.takes:
            self.now.add(some)

    def end(self, name):
        if name in {"v", "t"}:
            self.takes = False
        elif name == "c":
            self._end_cell()
        elif name == "row":
            self._end_row()
        elif name == "rPh":
            self.aside = False

    def _begin_row(self, attributes):
        said = attributes.get("r")
        number = self.number + 1 if said is None else int(said) if said.isdecimal() and len(said) < 8 else 0
        if not self.number < number <= LAST_ROW or self.cells is not None:
            raise damaged()
        self.number, self.cells, self.faults, self.place = number, [], [], -1
        self.hides = attributes.get("hidden") in {"1", "true"}

    def _end_row(self):
        cells, self.cells = self.cells, None
        if cells is None:
            raise damaged()
        if any(cells) or self.faults:
            self.first = self.first or self.number
            self.hidden += self.hides
            self.ready.append((self.number, cells, self.faults))

    def _begin_cell(self, attributes):
        if self.cells is None:
            raise damaged()
        said = attributes.get("r")
        self.place = self.place + 1 if said is None else _column_of(said)
        self.kind, self.style, self.formula = attributes.get("t", "n"), attributes.get("s", ""), False

    def _end_cell(self):
        text, length = self.now.taken()
        if self.cells is None:
            raise damaged()
        if not text and not self.formula:
            return
        place = min(self.place, WIDEST)
        cell, fault = self._read(text, length)
        if fault:
            fault.facts["place"] = place
            self.faults.append(fault)
        if cell:
            self.cells += [""] * (place + 1 - len(self.cells))
            self.cells[place] = cell

    def _read(self, text, length) -> tuple[str, Fault | None]:
        """A cell as a file of text would hold it, and what is wrong with it."""
        kind = self.kind
        if kind == "s":
            return self._shared(text)
        if length:
            return text, Fault("too_long", cell=text[:40], facts={"length": length})
        if kind == "e":
            return text, Fault("error_cell", cell=text[:80], facts={"error": text[:20]})
        if self.formula and not text and kind != "str":
            return "", Fault("not_worked_out")
        if kind in {"inlineStr", "str"}:
            return as_text(text), None
        if kind == "b":
            return ("TRUE" if text.strip() in {"1", "true"} else "FALSE"), None
        if kind == "d":
            return Day(text.strip()[:40]), None
        return number_as(self.looks.of(self.style), text.strip(), since_1904=self.book.since_1904), None

    def _shared(self, text):
        place = int(text) if text.isdecimal() and len(text) < 9 else -1
        if not 0 <= place < len(self.texts.kept):
            raise damaged()
        cell, length = self.texts.kept[place], self.texts.too_long.get(place)
        return cell, Fault("too_long", cell=cell[:40], facts={"length": length}) if length else None

    def _merge(self, ref):
        said = ref.replace("$", "").split(":")
        ends = [end for end in map(_place.fullmatch, said) if end]
        if len(ends) < len(said) or len(self.merged) >= MOST_MERGED:
            raise damaged()
        rows = [int(end[2]) for end in ends]
        self.merged.append((min(rows), max(rows), min(_column_of(end[0]) for end in ends)))


def _column_of(place: str) -> int:
    """The place of a column: A is 0."""
    found = _place.fullmatch(place)
    if not found:
        raise damaged()
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - 64
    if number > LAST_COLUMN:
        raise damaged()
    return number - 1
