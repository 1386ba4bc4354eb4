"""Admins see every payment: what needs them first, sums for each currency by itself, and all of it as a file."""

import csv
import io

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.making import a_person, an_admin
from tests.payments.desk import a_mismatch, a_paid_payment, payments_as_rows, words
from tests.payments.making import a_payee, an_open_attempt
from velory import clock
from velory.payments import matters
from velory.payments.apply import apply
from velory.tenancy.context import inside


@pytest.fixture
def desk(at_their_desk):
    return at_their_desk(an_admin())


def order_of(page, *refs):
    return sorted(refs, key=page.text.index)


def rows_of(answer):
    text = b"".join(answer).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def test_what_needs_an_admin_stands_first_though_it_is_older(stripe, at, desk):
    odd = a_mismatch(stripe)
    at("2026-11-22T09:00")
    paid = a_paid_payment(stripe)
    page = desk.get("/payments/")
    assert order_of(page, paid.ref, odd.ref) == [odd.ref, paid.ref]
    assert words(page).count("Needs an admin") == 1


def test_sums_of_two_currencies_are_never_added(stripe, desk):
    a_paid_payment(stripe, amount="1667.25")
    a_paid_payment(stripe, amount="100.00", currency="EUR")
    a_paid_payment(stripe, amount="5000", currency="JPY")
    text = words(desk.get("/payments/"))
    assert "SEK 1,667.25 SEK" in text
    assert "EUR 100.00 EUR" in text
    assert "JPY 5,000 JPY" in text
    assert "6,767" not in text


def test_sums_follow_the_filters_and_what_went_back(stripe, desk):
    one, other = a_paid_payment(stripe, amount="300.00"), a_paid_payment(stripe, amount="500.00")
    stripe.refund_by_hand(amount=100_00)
    apply(other, at=clock.now())
    assert "SEK 800.00 SEK 100.00 SEK 0.00 SEK 700.00 SEK" in words(desk.get("/payments/"))
    assert "SEK 300.00 SEK 0.00 SEK 0.00 SEK 300.00 SEK" in words(desk.get(f"/payments/?q={one.ref}"))


def test_it_is_found_by_person_reference_and_stripe_s_ids(stripe, desk):
    mine = a_paid_payment(stripe, person=a_person("Karin", "Ström"))
    other = a_paid_payment(stripe, person=a_person("Ebba", "Sjöberg"))
    charge = mine.money.get().provider_id
    for q in ("karin str", mine.ref, mine.ref.lower(), mine.intent_id, mine.session_id, charge):
        page = desk.get("/payments/", {"q": q})
        assert mine.ref in page.text, q
        assert other.ref not in page.text, q


@pytest.mark.parametrize("q", ["ch_nobody", "'; --", "%", "\0", "x" * 5000, "_", "=1+1"])
def test_odd_searches_find_nothing_and_break_nothing(stripe, desk, q):
    a_paid_payment(stripe)
    assert desk.get("/payments/", {"q": q}).status_code == 200


def test_filters_by_state_payee_and_month(stripe, at, desk):
    paid, opened = a_paid_payment(stripe), an_open_attempt(stripe)
    at("2026-12-02T09:00")
    later = a_paid_payment(stripe)
    shown = {
        q: desk.get(f"/payments/?{q}").text for q in ("state=paid", "month=2026-11", "month=2026-12", "payee=nobody")
    }
    assert paid.ref in shown["state=paid"]
    assert opened.ref not in shown["state=paid"]
    assert later.ref not in shown["month=2026-11"]
    assert paid.ref in shown["month=2026-11"]
    assert later.ref in shown["month=2026-12"]
    assert "No payment matches" in shown["payee=nobody"]


@pytest.mark.parametrize(
    "query",
    [
        "month=2026-13",
        "month=0001-01",
        "month=2026-11&month=x",
        "sort=person__password",
        "page=-1",
        "page=1e9",
        "state=%00",
    ],
)
def test_odd_filters_are_passed_over(stripe, desk, query):
    a_paid_payment(stripe)
    assert desk.get(f"/payments/?{query}").status_code == 200


def test_a_month_begins_at_the_company_s_own_midnight(stripe, at, desk):
    at("2026-11-30T23:30")
    november = a_paid_payment(stripe)
    at("2026-12-01T00:30")
    december = a_paid_payment(stripe)
    page = desk.get("/payments/?month=2026-12").text
    assert december.ref in page
    assert november.ref not in page


def test_the_file_has_amounts_a_program_can_read_and_starts_no_formula(stripe, desk):
    paid = a_paid_payment(stripe, amount="1667.25", person=a_person("=HYPERLINK(1)", "+Ström"))
    stripe.refund_by_hand(amount=67_25)
    apply(paid, at=clock.now())
    [row] = rows_of(desk.get("/payments/export/"))
    assert (row["Payment"], row["Currency"], row["Amount"], row["Paid"], row["Refunded"]) == (
        paid.ref, "SEK", "1667.25", "1667.25", "67.25",
    )  # fmt: skip
    assert row["Person"].startswith("'=")
    assert row["Mode"] == "test"


def test_the_file_holds_what_the_filters_leave(stripe, desk):
    a_paid_payment(stripe)
    opened = an_open_attempt(stripe)
    assert [row["Payment"] for row in rows_of(desk.get("/payments/export/?state=open"))] == [opened.ref]


def test_another_company_s_payments_are_nowhere(stripe, desk, saimaa):
    with inside(saimaa):
        payments_as_rows(a_person("Aino", "Korhonen"), 2, currency="EUR")
    for path in ("/payments/", "/payments/export/"):
        answer = desk.get(path)
        text = b"".join(answer).decode() if answer.streaming else answer.text
        assert "Korhonen" not in text
        assert "EUR" not in text.partition("list")[2] or path == "/payments/"
    assert "No payments yet" in desk.get("/payments/").text


def test_payments_that_are_not_set_up_are_said_so_and_break_nothing(settings, desk):
    settings.STRIPE_SECRET_KEY = ""
    payments_as_rows(a_person(), 1)
    assert desk.get("/payments/").status_code == 200
    assert "Payments are not set up on this installation." in words(desk.get("/payments/payees/"))


def test_the_list_costs_the_same_however_long_it_is(stripe, desk):
    payments_as_rows(a_person(), 1)
    desk.get("/payments/")
    with CaptureQueriesContext(connection) as one:
        desk.get("/payments/")
    payments_as_rows(a_person(), 24, currency="EUR")
    a_payee(key="partner/B-1", account="acct_x", name="3 Step IT")
    with CaptureQueriesContext(connection) as many:
        desk.get("/payments/")
    assert len(many) == len(one)


def test_ten_thousand_payments_are_listed_summed_and_written_to_a_file(stripe, desk):
    payments_as_rows(a_person("Karin", "Ström"), 10_000)
    odd = a_mismatch(stripe)
    page = desk.get("/payments/")
    assert "10,001 payments" in words(page) or "10001 payments" in words(page)
    assert odd.ref in page.text
    assert desk.get("/payments/?page=400&sort=amount").status_code == 200
    with CaptureQueriesContext(connection) as captured:
        answer = desk.get("/payments/export/")
        assert b"".join(answer).count(b"\n") == 10_002
    assert len(captured) < 40


def test_the_tab_counts_what_waits(stripe, desk):
    a_mismatch(stripe)
    assert matters.how_many_wait() == 1
    assert "To look at 1" in words(desk.get("/payments/"))
