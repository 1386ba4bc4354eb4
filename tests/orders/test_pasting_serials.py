"""Twenty serial numbers at once: what is right is taken, what is wrong stays in the box with its reason."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from orders.models import ProposedDevice
from orders.reports.pasting import MOST_ROWS, cells_of, rows_of
from tests.making import a_device
from tests.orders.reporting import a_sent_order, devices
from tests.orders.test_the_distributors_page import fields_of, path_of

IMEIS = ["356877800639438", "490154203237518"]


@pytest.fixture
def paste(client):
    """Pastes into an order's page and presses the button."""

    def pasted(order, text, **more):
        path = path_of(order)
        sent = fields_of(client.get(path).content.decode()) | {"number": "SO-1", "paste": text} | more
        return client.post(path, sent)

    return pasted


def serials(order):
    return [device.serial for device in devices(order).values()]


def test_twenty_with_one_bad_nineteen_are_taken(paste):
    a_device(serial="SN000007")
    order = a_sent_order(20)
    answer = paste(order, "\n".join(f"SN{n:06}" for n in range(1, 21)))
    html = answer.content.decode()

    assert answer.status_code == 422
    assert "19 rows were saved. 1 was not: it stands in the box below." in " ".join(html.split())
    assert "Another device of the company has this number already." in html
    assert 'name="paste"' in html
    assert ">SN000007</textarea>" in html
    assert serials(order) == [f"SN{n:06}" if n != 7 else "" for n in range(1, 21)]

    corrected = fields_of(html) | {"paste": "SN000077"}
    assert paste(order, "SN000077").status_code == 303
    assert corrected["number"] == "SO-1"
    assert serials(order)[6] == "SN000077"


def test_what_is_too_much_at_once_stays_in_the_box_and_says_so():
    rows = rows_of("\n".join(f"SN{n:06}" for n in range(MOST_ROWS + 1)), [])
    assert [row.number for row in rows if row.fault] == [MOST_ROWS + 1]
    assert rows[-1].fault == "200 rows at once are the most. Paste this one again afterwards."


def test_lines_serials_and_imeis_between_any_marks(paste):
    order = a_sent_order(2)
    text = f"Line;Serial number;IMEI\n2;R5CX0002;{IMEIS[1]}\n1\tR5CX0001\t{IMEIS[0]}\n"
    assert paste(order, text).status_code == 303
    assert serials(order) == ["R5CX0001", "R5CX0002"]
    assert [device.imei for device in devices(order).values()] == IMEIS


def test_a_file_is_read_as_what_is_pasted(paste):
    order = a_sent_order(2)
    file = SimpleUploadedFile("serials.csv", '\ufeff"1","R5CX0001"\r\n"2","R5CX0002"\r\n'.encode(), "text/csv")
    assert paste(order, "", file=file).status_code == 303
    assert serials(order) == ["R5CX0001", "R5CX0002"]


def test_a_spreadsheet_is_no_csv(paste):
    order = a_sent_order()
    answer = paste(order, "", file=SimpleUploadedFile("serials.xlsx", b"PK\x03\x04" + b"0" * 100))
    assert answer.status_code == 422
    assert "This is no CSV file" in answer.content.decode()


def test_one_too_many_and_an_unknown_line_become_proposed_devices(paste):
    order = a_sent_order(2)
    assert paste(order, "SN000001\nSN000002\nSN000003\n9,SN000009").status_code == 303
    assert serials(order) == ["SN000001", "SN000002"]
    assert sorted(ProposedDevice.objects.values_list("serial", flat=True)) == ["SN000003", "SN000009"]
    assert paste(order, "SN000001\nSN000002\nSN000003").status_code == 303
    assert ProposedDevice.objects.count() == 2


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("1,R5CX0001,356877800639439", "check digit"),
        ("1,R5CX0001,1,2", "with commas between them"),
        ("A,B,C", "begins with the number of a line"),
        ("356877800639438", "This is an IMEI"),
        ("R5", "too short"),
        ("1,,356877800639438,", ""),
        ("1,", "begins"),
    ],
)
def test_each_row_says_what_is_wrong(paste, row, words):
    order = a_sent_order(2)
    answer = paste(order, row)
    if words and words != "begins":
        assert answer.status_code == 422
        assert words in answer.content.decode()
        assert row in answer.content.decode()
    assert serials(order) == ["", ""]


def test_the_same_number_twice_is_taken_once(paste):
    order = a_sent_order(3)
    answer = paste(order, "SN000001\nsn000001\nSN000003")
    assert answer.status_code == 422
    assert "Row 1 has the same number." in answer.content.decode()
    assert serials(order) == ["SN000001", "", "SN000003"]


def test_a_field_above_that_says_something_else_is_not_overruled(paste):
    order = a_sent_order()
    answer = paste(order, "1,SN000002", **{"line-1-serial": "SN000001"})
    assert answer.status_code == 422
    assert "Line 1 says something else above." in answer.content.decode()
    assert serials(order) == ["SN000001"]


def test_wrong_fields_keep_the_paste_and_the_file(paste):
    order = a_sent_order(2)
    file = SimpleUploadedFile("serials.csv", b"2,SN000002")
    answer = paste(order, "1,SN000001", number="", file=file)
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "1,SN000001\n2,SN000002" in html
    assert serials(order) == ["", ""]


def test_cells_stand_between_tabs_semicolons_commas_or_blanks():
    for row in ("1\tSN 1\t3568", "1;SN 1;3568", "1, SN 1 ,3568"):
        assert cells_of(row) == ["1", "SN 1", "3568"]
    assert cells_of("1 SN1 3568") == ["1", "SN1", "3568"]
    assert cells_of("SN1") == ["SN1"]
