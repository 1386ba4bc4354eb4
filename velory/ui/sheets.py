"""A list as a spreadsheet: text is text whatever it begins with, days are days, amounts are numbers."""

import tempfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal

from xlsxwriter import Workbook

from velory import clock

MOST_ROWS, LONGEST = 1_048_576, 32_767  # of a sheet with its heading, of a cell
PIECE = 64 * 1024


def written(rows: Iterable[list]) -> Iterator[bytes]:
    """Its bytes. Written row by row to a file that nobody else sees, then read from it: memory stays small."""
    with tempfile.TemporaryFile() as kept:
        with Workbook(kept, {"constant_memory": True}) as book:
            _fill(book, iter(rows))
        kept.seek(0)
        while piece := kept.read(PIECE):
            yield piece


def _fill(book, rows):
    """The heading stands on every sheet; another one begins where one is full."""
    looks = {
        date: book.add_format({"num_format": "yyyy-mm-dd"}),
        datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        Decimal: book.add_format({"num_format": "0.00"}),
    }
    bold = book.add_format({"bold": True})
    heading: list = next(rows, [])
    sheet = _begun(book, heading, bold)
    for number, row in enumerate(rows):
        place = number % (MOST_ROWS - 1)
        if number and not place:
            sheet = _begun(book, heading, bold)
        for column, value in enumerate(row):
            _write(sheet, place + 1, column, value, looks)


def _begun(book, heading, bold):
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 0)
    sheet.set_column(0, max(len(heading) - 1, 0), 18)
    for column, words in enumerate(heading):
        sheet.write_string(0, column, str(words), bold)
    return sheet


def _write(sheet, row, column, value, looks):
    if value is None or value == "":
        return
    if isinstance(value, datetime):
        local = value.astimezone(clock.zone()).replace(tzinfo=None)
        sheet.write_datetime(row, column, local, looks[datetime])
    elif isinstance(value, date):
        sheet.write_datetime(row, column, value, looks[date])
    elif isinstance(value, Decimal):
        sheet.write_number(row, column, value, looks[Decimal])
    elif isinstance(value, int) and not isinstance(value, bool):
        sheet.write_number(row, column, value)
    else:
        sheet.write_string(row, column, str(value)[:LONGEST])
