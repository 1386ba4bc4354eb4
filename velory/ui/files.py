"""Lists as CSV files, streamed: UTF-8 with its mark, and no cell of them starts a formula."""

import csv
import re
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

from django.http import StreamingHttpResponse
from django.utils.translation import get_language, override

from velory import clock
from velory.tenancy.context import current_company, inside

QUOTED = "=@+-\t\r\n\uff1d\uff0b\uff0d\uff20"  # what stands behind an apostrophe in a file of ours
_formula = re.compile(f"'*[{re.escape(QUOTED)}]")


def as_csv(name: str, rows: Iterable[list]) -> StreamingHttpResponse:
    """A file that a spreadsheet opens and the import reads.

    The rows are read while the answer is on its way, hence inside the company and in the reader's language
    as they are now.
    """
    response = StreamingHttpResponse(
        _lines(rows, current_company(), get_language()), content_type="text/csv; charset=utf-8"
    )
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def neutral(value: str) -> str:
    """A value as it stands in a CSV file of ours: no spreadsheet takes it for a formula, and reading gives it back."""
    return f"'{value}" if _formula.match(value) else value


def _lines(rows, company, language):
    with inside(company), override(language):
        writer = csv.writer(_Echo())
        yield "\ufeff"
        for row in rows:
            yield writer.writerow([_cell(value) for value in row])


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
