"""Lists as files, streamed: CSV in UTF-8 with its mark, or XLSX. No cell of them is a formula."""

import csv
import re
import unicodedata
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from itertools import batched

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from velory import clock
from velory.tenancy.context import current_company, inside
from velory.ui.sheets import written
from velory.unseen import without_unseen

QUOTED = "=@+-\t\r\n\uff1d\uff0b\uff0d\uff20"  # what stands behind an apostrophe in a file of ours
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMATS = {"csv": "CSV", "xlsx": "XLSX"}
SHORTENED = r"[0-9]+(?:[.,][0-9]+)?[Ee]\+?[0-9]+\Z"  # what a spreadsheet would make a number of: 12E05
_formula = re.compile(f"'*(?:[{re.escape(QUOTED)}]|{SHORTENED})")


def as_file(kind: str, name: str, rows: Iterable[list]) -> StreamingHttpResponse:
    """A list in one of FORMATS, by its heading and its rows; as CSV where the format is none of them."""
    if kind != "xlsx":
        return as_csv(f"{name}.csv", rows)
    return _answer(f"{name}.xlsx", XLSX, written, rows)


def as_csv(name: str, rows: Iterable[list]) -> StreamingHttpResponse:
    """A file that a spreadsheet opens and the import reads.

    The rows are read while the answer is on its way, hence inside the company and in the reader's language
    as they are now.
    """
    return _answer(name, "text/csv; charset=utf-8", _lines, rows)


def _answer(name, kind, write, rows):
    response = StreamingHttpResponse(_inside(current_company(), get_language(), write, rows), content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _inside(company, language, write, rows):
    with inside(company), override(language):
        yield from write(rows)


def neutral(value: str) -> str:
    """A value as it stands in a CSV file of ours: no spreadsheet takes it for a formula, and reading gives it back."""
    return f"'{value}" if _formula.match(value) else value


def as_a_cell(text: str) -> str:
    """A text on one line with single blanks and nothing unseen: what reading a file makes of it."""
    return " ".join(without_unseen(unicodedata.normalize("NFC", re.sub(r"\s", " ", text))).split())


def _lines(rows):
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for some in batched(rows, 100):
        yield "".join(writer.writerow([_cell(value) for value in row]) for row in some)


def _cell(value):
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(clock.zone()).strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return neutral(str(value))


class _Echo:
    def write(self, line):
        return line
