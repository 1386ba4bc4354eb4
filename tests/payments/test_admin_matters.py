"""What Velory cannot settle by itself waits for an admin, in words, until somebody says what came of it."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.making import a_person, an_admin
from tests.payments.desk import a_failed_refund, a_finding, a_mismatch, a_paid_payment, words
from tests.payments.making import an_open_attempt, now
from velory import clock
from velory.journal.models import Entry
from velory.journal.reason import Refused
from velory.payments import matters
from velory.payments.apply import apply
from velory.payments.models import Finding, Look, Refund
from velory.payments.nightly import compare
from velory.payments.refunds import refund
from velory.post.models import Letter


@pytest.fixture
def admin():
    return an_admin()


@pytest.fixture
def desk(at_their_desk, admin):
    return at_their_desk(admin)


def say(desk, code, key, note="Spoke with 3 Step IT"):
    return desk.post(f"/payments/attention/{code}/{key}/", {"note": note})


def waiting_at_home(desk):
    text = words(desk.get("/"))
    return text.partition("Waiting for you")[2]


def test_nothing_waits_where_all_is_well(stripe, desk):
    a_paid_payment(stripe)
    assert "Nothing to look at" in words(desk.get("/payments/attention/"))
    assert "Payments that do not match" not in waiting_at_home(desk)


# A mismatch


def test_a_mismatch_says_what_differs_and_what_to_do(stripe, desk):
    odd = a_mismatch(stripe)
    text = words(desk.get("/payments/attention/"))
    assert f"{odd.ref} does not match" in text
    assert "Amount to pay 1,667.25 SEK 1,667.26 SEK" in text
    assert "What to do: Compare both" in text
    assert "1 Payments that do not match" in waiting_at_home(desk)
    assert "Amount to pay 1,667.25 SEK 1,667.26 SEK" in words(desk.get(f"/payments/{odd.ref}/record/"))


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ({"currency": "eur"}, "Currency SEK EUR"),
        ({"livemode": True}, "Mode test live"),
        ({"amount_total": None}, "Amount to pay 1,667.25 SEK –"),
        ({"client_reference_id": "<script>"}, "Payment that it names"),
    ],
)
def test_each_difference_reads_as_a_line(stripe, desk, change, line):
    attempt = an_open_attempt(stripe)
    stripe.change(attempt.session_id, **change)
    apply(attempt, at=clock.now())
    page = desk.get("/payments/attention/")
    assert line in words(page)
    assert "<script>" not in page.text.partition("What differs")[2]


def test_looked_at_it_waits_no_longer_and_the_log_says_by_whom(stripe, desk, admin):
    odd = a_mismatch(stripe)
    assert say(desk, "mismatch", odd.ref).status_code == 303
    assert matters.how_many_wait() == 0
    assert now(odd).state == "mismatch"
    [look] = Look.objects.all()
    assert (look.by, look.note) == (admin, "Spoke with 3 Step IT")
    [entry] = Entry.objects.about(odd)
    assert entry.sentence == f"{admin} looked at what did not match: Spoke with 3 Step IT"
    assert "Spoke with 3 Step IT" in words(desk.get("/log/"))


def test_two_admins_at_once_and_one_of_them_says_it(stripe, desk, admin):
    odd = a_mismatch(stripe)
    say(desk, "mismatch", odd.ref)
    assert say(desk, "mismatch", odd.ref, "Again").status_code == 404
    with pytest.raises(Refused, match="already"):
        matters.look_at_mismatch(odd, note="Again", by=admin, at=clock.now())
    assert Look.objects.count() == 1


def test_a_mismatch_that_comes_back_waits_again(stripe, at, desk):
    odd = a_mismatch(stripe)
    desk.post(f"/payments/{odd.ref}/record/close/", {"note": "No money came"})
    at("2026-11-22T12:00")
    stripe.change(odd.session_id, status="open")
    stripe.pay(odd.session_url)
    apply(odd, at=clock.now())
    assert now(odd).state == "mismatch"
    assert matters.mismatches().get() == odd
    assert Letter.objects.filter(template="payments/mismatch").count() == 2


def test_an_admin_hears_of_a_mismatch_once_in_their_own_language(stripe):
    an_admin(language="sv")
    odd = a_mismatch(stripe)
    for _look in range(3):
        apply(odd, at=clock.now())
    [letter] = Letter.objects.filter(template="payments/mismatch")
    assert letter.language == "sv"
    assert letter.context == {"payment": odd.ref}


# A refund that failed


def test_a_failed_refund_is_still_owed_until_it_is_settled(stripe, desk, admin):
    paid = a_paid_payment(stripe, person=a_person("Karin", "Ström"))
    failed = a_failed_refund(stripe, paid)
    text = words(desk.get("/payments/attention/"))
    assert "1,667.25 SEK did not get back to Karin Ström" in text
    assert "The money is still owed" in text
    assert "1 Refunds that failed" in waiting_at_home(desk)
    assert say(desk, "refund", failed.ref, "Paid with the salary").status_code == 303
    settled = Refund.objects.get(pk=failed.pk)
    assert (settled.settled_by, settled.state) == (admin, "failed")
    assert matters.how_many_wait() == 0
    assert "settled refund" in words(desk.get(f"/payments/{paid.ref}/record/"))
    with pytest.raises(Refused):
        matters.settle_refund(failed, note="Again", by=admin, at=clock.now())


def test_a_refund_that_has_not_failed_is_not_settled(stripe, desk, admin):
    paid = a_paid_payment(stripe)
    owed = refund(paid, amount=paid.amount, reason="", by=admin, at=clock.now())
    assert say(desk, "refund", owed.ref).status_code == 404
    with pytest.raises(Refused):
        matters.settle_refund(owed, note="x", by=admin, at=clock.now())


# A dispute


def test_a_dispute_waits_until_it_is_decided(stripe, desk):
    paid = a_paid_payment(stripe, person=a_person("Karin", "Ström"))
    dispute = stripe.dispute()
    apply(paid, at=clock.now())
    assert "1,667.25 SEK is disputed" in words(desk.get("/payments/attention/"))
    assert "1 Disputed payments" in waiting_at_home(desk)
    stripe.decide_dispute(dispute, won=True)
    apply(paid, at=clock.now())
    assert matters.how_many_wait() == 0


def test_or_until_an_admin_has_looked_at_it(stripe, desk):
    paid = a_paid_payment(stripe)
    dispute = stripe.dispute()
    apply(paid, at=clock.now())
    assert say(desk, "dispute", dispute["id"]).status_code == 303
    assert matters.how_many_wait() == 0
    assert say(desk, "dispute", "dp_nobody").status_code == 404


def test_a_dispute_of_another_payment_is_not_looked_at_through_this_one(stripe, admin):
    paid, other = a_paid_payment(stripe), a_paid_payment(stripe)
    dispute = stripe.dispute()
    apply(other, at=clock.now())
    with pytest.raises(Refused):
        matters.look_at_dispute(paid, dispute["id"], note="x", by=admin, at=clock.now())


# A finding of the nightly comparison


def test_a_finding_stands_with_both_amounts_until_it_is_explained(stripe, desk, admin):
    finding = a_finding(stripe)
    text = words(desk.get("/payments/attention/"))
    assert "Stripe knows of a payment that Velory does not know." in text
    assert "Amount – 50.00 SEK" in text
    assert "1 not explained" in words(desk.get("/payments/comparisons/"))
    assert say(desk, "finding", finding.provider_id, "A test by 3 Step IT").status_code == 303
    explained = Finding.objects.get()
    assert (explained.explained_by, explained.explanation) == (admin, "A test by 3 Step IT")
    report = words(desk.get("/payments/comparisons/"))
    assert "All explained" in report
    assert "A test by 3 Step IT" in report


def test_a_night_where_all_agrees_says_so(stripe, desk):
    paid = a_paid_payment(stripe)
    stripe.clock.push(hours=1)
    compare(paid.account, at=clock.now())
    assert "Everything agrees" in words(desk.get("/payments/comparisons/"))


def test_a_night_where_stripe_was_silent_says_so(stripe, desk):
    paid = a_paid_payment(stripe)
    stripe.fails("GET /v1/charges*", times=0)
    compare(paid.account, at=clock.now())
    assert "Could not be compared" in words(desk.get("/payments/comparisons/"))


def test_the_page_costs_the_same_however_much_waits(stripe, desk):
    def cost():
        with CaptureQueriesContext(connection) as captured:
            assert desk.get("/payments/attention/").status_code == 200
        return len(captured)

    a_mismatch(stripe)
    a_failed_refund(stripe, a_paid_payment(stripe))
    cost()
    few = cost()
    for _more in range(2):
        a_mismatch(stripe, person=a_person())
        a_failed_refund(stripe, a_paid_payment(stripe, person=a_person()))
    assert cost() == few


# Whoever says it


@pytest.mark.parametrize("note", ["", "   ", "x" * 301])
def test_something_has_to_be_said(stripe, desk, note):
    odd = a_mismatch(stripe)
    assert say(desk, "mismatch", odd.ref, note).status_code == 422
    assert matters.how_many_wait() == 1


def test_what_is_said_is_shown_as_text(stripe, desk):
    odd = a_mismatch(stripe)
    say(desk, "mismatch", odd.ref, '<img src=x onerror="1"> {{ 7*7 }} =1+1')
    page = desk.get(f"/payments/{odd.ref}/record/").text
    assert "<img src=x" not in page
    assert "{{ 7*7 }}" in page


def test_only_admins_say_it(stripe, at_their_desk, client):
    odd = a_mismatch(stripe)
    assert say(at_their_desk(a_person()), "mismatch", odd.ref).status_code == 403
    assert say(client, "mismatch", odd.ref).status_code == 302
    assert matters.how_many_wait() == 1


@pytest.mark.parametrize("path", ["nothing/A-1", "mismatch/A-222222", "mismatch/x", "finding/0", "refund/F-222222"])
def test_what_does_not_wait_is_not_there(stripe, desk, path):
    assert desk.get(f"/payments/attention/{path}/").status_code == 404
