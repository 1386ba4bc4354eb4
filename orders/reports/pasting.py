"""Serial numbers that are pasted or come in a file: "line, serial, IMEI", or just the serials in the lines' order.

Rows stand for themselves: what is right is taken, what is wrong stays in the box with the reason, and does not move the
others to another line.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from stdnum import luhn

from orders.reports.facts import Odd, fact_of
from orders.reports.numbers import NUMBERS, devices_with

MOST_ROWS, MOST_BYTES = 200, 256 * 1024
HEADINGS = {"line", "rad", "row", "no", "nr", "#", "serial", "serial number", "serienummer", "serial no", "imei"}
SHORTEST = 4


@dataclass
class Row:
    """One row as it was pasted, the line that it is for (None: none of the order), and why it was not taken."""

    number: int
    text: str
    line: Any = None
    facts: dict[str, str] = field(default_factory=dict)
    fault: str = ""


def decoded(content: bytes) -> str:
    """The text of a file, as spreadsheets save it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def rows_of(text: str, lines) -> list[Row]:
    """What was pasted, row by row, against the order's lines (those that can still hear of numbers)."""
    found = [Row(number, text.strip()) for number, text in enumerate(text.splitlines(), 1) if text.strip()]
    found = [row for row in found if not _is_heading(row.text)]
    for row in found[MOST_ROWS:]:
        row.fault = _("200 rows at once are the most. Paste this one again afterwards.")
    lacking = iter([line for line in lines if not line.device.serial])
    known = {line.number: line for line in lines}
    own = {line.device.serial.upper(): line for line in lines if line.device.serial}
    for row in found[:MOST_ROWS]:
        _place(row, known, lacking, own)
    _refuse_twins(found[:MOST_ROWS], lines)
    return found


def cells_of(text: str) -> list[str]:
    """The cells of a row: between tabs, semicolons or commas; else, behind the number of a line, between blanks."""
    mark = next((mark for mark in "\t;," if mark in text), None)
    if mark is None and re.match(r"[0-9]{1,3}\s+\S", text):
        parts = text.split()
    else:
        parts = text.split(mark) if mark else [text]
    cells = [part.strip().strip('"').removeprefix("'").strip() for part in parts]
    while len(cells) > 1 and not cells[-1]:
        cells.pop()
    return cells


def _is_heading(text):
    return all(cell.casefold() in HEADINGS for cell in cells_of(text) if cell)


def _place(row, known, lacking: Iterator, own):
    cells = cells_of(row.text)
    if len(cells) > 3:
        row.fault = _("Write the line, the serial number and the IMEI, with commas between them.")
    elif len(cells) > 1 and re.fullmatch(r"[0-9]{1,3}", cells[0]):
        row.line = known.get(int(cells[0]))
        _read(row, *cells[1:])
    elif len(cells) == 3:
        row.fault = _("A row of three begins with the number of a line.")
    else:
        row.line = own.get(cells[0].upper()) or next(lacking, None)
        _read(row, *cells)


def _read(row, serial="", imei=""):
    try:
        row.facts = {name: value for name, value in [("serial", fact_of("serial", serial))] if value}
        if imei:
            row.facts["imei"] = fact_of("imei", imei)
    except Odd as odd:
        row.fault = words_of(odd)
        return
    row.fault = _looks_wrong(serial, imei)


def _looks_wrong(serial, imei):
    if not serial:
        return "" if imei else _("The serial number is missing.")
    if len(serial) < SHORTEST:
        return _("This is too short for a serial number.")
    if serial.isascii() and serial.isdigit() and len(serial) == 15 and luhn.is_valid(serial):
        return _("This is an IMEI. Write the serial number before it.")
    return ""


def words_of(odd: Odd) -> str:
    """What is wrong with a fact, to whoever wrote it."""
    text = {
        "imei_length": _("An IMEI has 15 digits; this one has %(digits)s."),
        "imei_letters": _("An IMEI is made of digits only."),
        "imei_check": _("This IMEI has a wrong digit: its check digit doesn't match. Compare it with the box."),
        "shortened": _("A spreadsheet has shortened this number. Format the column as text and copy it again."),
        "too_long": _("At most %(most)s characters fit here."),
        "unseen": _("There are characters here that can't be seen. Write it again by hand."),
        "day": _("Write the date as 2026-12-14."),
        "tracking_url": _("This is no address of a web page. Paste the carrier's link, or write the tracking number."),
    }.get(odd.code) or _("This can't be read.")
    return text % odd.facts


def _refuse_twins(rows, lines):
    """A serial number or an IMEI belongs to one device: of this paste, of this order, of the company."""
    for name in NUMBERS:
        asked = [row for row in rows if row.facts.get(name) and not row.fault]
        owners = devices_with(name, [row.facts[name] for row in asked]) if asked else {}
        by_device = {line.device.pk: line for line in lines}
        first: dict[str, Row] = {}
        for row in asked:
            value = row.facts[name].upper()
            owner = owners.get(value)
            if value in first:
                row.fault = _("Row %(row)s has the same number. Each device has its own.") % {
                    "row": first[value].number
                }
            elif owner is not None and (row.line is None or owner != row.line.device.pk):
                row.fault = taken_by(by_device.get(owner))
            first.setdefault(value, row)


def taken_by(line) -> str:
    """Another device has the number: which, if it is of the same order, and never whose."""
    if line is not None:
        return _("Line %(line)s has this number too. Each device has its own.") % {"line": line.number}
    return _("Another device of the company has this number already. Compare it with the box.")
