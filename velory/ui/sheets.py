"""A list as a workbook, streamed: text is text whatever it begins with, days are days, amounts are numbers.

The parts of the file are written into an archive one after the other and go out as they are written; nothing is kept
but the rows at hand. How many sheets there are is known when the last row is written: what names them comes last.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from itertools import batched, chain, islice
from zipfile import ZIP_DEFLATED, ZipFile

from velory import clock

MOST_ROWS, LONGEST = 1_048_576, 32_767  # of a sheet with its heading, of a cell
MOST_BYTES = 1_900_000_000  # of a sheet before it is packed: four bytes tell the length of a part
TOGETHER = 50  # rows that are packed at once
DIGITS = 10**15  # a spreadsheet keeps fifteen of them: a longer number is a text
FIRST_DAY = date(1899, 12, 30)
BOLD, DAY, MOMENT, AMOUNT = 1, 2, 3, 4  # places in STYLES

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OF = "http://schemas.openxmlformats.org"
_MAIN, _LINKS = f"{_OF}/spreadsheetml/2006/main", f"{_OF}/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
TYPES = (
    f'{_HEAD}<Types xmlns="{_OF}/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Default Extension="xml" ContentType="{_TYPE}.worksheet+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/></Types>'
)
STYLES = (
    f'{_HEAD}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="2"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd"/>'
    '<numFmt numFmtId="165" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/></numFmts>'
    '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
    '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>'
    '</fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="5"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="0" fontId="1" fillId="0" borderId="0" xfId="0" applyFont="1"/>'
    + "".join(
        f'<xf numFmtId="{number}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for number in (164, 165, 2)
    )
    + '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
)
_special = re.compile("[&<>\x00-\x08\x0b-\x1f\ud800-\udfff\ufffe\uffff]|_(?=x[0-9A-Fa-f]{4}_)")
_named = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


def written(rows: Iterable[list]) -> Iterator[bytes]:
    """Its bytes, as far as they are written: the first before a row is read."""
    sent = _Sent()
    rows = iter(rows)
    with ZipFile(sent, "w", ZIP_DEFLATED) as book:
        book.writestr("[Content_Types].xml", TYPES)
        book.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        book.writestr("xl/styles.xml", STYLES)
        yield sent.taken()
        heading: list = next(rows, [])
        sheets, more = 0, True
        first: list[list] = []  # of the next sheet's rows
        while more:
            sheets += 1
            for _some in _sheet(book, sheets, heading, chain(first, rows)):
                if piece := sent.taken():
                    yield piece
            first = list(islice(rows, 1))
            more = bool(first)
        book.writestr("xl/workbook.xml", _workbook(sheets))
        links = [("worksheet", f"worksheets/sheet{n}.xml") for n in range(1, sheets + 1)]
        book.writestr("xl/_rels/workbook.xml.rels", _relations([*links, ("styles", "styles.xml")]))
    yield sent.taken()


class _Sent:
    """Where an archive is written to that goes out at once: it can't be gone back in."""

    def __init__(self):
        self.pieces: list[bytes] = []

    def write(self, piece) -> int:
        self.pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None: ...

    def close(self) -> None: ...

    def taken(self) -> bytes:
        pieces, self.pieces = self.pieces, []
        return b"".join(pieces)


def _relations(links):
    told = "".join(
        f'<Relationship Id="rId{number}" Type="{_LINKS}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(links, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_OF}/package/2006/relationships">{told}</Relationships>'


def _workbook(sheets):
    told = "".join(f'<sheet name="Sheet{n}" sheetId="{n}" r:id="rId{n}"/>' for n in range(1, sheets + 1))
    return (
        f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><bookViews><workbookView/></bookViews>'
        f"<sheets>{told}</sheets></workbook>"
    )


def _sheet(book, number, heading, rows) -> Iterator[None]:
    """A sheet with the heading and as many rows as it takes; pauses whenever some are written."""
    letters = [column_letters(place) for place in range(len(heading))]
    with book.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
        size = part.write(_begun(len(heading), is_first=number == 1).encode())
        size += part.write(_row(1, [str(words) for words in heading], letters, BOLD).encode())
        row = 1
        for some in batched(islice(rows, MOST_ROWS - 1), TOGETHER):
            text = "".join(_row(row + place, values, letters) for place, values in enumerate(some, 1))
            row += len(some)
            size += part.write(text.encode())
            yield
            if size > MOST_BYTES:
                break
        part.write(b"</sheetData></worksheet>")
    yield


def _begun(width, *, is_first):
    columns = f'<cols><col min="1" max="{width}" width="18" customWidth="1"/></cols>' if width else ""
    chosen = ' tabSelected="1"' if is_first else ""
    return (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView{chosen} workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"{columns}<sheetData>"
    )


def column_letters(place: int) -> str:
    """What a spreadsheet calls a column: 0 is A, 26 is AA."""
    letters = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _row(number, values, letters, style=0):
    cells = [
        _cell(f"{letters[place]}{number}", value, style)
        for place, value in enumerate(values)
        if value is not None and value != ""
    ]
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place, value, style):
    if isinstance(value, str):
        return _text(place, value, style)
    if isinstance(value, datetime):
        local = value.astimezone(clock.zone())
        seconds = local.hour * 3600 + local.minute * 60 + local.second
        return _number(place, f"{(local.date() - FIRST_DAY).days + seconds / 86_400:.10f}", MOMENT)
    if isinstance(value, date):
        return _number(place, (value - FIRST_DAY).days, DAY) if value.year > 1900 else _text(place, str(value), style)
    if isinstance(value, Decimal):
        return _number(place, f"{value:f}", AMOUNT)
    if isinstance(value, int) and not isinstance(value, bool) and -DIGITS < value < DIGITS:
        return _number(place, value, style)
    return _text(place, str(value), style)


def _number(place, value, style):
    look = f' s="{style}"' if style else ""
    return f'<c r="{place}"{look}><v>{value}</v></c>'


def _text(place, value, style):
    look = f' s="{style}"' if style else ""
    text = value[:LONGEST]
    if _special.search(text):
        text = _special.sub(_as_written, text)
    space = ' xml:space="preserve"' if text != text.strip() or "\n" in text else ""
    return f'<c r="{place}"{look} t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _as_written(found):
    letter = found[0]
    if letter in _named:
        return _named[letter]
    return "\ufffd" if letter >= "\ud800" else f"_x{ord(letter):04X}_"
