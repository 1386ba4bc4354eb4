"""What goes over a budget is deducted from the salary: admins read it by person and month and take it as a file, and
everybody reads their own (spec 3)."""

import csv
import io
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from orders.models import Deduction
from orders.overage import salary
from tests.making import a_person, an_admin
from tests.orders.wishing import LEASED, a_request
from velory import clock

DEAR = {"overage": Decimal(490), "overage_vat": Decimal("122.50")}
BY_THE_MONTH = LEASED | {"overage": Decimal("11.23"), "overage_vat": Decimal("2.81")}


def a_deduction(person, line=None, *, reversed_=False, **facts):
    """A device above somebody's budget, taken from their salary; and no longer, where it was cancelled."""
    request = a_request(line or DEAR, person=person, overage="salary", **facts)
    with transaction.atomic():
        made = salary.deduct(request.lines.get(), at=clock.now())
        return salary.reverse(request.lines.get(), at=clock.now()) if reversed_ else made


@pytest.fixture
def ebba():
    facts = {"employee_number": "1043", "cost_centre": "4100", "language": "en"}
    return a_person("Ebba", "Sjöberg", **facts)


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


def rows_of(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_the_file_has_everything_that_paying_salaries_needs(desk, ebba, at):
    one = a_deduction(ebba)
    at("2026-12-02T08:00")
    a_deduction(ebba, BY_THE_MONTH, reversed_=True)

    answer = desk.get("/deductions/export/?from=2026-11-01&to=2026-12-31")

    assert answer["Content-Disposition"] == 'attachment; filename="salary-deductions-2026-11-01-2026-12-31.csv"'
    rows = rows_of(answer)
    assert rows[0] == {
        "Date": "2026-11-22", "Month": "2026-11", "Kind": "Deducted", "Reference": one.line.cause,
        "Person": "Ebba Sjöberg", "Employee number": "1043", "Cost centre": "4100", "E-mail": ebba.email,
        "Request": one.line.request.ref, "Device": one.line.name, "Device reference": "",
        "Amount incl. VAT": "612.50", "VAT": "122.50", "Currency": "SEK", "Months": "1",
        "File covers from": "2026-11-01", "File covers to": "2026-12-31",
    }  # fmt: skip
    assert [(row["Date"], row["Kind"], row["Amount incl. VAT"], row["VAT"], row["Months"]) for row in rows] == [
        ("2026-11-22", "Deducted", "612.50", "122.50", "1"),
        ("2026-12-02", "Deducted", "14.04", "2.81", "24"),
        ("2026-12-02", "Reversed", "-14.04", "-2.81", "24"),
    ]


def test_no_cell_starts_a_formula(desk):
    a_deduction(a_person("=HYPERLINK(1)", "@x", employee_number="+46", cost_centre="-1"))
    [row] = rows_of(desk.get("/deductions/export/"))
    assert (row["Person"], row["Employee number"], row["Cost centre"]) == ("'=HYPERLINK(1) @x", "'+46", "'-1")


def test_a_file_without_a_first_day_says_until_when(desk, ebba):
    a_deduction(ebba)
    answer = desk.get("/deductions/export/")
    assert 'filename="salary-deductions-until-2026-11-22.csv"' in answer["Content-Disposition"]
    [row] = rows_of(answer)
    assert (row["File covers from"], row["File covers to"]) == ("", "2026-11-22")


@pytest.mark.parametrize(
    ("query", "count"),
    [("", 2), ("?from=2026-11-23", 1), ("?to=2026-11-22", 1), ("?from=2026-11-22&to=2026-12-01", 2),
     ("?from=nonsense", 2), ("?from=9999-12-31", 2), ("?q=Sjöberg", 2), ("?q=Karin", 0), ("?from=2027-01-01", 0)],
)  # fmt: skip
def test_the_list_is_narrowed_by_dates_and_names(desk, ebba, at, query, count):
    a_deduction(ebba)
    at("2026-12-01T08:00")
    a_deduction(ebba)

    page = desk.get(f"/deductions/{query}")

    assert page.context["table"].count == count
    assert len(rows_of(desk.get(f"/deductions/export/{query}"))) == count


def test_sums_stand_for_each_person_with_reversals_taken_off(desk, ebba):
    karin = a_person("Karin", "Lindqvist")
    a_deduction(ebba)
    a_deduction(ebba, BY_THE_MONTH)
    a_deduction(ebba, reversed_=True)
    a_deduction(karin, BY_THE_MONTH)

    page = desk.get("/deductions/")

    assert [(one.person, one.once, one.monthly) for one in page.context["sums"]] == [
        (karin, 0, Decimal("14.04")), (ebba, Decimal("612.50"), Decimal("14.04")),
    ]  # fmt: skip
    text = page.content.decode()
    assert "612.50\xa0SEK" in text
    assert "-612.50\xa0SEK" in text
    assert "a month, 24 months" in text


def test_last_month_is_one_press_away(desk, ebba, at):
    a_deduction(ebba)
    at("2026-12-05T08:00")
    views = desk.get("/deductions/").context["views"]
    assert [view["address"] for view in views] == [
        "/deductions/", "/deductions/?from=2026-12-01&to=2026-12-31", "/deductions/?from=2026-11-01&to=2026-11-30",
    ]  # fmt: skip
    assert desk.get(views[2]["address"]).context["views"][2]["current"]


def test_a_list_is_read_with_as_many_questions_however_long_it_is(desk, ebba, django_assert_num_queries):
    a_deduction(ebba)
    desk.get("/deductions/")
    with django_assert_num_queries(QUERIES):
        desk.get("/deductions/")
    for number in range(3):
        a_deduction(a_person(f"Karin{number}", "Lindqvist"), reversed_=True)
    with django_assert_num_queries(QUERIES):
        desk.get("/deductions/")


QUERIES = 7


def test_everybody_reads_their_own_and_nobody_elses(at_their_desk, ebba):
    one = a_deduction(ebba)
    of_karin = a_deduction(a_person("Karin", "Lindqvist"))

    page = at_their_desk(ebba).get("/store/budget/").content.decode()

    assert "From your salary" in page
    assert one.line.cause in page
    assert of_karin.line.cause not in page
    assert at_their_desk(ebba).get("/deductions/").status_code == 403


def test_without_a_store_there_are_no_deductions(desk, nordvik):
    before, nordvik.features = nordvik.features, ["repair_flow"]
    nordvik.save()
    try:
        assert desk.get("/deductions/").status_code == 404
        assert desk.get("/deductions/export/").status_code == 404
    finally:
        nordvik.features = before
        nordvik.save()


def test_the_database_never_rewrites_one(ebba):
    made = a_deduction(ebba)
    for deed in (f"UPDATE orders_deduction SET amount = 1 WHERE id = {made.pk}",
                 f"DELETE FROM orders_deduction WHERE id = {made.pk}"):  # fmt: skip
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(deed)
    assert Deduction.objects.get().amount == Decimal("612.50")
