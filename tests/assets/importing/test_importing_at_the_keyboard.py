"""An admin uploads a file, matches its columns, sees what it would do, and applies exactly that."""

import csv
import io
from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook

from assets.importing.models import Import
from assets.models import Device
from tests.assets.importing.making import a_device_row, a_file, a_person_row, an_imei, many_rows
from tests.making import a_device, a_person, an_admin
from velory.agenda import book
from velory.people.models import Person, Role


def a_messy_file() -> bytes:
    """Windows-1252, semicolons, decimal commas, an unknown column and a fault of each kind; two rows are good."""

    def row(**cells):
        return {"Färg": "svart"} | cells

    return a_file(
        row(**a_person_row(location="Luleå") | a_device_row(imei=an_imei(1), purchase_price="6 990,50")),
        row(**a_device_row(device_id="D-2", serial_number="S2", imei="358219935181904", space="Mötesrum Ängen")),
        row(**a_device_row(device_id="D-3", space="Mötesrum Ängen")),
        row(**a_device_row(device_id="D-4", serial_number="S4", notes='=HYPERLINK("http://example.com")')),
        row(**a_device_row(device_id="D-5", serial_number="S5", renewal_date="29.2.2027")),
        row(**a_device_row(device_id="D-6", serial_number="S6", notes="x" * 2_000_000)),
        row(**a_device_row(device_id="D-7", serial_number="S7", purchase_price="1.290", space="Mötesrum Ängen")),
        separator=";",
        encoding="cp1252",
    )


def upload(browser, content, name="fleet.csv"):
    return browser.post("/imports/", {"file": SimpleUploadedFile(name, content, "text/csv")})


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


def match_as_proposed(desk, an_import, **changes):
    fields = {f"column_{place}": code for place, code in enumerate(an_import.mapping)}
    return desk.post(f"/imports/{an_import.ref}/columns/", fields | changes)


def test_from_upload_to_result(desk, at):
    sent = upload(desk, a_file(a_person_row() | a_device_row()))
    an_import = Import.objects.get()
    assert (sent.status_code, sent["Location"]) == (303, f"/imports/{an_import.ref}/")

    page = desk.get(sent["Location"]).content.decode()
    assert "Preview of the import" in page
    assert "Apply 1 row" in page
    assert not Device.objects.exists()

    confirmed = desk.post(f"/imports/{an_import.ref}/apply/", {"plan": an_import.plan_digest})
    assert confirmed.status_code == 303
    page = desk.get(confirmed["Location"]).content.decode()
    assert 'hx-trigger="every 2s"' in page
    assert "0 of 1 rows" in page

    book.dispatch(at=at.moment, apart_too=True)
    page = desk.get(confirmed["Location"]).content.decode()
    assert "Result of the import" in page
    assert "Go to the overview" in page
    assert 'hx-trigger="every' not in page.split('id="import"')[1]
    assert Device.objects.get().holder.email == "nils.wikstrom@nordvik.example"
    assert "1 created, 0 changed, 0 unchanged, 0 refused" in desk.get("/imports/").content.decode()


@pytest.mark.parametrize(
    "content",
    [
        b"email,first_name\r\nni\0ls@nordvik.example,Ni\0ls\r\n\0,\0\r\n",
        b"email,first\0name,\0\r\nnils@nordvik.example,Nils,\0\r\n",
        b"\xff\xfe" + "email,first_name\r\n".encode("utf-16-le") + b"\x00\xd8\x00\x00" * 3,
        b"email,first_name\r\n\xff@nordvik.example,\x81\x8d\r\n",
    ],
)
def test_what_no_database_can_keep_is_refused_in_words(desk, content):
    sent = upload(desk, content)
    assert sent.status_code == 303
    an_import = Import.objects.get()
    while an_import.state == Import.State.UPLOADED:
        assert match_as_proposed(desk, an_import).status_code == 303
        an_import = Import.objects.get()
    for place in ("", "columns/", "rows/refused/", "refused.csv"):
        assert desk.get(f"/imports/{an_import.ref}/{place}").status_code == 200
    assert not Person.objects.filter(email__startswith="ni").exclude(email="nils@nordvik.example").exists()


def test_a_messy_file_is_refused_row_by_row_and_what_is_good_is_in(desk, at):
    sent = upload(desk, a_messy_file())
    an_import = Import.objects.get()
    assert desk.get(sent["Location"])["Location"] == f"/imports/{an_import.ref}/columns/"
    page = desk.get(f"/imports/{an_import.ref}/columns/").content.decode()
    assert "Färg" in page
    assert "Windows-1252, semicolon" in page
    assert match_as_proposed(desk, an_import).status_code == 303

    page = desk.get(sent["Location"]).content.decode()

    for words in (
        "This IMEI has a wrong check digit.",
        "Row 2 has the same value.",
        "This cell starts a formula.",
        "There is no such day: 2027-02-29.",
        "This cell holds 2000000 characters",
        "decimal comma",
        "Färg",
    ):
        assert words in page, words
    an_import = Import.objects.get()
    assert [row.verdict for row in an_import.rows.order_by("number")] == ["created", *["refused"] * 5, "created"]
    desk.post(f"/imports/{an_import.ref}/apply/", {"plan": an_import.plan_digest})
    book.dispatch(at=at.moment, apart_too=True)
    devices = Device.objects.order_by("number").values_list(
        "number", "holder__location__name", "space__name", "purchase_price"
    )
    assert [(*rest, str(price)) for *rest, price in devices] == [
        ("D-00001", "Luleå", None, "6990.50"),
        ("D-7", None, "Mötesrum Ängen", "1290.00"),
    ]


def test_refused_rows_come_back_as_a_file_that_can_be_corrected_and_imported(desk, at):
    upload(desk, a_messy_file())
    an_import = Import.objects.get()
    match_as_proposed(desk, an_import)

    response = desk.get(f"/imports/{an_import.ref}/refused.csv")

    assert response["Content-Disposition"] == 'attachment; filename="fleet-refused.csv"'
    body = response.content.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(body, newline=""), delimiter=";"))
    assert [row["device_id"] for row in rows] == ["D-2", "D-3", "D-4", "D-5", "D-6"]
    assert rows[0]["reason"] == "imei: This IMEI has a wrong check digit. Compare it with *#06# on the phone."
    assert rows[2]["notes"] == '\'=HYPERLINK("http://example.com")'
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())

    corrected = body.replace("358219935181904", an_imei(2)).encode()
    again = desk.get(upload(desk, corrected)["Location"], follow=True)
    assert again.context["counts"]["devices"] == {"created": 3, "changed": 0, "unchanged": 0, "refused": 2}


def test_a_heading_chosen_twice_is_told_at_its_place(desk):
    upload(desk, b"email,first_name,last_name,Mer\na@nordvik.example,A,B,C\n")
    an_import = Import.objects.get()

    page = match_as_proposed(desk, an_import, column_3="first_name")

    assert page.status_code == 422
    assert "“first_name” is already First name. A column can stand here once." in page.content.decode()
    assert Import.objects.get().state == "uploaded"


def test_a_file_without_anything_that_identifies_is_asked_about(desk):
    sent = upload(desk, b"first_name,last_name\nA,B\n")

    an_import = Import.objects.get()
    assert desk.get(sent["Location"])["Location"] == f"/imports/{an_import.ref}/columns/"
    page = match_as_proposed(desk, an_import)
    assert page.status_code == 422
    assert "Say which column holds the e-mail" in page.content.decode()


def test_which_comes_first_in_a_date_is_asked_and_settled(desk):
    upload(desk, a_file(a_device_row(renewal_date="2/3/2027")))
    an_import = Import.objects.get()
    assert an_import.counts["devices"]["refused"] == 1

    match_as_proposed(desk, an_import, day_first="day")

    assert Import.objects.get().rows.get().plan["device"]["facts"]["renewal_date"] == "2027-03-02"


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "The submitted file is empty|The file is empty"),
        (b"email\n", "headings but no rows"),
        (b"PK\x03\x04 a workbook", "This workbook is damaged"),
        (b"<html>", "This is a web page"),
        (b"email\n" + b"x" * (10 * 1024 * 1024), "larger than 10 MB"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_leaves_nothing(desk, content, words):
    page = upload(desk, content)

    assert page.status_code == 422
    assert any(word in page.content.decode() for word in words.split("|"))
    assert not Import.objects.exists()


def test_a_body_that_is_far_too_large_is_answered_before_it_is_read(desk):
    page = desk.generic("POST", "/imports/", b"", "multipart/form-data; boundary=x", CONTENT_LENGTH=str(10**9))

    assert page.status_code == 413
    assert "larger than 10 MB" in page.content.decode()


def test_a_page_that_is_not_the_latest_applies_nothing(desk):
    sent = upload(desk, a_file(a_person_row()))
    an_import = Import.objects.get()
    match_as_proposed(desk, an_import, column_1="")

    page = desk.post(f"{sent['Location']}apply/", {"plan": an_import.plan_digest})

    assert page.status_code == 409
    assert Import.objects.get().state == "previewed"
    assert Person.objects.count() == 1


def test_pressing_apply_twice_applies_once(desk, at):
    sent = upload(desk, a_file(a_person_row()))
    plan = {"plan": Import.objects.get().plan_digest}

    answers = [desk.post(f"{sent['Location']}apply/", plan).status_code for _press in range(2)]

    assert answers == [303, 409]


def test_a_discarded_import_is_forgotten(desk):
    sent = upload(desk, a_file(a_person_row()))

    assert desk.post(f"{sent['Location']}discard/").status_code == 303

    an_import = Import.objects.get()
    assert (an_import.state, bytes(an_import.content), an_import.rows.count()) == ("discarded", b"", 0)
    assert an_import.file_name not in desk.get("/imports/").content.decode().split("Earlier imports")[1]
    assert desk.post(f"{sent['Location']}discard/").status_code == 409


def test_a_large_file_is_read_in_the_background(desk, at, monkeypatch):
    monkeypatch.setattr("assets.importing.models.an_import.SMALL", 10)

    sent = upload(desk, a_file(*many_rows(12)))

    page = desk.get(sent["Location"]).content.decode()
    assert "12 rows are checked against what is here" in page
    book.dispatch(at=at.moment, apart_too=True)
    assert "Apply 12 rows" in desk.get(sent["Location"]).content.decode()


def test_changes_show_before_and_after_in_the_readers_language(at_their_desk, at):
    a_device(a_person("Eva", "Müller"), number="D-1", payor="employee", renewal_on=date(2027, 1, 11))
    desk = at_their_desk(an_admin(language="en"))

    sent = upload(desk, a_file({"device_id": "D-1", "payor": "company", "renewal_date": "2026-12-11"}))
    (row,) = desk.get(sent["Location"]).context["changed"]

    assert row.changes == [("Renewal date", "11 Jan 2027", "11 Dec 2026"), ("Payor", "Employee", "Company")]


def test_rows_are_shown_page_by_page(desk):
    sent = upload(desk, a_file(*many_rows(130)))

    assert "Show all 130 created rows" in desk.get(sent["Location"]).content.decode()
    assert "1 to 100 of 130" in desk.get(f"{sent['Location']}rows/created/").content.decode()
    assert desk.get(f"{sent['Location']}rows/created/?page=2").status_code == 200
    for verdict in ("changed", "unchanged", "refused"):
        assert desk.get(f"{sent['Location']}rows/{verdict}/?page=9abc").status_code == 200


def test_an_empty_file_with_every_heading_can_be_had_and_is_known(desk):
    response = desk.get("/imports/headings.csv")

    assert response.content.decode().startswith("email,first_name,last_name,user_role")
    assert "headings but no rows" in upload(desk, response.content).content.decode()


# Who may

ADDRESSES = ["", "columns/", "rows/created/", "refused.csv"]


def test_only_admins_import(desk, at_their_desk, client):
    sent = upload(desk, a_file(a_person_row()))

    for person in (a_person(), a_person(role=Role.PURCHASE_MANAGER)):
        browser = at_their_desk(person)
        assert browser.get("/imports/").status_code == 403
        assert upload(browser, a_file(a_person_row())).status_code == 403
        assert {browser.get(sent["Location"] + end).status_code for end in ADDRESSES} == {403}
        assert browser.post(sent["Location"] + "apply/").status_code == 403
    assert client.get(sent["Location"])["Location"].startswith("/account/login/")
    assert Import.objects.count() == 1


def test_another_companys_import_is_not_here(desk, at_their_desk, saimaa):
    from django.db import connection

    from velory.tenancy.context import current_company

    ours = current_company()
    sent = upload(desk, a_file(a_person_row()))
    connection.set_tenant(saimaa)
    theirs = at_their_desk(an_admin(), host="saimaa.localhost")

    assert {theirs.get(sent["Location"] + end).status_code for end in ADDRESSES} == {404}
    assert theirs.post(sent["Location"] + "apply/", {"plan": "x"}).status_code == 404
    assert theirs.post(sent["Location"] + "discard/").status_code == 404
    connection.set_tenant(ours)
    assert Import.objects.get().state == "previewed"


def test_a_form_without_our_token_is_refused(at_their_desk):
    browser = at_their_desk(an_admin())
    browser.handler.enforce_csrf_checks = True

    assert upload(browser, a_file(a_person_row())).status_code == 403
    assert not Import.objects.exists()


@pytest.mark.parametrize("ref", ["M-NONE", "1", "M-" + "A" * 300])
def test_an_import_that_does_not_exist(desk, ref):
    assert desk.get(f"/imports/{ref}/").status_code == 404


@pytest.mark.parametrize(
    "name", ["../../etc/passwd", "a\r\nSet-Cookie: x.csv", "<script>.csv", "x" * 300 + ".csv", '".csv']
)
def test_a_files_name_is_only_a_name(desk, name):
    sent = upload(desk, a_file(a_person_row()), name=name)

    page = desk.get(sent["Location"])
    assert page.status_code == 200
    assert "<script>.csv" not in page.content.decode()
    assert "\n" not in desk.get(sent["Location"] + "refused.csv")["Content-Disposition"]


def test_what_the_hardware_page_exports_comes_back_and_changes_nothing(desk, at):
    rows = [row | {"team": "'=Sales", "notes": "'-"} for row in many_rows(8)]
    upload(desk, a_file(*rows, a_device_row(space="Vinga", serial_number="", product_name="'@home")))
    an_import = Import.objects.get()
    desk.post(f"/imports/{an_import.ref}/apply/", {"plan": an_import.plan_digest})
    book.dispatch(at=at.moment, apart_too=True)
    a_device(a_person(), number="", serial="", purchase_price="1234.50", leased=True)
    assert Person.objects.filter(team__name="=Sales").count() == 8

    exported = b"".join(desk.get("/hardware/export/").streaming_content)
    page = desk.get(upload(desk, exported)["Location"])

    assert page.context["counts"]["devices"] == {"created": 0, "changed": 0, "unchanged": 10, "refused": 0}
    assert page.context["counts"]["people"] == {"created": 0, "changed": 0, "unchanged": 9, "refused": 0}


# Workbooks


def a_book(**sheets) -> bytes:
    """A workbook with sheets of rows, the headings first."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


PHONES = [["serial_number", "product_name", "category"], ["S1", "Fairphone 5", "Phones"]]
COMPUTERS = [["Serienr", "product_name", "category"], ["S2", "Dell Latitude 7450", "Computers"], ["S3", "", "Nonsense"]]


def test_a_workbook_is_uploaded_as_a_file_of_text_is(desk, at):
    sent = upload(desk, a_book(Phones=PHONES), "fleet.xlsx")
    page = desk.get(sent["Location"]).content.decode()
    assert "Apply 1 row" in page
    assert "XLSX" in page
    desk.post(f"{sent['Location']}apply/", {"plan": Import.objects.get().plan_digest})
    book.dispatch(at=at.moment, apart_too=True)
    assert Device.objects.get().serial == "S1"


def test_which_sheet_is_meant_is_asked_and_what_is_refused_goes_back_as_a_workbook(desk):
    sent = upload(desk, a_book(Phones=PHONES, Empty=[], Computers=COMPUTERS), "fleet.xlsx")
    columns = desk.get(sent["Location"])["Location"]
    page = desk.get(columns).content.decode()
    assert "Several sheets of the workbook hold rows." in page
    assert [name for name in ("Phones", "Empty", "Computers") if f'value="{name}"' in page] == ["Phones", "Computers"]

    assert desk.post(columns, {"read_sheet": "1", "sheet": "Empty"}).status_code == 422
    assert desk.post(columns, {"read_sheet": "1", "sheet": "Computers"}).status_code == 303
    an_import = Import.objects.get()
    assert (an_import.sheet_name, an_import.total, an_import.headings[0]) == ("Computers", 2, "Serienr")

    match_as_proposed(desk, an_import)
    page = desk.get(sent["Location"]).content.decode()
    assert "XLSX, sheet “Computers”" in page
    assert "Refused rows as XLSX" in page
    refused = desk.get(f"{sent['Location']}refused.csv")
    sheet = load_workbook(io.BytesIO(b"".join(refused.streaming_content))).active
    assert [cell.value for cell in sheet[1]] == ["Serienr", "product_name", "category", "reason"]
    assert [cell.value for cell in sheet[2]][:3] == ["S3", None, "Nonsense"]


def test_another_sheet_may_be_read_after_the_preview_and_a_stale_one_is_not_applied(desk):
    sent = upload(desk, a_book(Phones=PHONES, Computers=COMPUTERS), "fleet.xlsx")
    match_as_proposed(desk, Import.objects.get())
    before = Import.objects.get().plan_digest
    desk.post(f"{sent['Location']}columns/", {"read_sheet": "1", "sheet": "Computers"})
    assert desk.post(f"{sent['Location']}apply/", {"plan": before}).status_code == 409
    assert not Device.objects.exists()


def test_rows_that_a_filter_hides_are_read_and_that_is_said(desk):
    content = load_workbook(io.BytesIO(a_book(Phones=[*PHONES, ["S9", "Fairphone 5", "Phones"]])))
    content.active.row_dimensions[3].hidden = True
    kept = io.BytesIO()
    content.save(kept)
    sent = upload(desk, kept.getvalue(), "fleet.xlsx")
    assert "1 hidden row is read too" in desk.get(sent["Location"]).content.decode()


def test_last_days_come_in_a_workbook_too(desk):
    person = a_person("Nils", "Persson")
    rows = [["email", "last_employment_date"], [person.email, date(2027, 1, 31)]]
    sent = desk.post("/people/leaving/import/", {"file": SimpleUploadedFile("leavers.xlsx", a_book(Leavers=rows))})
    assert sent.status_code == 303
    page = desk.get(sent["Location"]).content.decode()
    assert "Apply 1 row" in page
