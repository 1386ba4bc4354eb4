"""However a spreadsheet saved it, the same rows come out; what can't be read says why (R70, R71)."""

import csv

import pytest

from assets.importing.reading import Unreadable, read
from tests.assets.importing.making import a_file

pytestmark = pytest.mark.nowhere

ROWS = [
    {"email": "orjan.jensen@nordvik.example", "first_name": "Örjan", "notes": 'Sagt: "repa, på; locket"\tidag'},
    {"email": "siobhan.muller@nordvik.example", "first_name": "Siobhán", "notes": "Två\nrader"},
]
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8", "utf-16": "UTF-16", "cp1252": "Windows-1252"}


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ENCODINGS)
def test_encoding_separator_and_line_ends_make_no_difference(encoding, separator, ends):
    sheet = read(a_file(*ROWS, separator=separator, ends=ends, encoding=encoding))

    assert (sheet.encoding, sheet.separator) == (ENCODINGS[encoding], separator)
    assert sheet.headings == ["email", "first_name", "notes"]
    assert [row.cells for row in sheet.rows] == [list(row.values()) for row in ROWS]
    assert [row.number for row in sheet.rows] == [2, 3]
    assert not any(row.faults for row in sheet.rows)


def test_two_files_with_different_separators_do_not_disturb_each_other():
    before = csv.field_size_limit(), csv.list_dialects()

    for separator in ";,\t;":
        assert read(a_file(*ROWS, separator=separator)).rows[0].cells == list(ROWS[0].values())

    assert (csv.field_size_limit(), csv.list_dialects()) == before


def test_a_spreadsheets_line_that_names_the_separator_is_obeyed():
    sheet = read(b"sep=;\r\nemail;first_name\r\na@nordvik.example;Nils, Wikstr\xc3\xb6m\r\n")

    assert sheet.rows[0].cells == ["a@nordvik.example", "Nils, Wikström"]


def test_bytes_that_are_no_letters_refuse_their_row_and_no_other():
    content = a_file(*ROWS).replace("Siobhán".encode(), b"Siobh\xe1n")

    first, second = read(content).rows

    assert first.faults == []
    assert [(fault.code, fault.column) for fault in second.faults] == [("undecodable", "first_name")]


def test_a_replacement_mark_that_stands_in_the_file_is_kept():
    (row,) = read("email,first_name\na@nordvik.example,Zo\ufffd\n".encode()).rows

    assert row.cells[1] == "Zo\ufffd"
    assert row.faults == []


def test_a_byte_that_windows_1252_does_not_have_refuses_its_row():
    (row,) = read(b"email;first_name\na@saimaa.example;\xc5sa\x81\n").rows

    assert [fault.code for fault in row.faults] == ["undecodable"]


def test_a_cell_of_two_megabytes_refuses_its_row_and_no_other():
    rows = read(a_file({"email": "a", "notes": "x" * 2_000_000}, {"email": "b", "notes": "y"})).rows

    assert [(fault.code, fault.facts) for fault in rows[0].faults] == [("too_long", {"length": 2_000_000})]
    assert len(rows[0].cells[1]) == 2001
    assert rows[1].faults == []


def test_a_cell_may_be_two_thousand_characters_long():
    under, over = read(a_file({"email": "a", "notes": "x" * 2000}, {"email": "b", "notes": "x" * 2001})).rows

    assert under.faults == []
    assert [fault.code for fault in over.faults] == ["too_long"]


def test_a_quotation_mark_that_is_never_closed_refuses_its_row():
    rows = read(b'email,notes\na,"27 tum\nb,fine\n').rows

    assert [[fault.code for fault in row.faults] for row in rows] == [["unclosed"], []]


def test_a_quotation_mark_that_closes_too_late_refuses_what_it_swallowed():
    rows = read(b'email,notes\na,"27 tum\nb,"24 tum"\nc,fine\n').rows

    assert [row.cells[0] for row in rows] == ["a", "c"]
    assert [fault.code for fault in rows[0].faults] == ["unclosed"]


def test_a_quotation_mark_inside_a_cell_is_a_letter():
    (row,) = read(b'email,notes\na,Dell 24" screen\n').rows

    assert row.cells[1] == 'Dell 24" screen'
    assert row.faults == []


def test_empty_rows_are_passed_over_and_numbers_stay_those_of_the_spreadsheet():
    assert [row.number for row in read(b"email,notes\n\n,\na,b\n\n").rows] == [5 - 1]


def test_more_cells_than_headings_refuse_the_row_and_fewer_are_blanks():
    more, fewer = read(b"email,first_name,notes\na,b,c,d\ne\n").rows

    assert [fault.code for fault in more.faults] == ["too_many_cells"]
    assert fewer.cells == ["e", "", ""]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\n\n", "is empty"),
        (b"email,first_name\n", "no rows below"),
        (b"PK\x03\x04spreadsheet", "workbook is damaged"),
        (b"\xd0\xcf\x11\xe0old", "old Excel file"),
        (b"<!doctype html><table>", "web page"),
        (b"%PDF-1.7", "PDF"),
        ("email,first_name\na,b\n".encode("utf-16-le"), "encoding is not known"),
        (b"email," + b"x," * 60 + b"y\n1,2\n", "62 columns"),
        (b"email\n" + b"a\n" * 20_001, "20,000 rows"),
        (b"email\n" + b"a" * (10 * 1024 * 1024), "10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content, words):
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_just_within_the_limits_is_read():
    assert len(read(b"email\n" + b"a\n" * 20_000).rows) == 20_000
    assert len(read((",".join(f"h{i}" for i in range(60)) + "\n1\n").encode()).headings) == 60
    within = b"email\n" + b"\n".join(b"a" * 1000 for _ in range(10_000)) + b"\n"
    assert len(read(within).rows) == 10_000


def test_nul_characters_reach_the_cell_and_are_refused_there():
    (row,) = read(b"email,notes\na@nordvik.example,b\0c\n").rows

    assert row.cells[1] == "b\0c"


@pytest.mark.parametrize(
    ("body", "words"),
    [(b"\n" * 1_000_000, "20,000 rows"), (b"," * 1_000_000, "no rows below"), (b'"\n' * 500_000, "20,000 rows")],
)
def test_a_file_made_to_keep_us_busy_is_soon_over(body, words):
    with pytest.raises(Unreadable, match=words):
        read(b"email,notes\n" + body)


def test_a_row_of_a_million_cells_is_one_refused_row():
    (row,) = read(b"email,notes\n" + b'"a,' * 300_000).rows

    assert "too_many_cells" in {fault.code for fault in row.faults}
    assert len(row.faults) < 200
    assert len(row.cells) == 2
