"""A cell is read one way or refused with what to write: nothing is guessed (spec 5, reliability 5.15)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.importing.cells import Cells, Habits, decimal_mark, neutral_again, plain_text
from assets.importing.columns import COLUMNS
from assets.importing.faults import WORDS, Fault
from velory.ui.files import neutral

pytestmark = pytest.mark.nowhere
CATEGORIES = {"phones": "phones", "telefoner": "phones"}


def value(code, cell, **habits):
    return Cells(Habits(**habits), CATEGORIES).value(COLUMNS[code], cell)


def refusal(code, cell, **habits):
    with pytest.raises(Fault) as refused:
        value(code, cell, **habits)
    assert refused.value.why
    assert refused.value.help
    return refused.value.code


@pytest.mark.parametrize(
    ("cell", "read"),
    [
        ("2026-11-22", "2026-11-22"),
        (" 2026-11-22 ", "2026-11-22"),
        ("2026-11-22 00:00:00", "2026-11-22"),
        ("2026-11-22T00:00:00", "2026-11-22"),
        ("20261122", "2026-11-22"),
        ("2026/11/22", "2026-11-22"),
        ("2026.11.22", "2026-11-22"),
        ("22.11.2026", "2026-11-22"),
        ("2.3.2027", "2027-03-02"),
        ("22/11/2026", "2026-11-22"),
        ("11/22/2026", "2026-11-22"),
        ("22/11/26", "2026-11-22"),
        ("3/3/2027", "2027-03-03"),
        ("22 nov 2026", "2026-11-22"),
        ("1 maj 2027", "2027-05-01"),
        ("22 November 2026", "2026-11-22"),
        ("29.2.2028", "2028-02-29"),
        ("", ""),
    ],
)
def test_dates(cell, read):
    assert value("renewal_date", cell) == read


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("2/3/27", "ambiguous_date"),
        ("02/03/2027", "ambiguous_date"),
        ("2-3-2027", "ambiguous_date"),
        ("2.3.27", "ambiguous_date"),
        ("29 feb 2027", "no_such_date"),
        ("2027-02-29", "no_such_date"),
        ("31/02/27", "no_such_date"),
        ("31.4.2027", "no_such_date"),
        ("2027-13-01", "date"),
        ("46000", "serial_date"),
        ("0001-01-01", "far_date"),
        ("0000-01-01", "far_date"),
        ("9999-12-31", "far_date"),
        ("10000-01-01", "date"),
        ("1/2/0000", "date"),
        ("27-03-02", "date"),
        ("i morgon", "date"),
        ("２０２７-01-01", "date"),
        ("2026-11-22 08:00", "date"),
    ],
)
def test_dates_that_are_refused(cell, code):
    assert refusal("renewal_date", cell) == code


def test_what_the_admin_says_of_dates_settles_them():
    assert value("renewal_date", "2/3/2027", day_first=True) == "2027-03-02"
    assert value("renewal_date", "2/3/2027", day_first=False) == "2027-02-03"
    assert value("renewal_date", "22/3/2027", day_first=False) == "2027-03-22"


@pytest.mark.parametrize(
    ("cell", "decimal", "read"),
    [
        ("411.23", "", "411.23"),
        ("411,23", "", "411.23"),
        ("9490", "", "9490.00"),
        ("1.234,56", "", "1234.56"),
        ("1,234.56", "", "1234.56"),
        ("1 234,5", "", "1234.50"),
        ("1\u202f234,5", "", "1234.50"),
        ("1 234 567", "", "1234567.00"),
        ("1.234.567", "", "1234567.00"),
        ("9.490", ",", "9490.00"),
        ("9,490", ".", "9490.00"),
        ("0,00", "", "0.00"),
        ("12.50", ",", "12.50"),
    ],
)
def test_amounts(cell, decimal, read):
    assert value("purchase_price", cell, decimal=decimal) == read


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("9.490", "ambiguous_amount"),
        ("9,000", "ambiguous_amount"),
        ("18,990.00.-", "amount"),
        ("9490 kr", "amount"),
        ("NaN", "amount"),
        ("1e309", "amount"),
        ("1,234,56", "amount"),
        ("12,", "amount"),
        ("1.2345", "decimals"),
        ("-1", "negative"),
        ("9" * 40, "big_amount"),
        ("1,5E+05", "shortened"),
    ],
)
def test_amounts_that_are_refused(cell, code):
    assert refusal("purchase_price", cell) == code


def test_the_file_shows_its_decimal_mark_or_both_or_none():
    assert decimal_mark(["9.490", "411,23"]) == ","
    assert decimal_mark(["9,490", "411.23"]) == "."
    assert decimal_mark(["9.490"]) == ""
    assert decimal_mark(["411.23", "411,23"]) == ""
    assert decimal_mark(["411,23", "18,990.00.-", "text"]) == ","


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("358219935181904", "imei_check"),
        ("000000000000000", "imei_check"),
        ("35821993518190", "imei_length"),
        ("3582199351819031", "imei_length"),
        ("3,58E+14", "shortened"),
        ("3.58219935181903E+14", "shortened"),
        ("35821993518190X", "imei_letters"),
    ],
)
def test_an_imei_has_fifteen_digits_of_which_the_last_checks(cell, code):
    assert value("imei", "35-821993-518190-3") == "358219935181903"
    assert refusal("imei", cell) == code


@pytest.mark.parametrize(
    "cell",
    ["=1+1", " =1+1", "@SUM(A1)", "\t=1+1", "\n+1", "＝1+1", "＋1", '=HYPERLINK("http://example.com")'],
)
def test_a_cell_that_starts_a_formula_is_refused(cell):
    for code in ("product_name", "notes", "email", "purchase_price"):
        assert refusal(code, cell) == "formula"


def test_an_apostrophe_makes_a_formula_text_and_is_taken_off():
    assert value("product_name", "'=1+1") == "=1+1"
    assert value("phone", "'+46 70 766 16 19") == "+46 70 766 16 19"
    assert value("last_name", "'t Hooft") == "'t Hooft"


def test_a_phone_number_and_a_remark_may_begin_with_a_sign():
    assert value("phone", "+46 70 766 16 19") == "+46 70 766 16 19"
    assert value("notes", "- repa på locket\n- laddare saknas") == "- repa på locket\n- laddare saknas"


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Zl", "Zp"]) | st.sampled_from("'=+-@\n"), min_size=1
    ).map(str.strip)
)
def test_what_we_export_comes_back_as_it_was(text):
    exported = neutral(text)
    assert not exported.startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert plain_text(exported, lines=True) == unicodedata.normalize("NFC", text.replace("\r", "\n"))


def test_what_is_neutral_already_stays_as_it_is_on_its_way_back():
    assert neutral_again("'=1+1") == "'=1+1"
    assert neutral_again("=1+1") == "'=1+1"
    assert neutral("'=1+1") == "''=1+1"


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("nils", "email"),
        ("nils@", "email"),
        ("nils@nordvik.example, eva@nordvik.example", "email"),
        ("nïls@nordvik.example", "email_letters"),
        ("İ@nordvik.example", "email_letters"),
        ("a" * 300 + "@nordvik.example", "too_wide"),
    ],
)
def test_addresses(cell, code):
    assert value("email", " Nils.Wikstrom@Nordvik.example ") == "nils.wikstrom@nordvik.example"
    assert refusal("email", cell) == code


def test_words_are_known_in_both_languages():
    assert value("user_role", "Inköpsansvarig") == "purchase_manager"
    assert value("user_role", "ADMIN") == "admin"
    assert value("language", "Svenska") == "sv"
    assert value("payor", "Företaget") == "company"
    assert value("contract_type", "Leasing") == "leased"
    assert value("contract_type", "One-off") == "one-off"
    assert value("category", "Telefoner") == "phones"
    assert value("currency", "sek") == "SEK"
    assert value("residual_percent", "12,5 %") == "12.50"
    assert value("contract_months", "036") == "36"


@pytest.mark.parametrize(
    ("code", "cell", "why"),
    [
        ("user_role", "owner", "choice"),
        ("language", "fi", "choice"),
        ("category", "Bilar", "choice"),
        ("payor", "staten", "choice"),
        ("currency", "XYZ1", "currency"),
        ("residual_percent", "101", "percent"),
        ("contract_months", "0", "months"),
        ("contract_months", "36.0", "months"),
        ("serial_number", "1E+15", "shortened"),
        ("serial_number", "x" * 61, "too_wide"),
        ("product_name", "Fair\u202ephone", "control"),
        ("product_name", "Fair\0phone", "control"),
        ("notes", "a\x07b", "control"),
    ],
)
def test_other_cells_that_are_refused(code, cell, why):
    assert refusal(code, cell) == why


def test_letters_are_kept_in_one_form():
    assert value("first_name", "A\u030asa") == "Åsa"
    assert value("first_name", "Zo?") == "Zo?"
    assert value("product_name", "Fairphone\xa0 5") == "Fairphone 5"
    assert value("notes", "\xa0\u2003") == ""


def test_every_fault_has_words_for_why_and_what_helps():
    for code, (why, helps) in WORDS.items():
        assert str(why).endswith("."), code
        assert str(helps).endswith("."), code
