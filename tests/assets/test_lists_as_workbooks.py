"""A list as a workbook goes out row by row, and other programs read it as it was meant."""

import io
import tracemalloc
from datetime import date, datetime, timedelta
from decimal import Decimal

from openpyxl import load_workbook

from assets.importing.reading import read
from velory.ui.sheets import written


def test_a_list_of_ours_is_read_by_others_as_it_was_meant():
    rows = [
        ["Text", "Day", "Moment", "Amount", "Count", "Nothing"],
        ['=HYPERLINK("x") & <b>', date(2026, 1, 2), datetime.fromisoformat("2026-01-02T12:00:00+00:00"),
         Decimal("9490.50"), 7, None],
        [" two\nlines ", date(1899, 1, 1), "\x01_x0041_\ud800", Decimal(-1), 10**15, ""],
    ]  # fmt: skip
    content = b"".join(written(rows))

    book = load_workbook(io.BytesIO(content))
    sheet = book.active

    assert [cell.value for cell in sheet[1]] == rows[0]
    assert sheet["A1"].font.b
    assert sheet.freeze_panes == "A2"
    assert [cell.value for cell in sheet[2]][1:] == [datetime(2026, 1, 2), datetime(2026, 1, 2, 13), 9490.5, 7, None]
    assert (sheet["A2"].value, sheet["A2"].data_type) == (rows[1][0], "s")  # no formula
    assert [cell.value for cell in sheet[3]][:2] == [" two\nlines ", "1899-01-01"]
    assert sheet["E3"].value == "1000000000000000"
    assert (sheet["B2"].number_format, sheet["D2"].number_format) == (r"yyyy\-mm\-dd", "0.00")
    assert read(content).rows[1].cells[2] == "\x01_x0041_\ufffd"


def test_a_list_goes_out_before_its_rows_are_known_and_in_little_memory():
    def rows():
        yield ["a", "b"]
        yield from ([f"Telefon {n}", date(2026, 1, 1) + timedelta(days=n % 90)] for n in range(20_000))
        asked.append("the last row")

    asked: list[str] = []
    tracemalloc.start()
    pieces = written(rows())
    size = len(next(pieces))
    assert (size > 0, asked) == (True, [])
    assert len(next(pieces)) > 0
    assert asked == []
    size += sum(len(piece) for piece in pieces)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert size > 200_000
    assert most < 2_000_000


def test_a_list_longer_than_a_sheet_goes_on_in_another(monkeypatch):
    monkeypatch.setattr("velory.ui.sheets.MOST_ROWS", 101)
    content = b"".join(written([["n"], *([n] for n in range(250))]))
    book = load_workbook(io.BytesIO(content))
    assert [(sheet.title, sheet.max_row, sheet["A1"].value, sheet["A2"].value) for sheet in book] == [
        ("Sheet1", 101, "n", 0), ("Sheet2", 101, "n", 100), ("Sheet3", 51, "n", 200),
    ]  # fmt: skip


def test_an_empty_list_is_a_workbook_all_the_same():
    assert load_workbook(io.BytesIO(b"".join(written([["a"]])))).active.max_row == 1
    assert load_workbook(io.BytesIO(b"".join(written([])))).active["A1"].value is None
