"""A messy file, from the upload to what came of it: matched, seen, applied, and the refused rows in a file (spec 5)."""

import pytest

from tests.assets.importing.making import a_device_row, a_file, a_person_row
from tests.journeys.test_the_external_path import words

pytestmark = pytest.mark.browser

CASES = [
    pytest.param("nils.wikstrom@nordvik.example", "wide", "light", "en", "E", id="in English, wide, light"),
    pytest.param("orjan.jensen@nordvik.example", "narrow", "dark", "sv", "S", id="in Swedish, narrow, dark"),
]


def a_messy_file(mark):
    """One good row, and a few that are not; Windows-1252, semicolons, a column that nobody knows."""
    device = a_device_row(device_id=f"D-9{mark}001", serial_number=f"MESSY{mark}1", space="Mötesrum Ängen")
    return a_file(
        device | {f"Färg {mark}": "svart", "purchase_price": "6 990,50", "imei": "", "notes": "Repa på locket"},
        device | {"device_id": f"D-9{mark}002"},
        device | {"device_id": f"D-9{mark}003", "serial_number": f"MESSY{mark}3", "imei": "358219935181904"},
        device | {"device_id": f"D-9{mark}004", "serial_number": f"MESSY{mark}4", "notes": "=1+1"},
        device | {"device_id": f"D-9{mark}005", "serial_number": f"MESSY{mark}5", "notes": "x" * 2_000_000},
        a_person_row(),
        separator=";",
        encoding="cp1252",
    )


@pytest.mark.parametrize(("admin", "size", "theme", "language", "mark"), CASES)
def test_from_the_upload_to_what_came_of_it(visitor, tmp_path, admin, size, theme, language, mark):
    someone = visitor(size=size, theme=theme, language=language).sign_in(admin)
    page = someone.page
    file = tmp_path / f"fleet-{mark}.csv"
    file.write_bytes(a_messy_file(mark))

    someone.go("/imports/")
    page.set_input_files("input[type=file]", file)
    someone.look("imports")
    page.get_by_role("button", name=words(language, "Upload and look")).click()

    page.get_by_role("heading", name=words(language, "Match the columns"), level=1).wait_for()
    someone.look("import-columns")
    page.get_by_role("button", name=words(language, "Preview the import")).click()

    page.get_by_role("heading", name=words(language, "Preview of the import"), level=1).wait_for()
    assert page.locator("dl dd span:first-child").all_inner_texts() == ["1", "0", "1", "4"]
    assert page.get_by_text(words(language, "This IMEI has a wrong check digit.")).is_visible()
    someone.look("import-preview")
    page.locator("form button.btn-primary").click()

    page.get_by_role("heading", name=words(language, "Result of the import"), level=1).wait_for(timeout=30_000)
    assert page.locator("dl dd span:first-child").all_inner_texts() == ["1", "0", "1", "4"]
    someone.look("import-result")
    with page.expect_download() as download:
        page.get_by_role("link", name=words(language, "Refused rows as CSV")).click()
    assert download.value.path().read_text(encoding="utf-8-sig").count("\n") == 5

    someone.go(f"/hardware/?q=MESSY{mark}")
    assert page.locator("tbody tr").count() == 1
