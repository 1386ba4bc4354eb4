"""From bytes to rows: a workbook, or text with its encodings, separators and line endings (reliability R70, R71).

Python's csv module keeps its limit on the length of a cell for the whole process, so that one long cell would
either stop the file or change the module for everybody; cells are told apart here by one regular expression.
"""

import re
from functools import cache

from django.utils.translation import gettext as _

from assets.importing.columns import column_for
from assets.importing.faults import Fault
from assets.importing.sheet import (
    LONGEST_CELL,
    MOST_BYTES,
    MOST_COLUMNS,
    MOST_ROWS,
    Sheet,
    Unreadable,
    protected,
    sheet_of,
    too_many_rows,
)

SEPARATORS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
_valid_utf8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ZIP, _COMPOUND = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"


def read(content: bytes, name: str = "") -> Sheet:
    """Read a file: a workbook's sheet of that name, or text. Raises Unreadable with a sentence where it can't be."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 10 MB. Divide it into several files."))
    if content.startswith(_ZIP):
        from assets.importing.workbook import read_workbook

        return read_workbook(content, name)
    encoding, text = _decode(content)
    text, separator = _separator(text)
    return sheet_of(_numbered(_records(text, separator)), encoding=encoding, separator=separator)


def _numbered(records):
    for number, (cells, faults) in enumerate(records, start=1):
        if number > MOST_ROWS * 10:
            raise too_many_rows()
        yield number, cells, faults


# Bytes → text


def _decode(content: bytes) -> tuple[str, str]:
    _refuse_other_formats(content)
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


def _refuse_other_formats(content: bytes) -> None:
    if content.startswith(_COMPOUND):
        if "EncryptedPackage".encode("utf-16-le") in content:
            raise protected()
        raise Unreadable(_("This is an old Excel file (.xls). Save it as an Excel workbook (.xlsx) or as “CSV UTF-8”."))
    if content.startswith(b"%PDF"):
        raise Unreadable(_("This is a PDF, not a CSV file or a workbook."))
    if content[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        raise Unreadable(_("This is a web page, not a CSV file or a workbook, whatever its name ends in."))


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
