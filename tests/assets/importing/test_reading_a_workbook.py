"""A workbook is read as a file of text is; one that was made to harm is refused in words, soon and in little memory."""

import io
import random
import tracemalloc
import zipfile
from contextlib import suppress
from datetime import date, datetime
from decimal import Decimal

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.table import Table

from assets.importing.cells import Cells, Habits, as_meant
from assets.importing.columns import COLUMNS
from assets.importing.faults import Fault
from assets.importing.looks import look_of, number_as
from assets.importing.reading import Unreadable, read
from assets.importing.sheet import Day, Number
from tests.assets.importing.making import an_imei

pytestmark = pytest.mark.nowhere

HEADINGS = ["email", "serial_number", "imei", "purchase_date", "purchase_price", "notes"]


def a_workbook(*rows, change=lambda book, sheet: None) -> bytes:
    """A workbook as a spreadsheet program saves it: headings and rows."""
    book = Workbook()
    sheet = book.active
    for row in [HEADINGS, *rows]:
        sheet.append(list(row))
    change(book, sheet)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def with_part(content: bytes, **parts) -> bytes:
    """The same file with parts written over: sheet, workbook, styles, or any other by its path."""
    paths = {"sheet": "xl/worksheets/sheet1.xml", "workbook": "xl/workbook.xml", "styles": "xl/styles.xml",
             "strings": "xl/sharedStrings.xml"}  # fmt: skip
    over = {paths.get(name, name): part for name, part in parts.items()}
    if "strings" in parts:
        over["xl/_rels/workbook.xml.rels"] = LINKS
    kept = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(kept, "w", zipfile.ZIP_DEFLATED) as new:
        for name in [*old.namelist(), *(name for name in over if name not in old.namelist())]:
            new.writestr(name, over.get(name, old.read(name) if name in old.namelist() else b""))
    return kept.getvalue()


def a_sheet(rows: str, head="", tail="") -> str:
    """A sheet's own XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    return f'<?xml version="1.0"?>{head}<worksheet xmlns="{main}"><sheetData>{rows}</sheetData>{tail}</worksheet>'


_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
LINKS = (
    f'<r:Relationships xmlns:r="x"><r:Relationship Id="rId1" Type="{_OFFICE}/worksheet" '
    'Target="worksheets/sheet1.xml"/>'
    f'<r:Relationship Id="rId2" Type="{_OFFICE}/sharedStrings" Target="/xl/sharedStrings.xml"/>'
    f'<r:Relationship Id="rId3" Type="{_OFFICE}/externalLink" Target="http://127.0.0.1/x" TargetMode="External"/>'
    "</r:Relationships>"
)
HEAD_ROW = '<row r="1"><c t="inlineStr"><is><t>email</t></is></c><c t="inlineStr"><is><t>notes</t></is></c></row>'


def faults(row):
    return [(fault.code, fault.column) for fault in row.faults]


# What stands in cells


def test_texts_stay_texts_days_are_days_and_numbers_numbers():
    content = a_workbook(
        ["nils.wikstrom@nordvik.example", "0012", an_imei(7), date(2026, 1, 2), 9490.5, "Två\nrader"],
        ["", 12, int(an_imei(8)), datetime(2026, 1, 2, 14, 30), Decimal("411.23"), True],
    )

    sheet = read(content)

    assert (sheet.encoding, sheet.separator, sheet.headings) == ("XLSX", "", HEADINGS)
    first, second = sheet.rows
    assert first.cells == ["nils.wikstrom@nordvik.example", "0012", an_imei(7), "2026-01-02", "9490.5", "Två\nrader"]
    assert second.cells == ["", "12", an_imei(8), "2026-01-02 14:30:00", "411.23", "TRUE"]
    assert [type(cell) for cell in first.cells[3:5]] == [Day, Number]
    assert (first.number, second.number) == (2, 3)


@pytest.mark.parametrize("text", ["=1+1", "+46 70", "-5", "@x", "'=quoted", "12E05", "＝cmd", "  =blank before"])
def test_a_text_that_begins_like_a_formula_is_a_text(text):
    def as_text(book, sheet):
        sheet["F2"].value, sheet["F2"].data_type = text, "s"

    (row,) = read(a_workbook(["a@nordvik.example"], change=as_text)).rows

    assert as_meant(row.cells[5]) == text.strip()
    assert Cells(Habits(), {}).value(COLUMNS["notes"], row.cells[5]) == text.strip()


def test_texts_that_cells_share_come_without_what_tells_how_they_are_read_aloud():
    content = a_workbook(["a@nordvik.example", "S1", "", "", "", "Note"])
    strings = (
        '<sst xmlns="x"><si><r><t>em</t></r><r><t>ail</t></r></si><si><t>serial_number</t><rPh><t>nope</t></rPh></si>'
        "<si><t>_x0041_ &amp; _x005F_x0042_</t></si></sst>"
    )
    rows = (
        '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row r="9"><c r="B9" t="s"><v>2</v></c></row>'
        '<row><c t="s"><v>2</v></c></row>'
    )

    sheet = read(with_part(content, sheet=a_sheet(rows), strings=strings))

    assert sheet.headings == ["email", "serial_number"]
    assert [(row.number, row.cells) for row in sheet.rows] == [(9, ["", "A & _x0042_"]), (10, ["A & _x0042_", ""])]


@pytest.mark.parametrize(
    ("written_as", "look", "reads"),
    [
        ("35000000000008", "", "35000000000008"),
        ("3.51234567890123E+14", "", "351234567890123"),
        ("1.2345678901234568E+16", "", "1.23456789012346E+16"),
        ("411.22999999999996", "", "411.23"),
        ("-12.50", "", "-12.5"),
        ("12", "00000", "00012"),
        ("0.12", "percent", "12%"),
        ("46024", "day", "2026-01-02"),
        ("46024.5", "day", "2026-01-02 12:00:00"),
        ("0.5", "day", "0.5"),
        ("2958466", "day", "2958466"),
        ("-3", "day", "-3"),
        ("1e999999", "", "1e999999"),
        ("NaN", "", "NaN"),
        ("١٢", "", "١٢"),
        ("1E-300", "", "0." + "0" * 299 + "1"),
    ],
)
def test_a_number_is_read_as_it_is_shown(written_as, look, reads):
    assert number_as(look, written_as) == reads


def test_days_may_count_from_1904():
    assert number_as("day", "44562", since_1904=True) == "2026-01-02"


@pytest.mark.parametrize(
    ("code", "look"),
    [
        ("yyyy-mm-dd", "day"), ("[$-41D]d mmm yyyy", "day"), ('"den" d/m/yy', "day"), ("mmm", "day"), ("h:mm", ""),
        ("mm:ss", ""), ("0.00", ""), ('#,##0 "dkr"', ""), ("[Red]0.00", ""), ("General", ""), ("0.0%", "percent"),
        ("00000", "00000"), ("0", ""), ('0" days"', ""),
    ],
)  # fmt: skip
def test_what_a_format_makes_of_a_number(code, look):
    assert look_of(164, code) == look


def test_a_number_with_three_decimals_is_not_taken_for_thousands():
    cells = Cells(Habits(","), {})
    assert cells.value(COLUMNS["purchase_price"], "1.234") == "1234.00"
    with pytest.raises(Fault) as fault:
        cells.value(COLUMNS["purchase_price"], Number("1.234"))
    assert fault.value.code == "decimals"


def test_a_serial_number_that_a_spreadsheet_took_for_a_date_is_asked_for():
    with pytest.raises(Fault) as fault:
        Cells(Habits(), {}).value(COLUMNS["serial_number"], Day("2026-03-05"))
    assert fault.value.code == "made_a_date"


# Formulas, merged cells, hidden rows, empty rows


def test_of_a_formula_the_result_is_read_and_without_one_it_is_asked_for():
    content = a_workbook(["a@nordvik.example"])
    rows = HEAD_ROW + (
        '<row r="2"><c t="str"><f>A9</f><v>worked out</v></c><c><f>1+1</f><v>2</v></c></row>'
        '<row r="3"><c r="B3"><f>1+1</f></c></row><row r="4"><c r="B4" t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
        '<row r="5"><c t="str"><f>""</f><v></v></c><c t="inlineStr"><is><t>x</t></is></c></row>'
    )

    sheet = read(with_part(content, sheet=a_sheet(rows)))

    assert [row.cells for row in sheet.rows] == [["worked out", "2"], ["", ""], ["", "#DIV/0!"], ["", "x"]]
    assert [faults(row) for row in sheet.rows] == [[], [("not_worked_out", "notes")], [("error_cell", "notes")], []]
    assert str(sheet.rows[2].faults[0]).startswith("This cell holds an error: #DIV/0!.")


def test_rows_with_merged_cells_are_refused_and_no_others():
    def merge(_book, sheet):
        sheet.merge_cells("F3:F4")

    rows = [[f"a{n}@nordvik.example", "", "", "", "", f"n{n}"] for n in range(4)]
    sheet = read(a_workbook(*rows, change=merge))

    assert [faults(row) for row in sheet.rows] == [[], [("merged", "notes")], [("merged", "notes")], []]


def test_merged_headings_refuse_the_file():
    with pytest.raises(Unreadable, match="headings has merged cells"):
        read(a_workbook(["a"], change=lambda _book, sheet: sheet.merge_cells("A1:B1")))


def test_hidden_rows_are_read_and_counted_and_empty_ones_passed_over():
    def hide(_book, sheet):
        sheet.row_dimensions[3].hidden = True
        sheet["A6"] = "last@nordvik.example"

    sheet = read(a_workbook(["a@nordvik.example"], ["b@nordvik.example"], [None], ["  "], change=hide))

    assert [(row.number, row.cells[0]) for row in sheet.rows] == [
        (2, "a@nordvik.example"), (3, "b@nordvik.example"), (6, "last@nordvik.example"),
    ]  # fmt: skip
    assert sheet.hidden == 1


def test_headings_may_stand_below_empty_rows():
    def lower(_book, sheet):
        sheet.insert_rows(1, 2)

    sheet = read(a_workbook(["a@nordvik.example"], change=lower))
    assert (sheet.headings, sheet.rows[0].number) == (HEADINGS, 4)


def test_a_table_a_filter_a_chart_and_comments_are_left_aside():
    def decorate(book, sheet):
        sheet.add_table(Table(displayName="T", ref="A1:F2"))
        sheet.auto_filter.ref = "A1:F2"
        book.create_chartsheet("Picture")

    assert read(a_workbook(["a@nordvik.example"], change=decorate)).rows[0].cells[0] == "a@nordvik.example"


# Which sheet


def two_sheets(book, _sheet):
    book["Sheet"].title = "Telefoner"
    for title, rows in {
        "Datorer": [["email"], ["b@nordvik.example"]],
        "Tomt": [],
        "Bara rubriker": [["email"]],
    }.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)


def test_where_several_sheets_hold_rows_all_of_them_are_named():
    content = a_workbook(["a@nordvik.example"], change=two_sheets)

    first, second = read(content), read(content, "Datorer")

    assert (first.name, first.names) == ("Telefoner", ["Telefoner", "Datorer"])
    assert (second.name, second.rows[0].cells) == ("Datorer", ["b@nordvik.example"])
    with pytest.raises(Unreadable, match="no sheet “Tomt” with rows"):
        read(content, "Tomt")


def test_a_sheet_that_hides_is_left_aside():
    def hide(book, sheet):
        two_sheets(book, sheet)
        book["Telefoner"].sheet_state = "hidden"

    assert read(a_workbook(["a@nordvik.example"], change=hide)).names == ["Datorer"]


def test_an_empty_first_sheet_is_passed_over_and_an_empty_workbook_is_said_to_be_empty():
    def empty_first(book, _sheet):
        book.create_sheet("Tom", 0)

    assert read(a_workbook(["a@nordvik.example"], change=empty_first)).name == "Sheet"
    kept = io.BytesIO()
    Workbook().save(kept)
    with pytest.raises(Unreadable, match="is empty"):
        read(kept.getvalue())
    with pytest.raises(Unreadable, match="no rows below"):
        read(a_workbook())


# Files that are something else


def an_archive(**parts) -> bytes:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return kept.getvalue()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (an_archive(**{"fleet.csv": "email\na\n"}), "archive, not a workbook"),
        (an_archive(**{"[Content_Types].xml": "", "word/document.xml": ""}), "archive, not a workbook"),
        (an_archive(mimetype="application/vnd.oasis.opendocument.spreadsheet", content=""), r"\.ods"),
        (an_archive(**{"[Content_Types].xml": "", "xl/workbook.bin": ""}), r"\.xlsb"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, r"\.xls"),
        (b"\xd0\xcf\x11\xe0" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), "protected with a password"),
        (b"<html><table><tr><td>email</td></tr></table></html>", "web page"),
        (b'<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?><Workbook/>', "web page"),
        (an_archive(**{"[Content_Types].xml": "<Types/>", "xl/workbook.xml": "<workbook/>"}), "is damaged"),
        (a_workbook(["a"])[:-300], "is damaged"),
        (b"PK\x03\x04" + b"\0" * 100, "is damaged"),
    ],
)  # fmt: skip
def test_what_is_no_workbook_is_told_what_it_is(content, words):
    with pytest.raises(Unreadable, match=words):
        read(content)


def test_an_archive_whose_parts_are_encrypted_is_refused():
    content = bytearray(a_workbook(["a"]))
    at = -1
    while (at := content.find(b"PK\x01\x02", at + 1)) >= 0:
        content[at + 8] |= 1
    with pytest.raises(Unreadable, match="password|damaged"):
        read(bytes(content))


# Files that were made to harm


def refused(content, words):
    """It is refused with these words, and takes little memory on the way."""
    tracemalloc.start()
    try:
        with pytest.raises(Unreadable, match=words):
            read(content)
        assert tracemalloc.get_traced_memory()[1] < 60_000_000
    finally:
        tracemalloc.stop()


BILLION = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


@pytest.mark.parametrize("head", [BILLION, OUTSIDE, '<!DOCTYPE worksheet SYSTEM "http://127.0.0.1/x.dtd">'])
@pytest.mark.parametrize("part", ["sheet", "strings", "workbook"])
def test_entities_and_document_types_are_refused(head, part):
    content = a_workbook(["a@nordvik.example"])
    body = HEAD_ROW + '<row><c t="inlineStr"><is><t>&e;&b;</t></is></c></row>'
    refused(with_part(content, **{part: a_sheet(body, head=head)}), "is damaged")


def test_a_sheet_that_unpacks_to_gigabytes_is_refused(monkeypatch):
    monkeypatch.setattr("assets.importing.parts.MOST_UNPACKED", 16_000_000)
    row = b'<row><c t="inlineStr"><is><t>' + b"x" * 600_000 + b"</t></is></c></row>"
    kept = io.BytesIO(a_workbook(["a"]))
    with zipfile.ZipFile(kept, "a", zipfile.ZIP_DEFLATED) as book, book.open("xl/worksheets/sheet1.xml", "w") as part:
        part.write(a_sheet(HEAD_ROW).partition("</sheetData>")[0].encode())
        for _n in range(40):  # 24 MB in some 24 kB
            part.write(row)
        part.write(b"</sheetData></worksheet>")
    assert len(kept.getvalue()) < 100_000
    refused(kept.getvalue(), "holds more than can be read")


@pytest.mark.parametrize(
    ("sheet", "words"),
    [
        (a_sheet(HEAD_ROW + f'<row><c t="inlineStr" a="{"x" * 2_000_000}"/></row>'), "holds more than can be read"),
        (a_sheet("<row>" + '<c t="b"><v>1</v></c>' * 16_385 + "</row>"), "columns"),
        (a_sheet(HEAD_ROW + "<x>" * 1_000_000), "holds more than can be read"),
        (a_sheet('<row r="2"/><row r="2"/>'), "is damaged"),
        (a_sheet('<row r="-1"/>'), "is damaged"),
        (a_sheet('<row r="9999999"/>'), "is damaged"),
        (a_sheet("<row><row/></row>"), "is damaged"),
        (a_sheet("<c/>"), "is damaged"),
        (a_sheet('<row><c r="XFE1"/></row>'), "is damaged"),
        (a_sheet('<row><c r="1A"/></row>'), "is damaged"),
        (a_sheet('<row><c t="s"><v>77</v></c></row>'), "is damaged"),
        (a_sheet(HEAD_ROW, tail='<mergeCells><mergeCell ref="A1:B"/></mergeCells>'), "is damaged"),
        (a_sheet(HEAD_ROW * 2 + "<row>"), "is damaged"),
        ("", "is damaged"),
        ("\0\0\0", "is damaged"),
        (a_sheet(HEAD_ROW).encode("utf-16"), "is damaged|no rows below"),
        ('<?xml version="1.0" encoding="UTF-6"?><worksheet/>', "is damaged"),
        ('<?xml version="1.0" encoding="rot13"?><worksheet/>', "is damaged"),
        ('<?xml version="1.0" encoding="big5"?><worksheet/>', "is damaged"),
    ],
)  # fmt: skip
def test_a_sheet_made_to_keep_us_busy_or_to_break_us_is_refused(sheet, words):
    refused(with_part(a_workbook(["a@nordvik.example"]), sheet=sheet), words)


def test_a_cell_of_millions_of_letters_refuses_its_row_and_no_other():
    rows = "".join(
        f'<row><c t="inlineStr"><is><t>{text}</t></is></c></row>' for text in ("x" * 3_000_000, "a@nordvik.example")
    )
    first, second = read(with_part(a_workbook(["a"]), sheet=a_sheet(HEAD_ROW + rows))).rows

    assert [(fault.code, fault.facts) for fault in first.faults] == [("too_long", {"length": 3_000_000})]
    assert (len(first.cells[0]), second.faults) == (2001, [])


def test_empty_rows_are_passed_over_however_many_and_a_row_below_the_last_is_damage():
    with pytest.raises(Unreadable, match="no rows below"):
        read(with_part(a_workbook(["a"]), sheet=a_sheet(HEAD_ROW + "<row/>" * 100_000)))
    with pytest.raises(Unreadable, match="is damaged"):
        read(with_part(a_workbook(["a"]), sheet=a_sheet(HEAD_ROW + '<row r="1048576"/><row/>')))


def test_more_rows_than_a_file_may_have_are_refused():
    rows = '<row><c t="b"><v>1</v></c></row>' * 20_001
    with pytest.raises(Unreadable, match="20,000 rows"):
        read(with_part(a_workbook(["a"]), sheet=a_sheet(HEAD_ROW + rows)))


def test_more_elements_than_a_file_may_have_are_refused(monkeypatch):
    monkeypatch.setattr("assets.importing.parts.MOST_ELEMENTS", 5_000)
    with pytest.raises(Unreadable, match="holds more than can be read"):
        read(with_part(a_workbook(["a"]), sheet=a_sheet(HEAD_ROW + "<row/>" * 5_000)))


def test_huge_styles_are_refused():
    styles = '<styleSheet xmlns="x"><cellXfs>' + '<xf numFmtId="14"/>' * 70_000 + "</cellXfs></styleSheet>"
    refused(with_part(a_workbook(["a"]), styles=styles), "holds more than can be read")


def test_a_sheet_that_is_named_over_and_over_is_not_read_each_time():
    told = "".join(f'<sheet name="Sheet{number}" sheetId="{number}" r:id="rId1"/>' for number in range(60_000))
    names = f'<workbook xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">{told}</workbook>'
    refused(with_part(a_workbook(["a@nordvik.example"]), **{"xl/workbook.xml": names}), "holds more than can be read")


def test_styles_that_all_show_numbers_in_one_odd_way_are_looked_at_once():
    odd = f'<numFmts><numFmt numFmtId="200" formatCode="{"[" * 250}"/></numFmts>'
    many = '<xf numFmtId="200"/>' * 64_000
    styles = f"<styleSheet>{odd}<cellXfs>{many}</cellXfs></styleSheet>"
    before = look_of.cache_info().misses
    assert read(with_part(a_workbook(["a@nordvik.example"]), styles=styles)).rows
    assert look_of.cache_info().misses <= before + 2


def test_ten_thousand_parts_are_refused():
    refused(an_archive(**{f"xl/{n}.xml": "" for n in range(10_000)}), "holds more than can be read")


def test_a_file_that_a_bad_disk_has_changed_is_read_or_refused_in_words():
    whole = a_workbook(["nils.wikstrom@nordvik.example", "S1", an_imei(1), date(2026, 1, 2), 12.5, "=1"])
    plain = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(plain, "w") as new:
        for name in old.namelist():
            new.writestr(name, old.read(name))
    chance = random.Random(5)
    for content in [whole, plain.getvalue()] * 400:
        spoilt = bytearray(content)
        for _n in range(chance.randint(1, 12)):
            spoilt[chance.randrange(4, len(spoilt))] = chance.randrange(256)
        with suppress(Unreadable):
            read(bytes(spoilt))
