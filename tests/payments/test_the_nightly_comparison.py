"""Every night ours and Stripe's are held side by side (reliability R17)."""

from datetime import timedelta

import pytest
from django.db import connection

from tests.payments.making import ACCOUNT, a_payee, an_open_attempt
from tests.payments.test_money_that_goes_back import a_paid_attempt
from velory import clock
from velory.agenda.models import Due
from velory.demo.stripe.knobs import Fault
from velory.payments import agenda, nightly
from velory.payments.models import Comparison, Finding, Money, Refund


@pytest.fixture(autouse=True)
def an_hour_later(stripe, monkeypatch):
    """Nothing is too young to be compared."""
    monkeypatch.setattr(nightly, "SETTLES", timedelta(minutes=-10))


def compare():
    return nightly.compare(ACCOUNT, at=clock.now())


def lose(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_money DISABLE TRIGGER USER")
        cursor.execute(sql, params)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE payments_money ENABLE TRIGGER USER")


def a_charge_by_hand(stripe, **marks):
    """Somebody charged a card on the account, past us."""
    stranger = stripe.client().v1.checkout.sessions.create(
        {
            "mode": "payment", "success_url": "https://nordvik.example/", "payment_intent_data": {"metadata": marks},
            "line_items": [{"quantity": 1, "price_data": {
                "currency": "sek", "unit_amount": 9900, "product_data": {"name": "A chair"}}}],
        },
        {"stripe_account": ACCOUNT},
    )  # fmt: skip
    stripe.pay(stranger.url)
    return stripe.charges()[-1]["id"]


def test_where_all_agrees_nothing_is_found(stripe):
    a_paid_attempt(stripe)
    an_open_attempt(stripe)
    comparison = compare()
    assert (comparison.compared, comparison.findings.count(), comparison.fault) == (1, 0, "")


def test_r17_what_one_side_knows_alone_is_reported(stripe, nordvik, caplog):
    kept, lost = a_paid_attempt(stripe), a_paid_attempt(stripe)
    gone = lost.money.get().provider_id
    lose("DELETE FROM payments_money WHERE attempt_id = %s", lost.pk)
    unknown = a_charge_by_hand(stripe, velory_company=str(nordvik.uuid))
    foreign = a_charge_by_hand(stripe)

    comparison = compare()

    found = {finding.provider_id: finding for finding in comparison.findings.all()}
    assert set(found) == {gone, unknown}
    assert found[gone].explained_at, "read again from Stripe, and put right"
    assert found[gone].attempt == lost
    assert lost.money.get().provider_id == gone
    assert (found[unknown].kind, found[unknown].theirs_minor, found[unknown].explained_at) == (
        "theirs_only",
        9900,
        None,
    )
    assert foreign not in found, "what the account's owner does besides is not ours to see"
    assert list(Finding.objects.unexplained()) == [found[unknown]]
    assert "nothing explains" in caplog.text
    assert kept.money.count() == 1


def test_r17_what_stripe_does_not_know_is_reported(stripe):
    attempt = a_paid_attempt(stripe)
    Money.objects.create(
        attempt=attempt, kind="charge", amount_minor=100, currency="SEK", account=ACCOUNT, livemode=False,
        provider_id="ch_invented", at=clock.now(),
    )  # fmt: skip
    found = compare().findings.get(provider_id="ch_invented")
    assert (found.kind, found.ours_minor, found.theirs_minor) == ("ours_only", 100, None)


def test_r17_other_amounts_are_reported(stripe):
    attempt = a_paid_attempt(stripe)
    lose("UPDATE payments_money SET amount_minor = 99900 WHERE attempt_id = %s", attempt.pk)
    found = compare().findings.get()
    assert (found.kind, found.what, found.ours_minor, found.theirs_minor) == ("differs", "charge", 99900, 100000)


def test_a_refund_that_nobody_told_us_of_is_found_and_put_right(stripe):
    attempt = a_paid_attempt(stripe)
    stripe.client().v1.refunds.create(
        {"payment_intent": attempt.intent_id, "amount": 5000}, {"stripe_account": ACCOUNT}
    )  # fmt: skip
    found = compare().findings.get()
    assert (found.what, found.ours_minor, found.theirs_minor) == ("refund", 0, 5000)
    assert found.explained_at
    assert Refund.objects.get().cause == "at_stripe"


def test_again_in_the_next_night_nothing_is_reported_twice(stripe, nordvik, at):
    a_paid_attempt(stripe)
    a_charge_by_hand(stripe, velory_company=str(nordvik.uuid))
    compare()
    compare()
    at(clock.now() + timedelta(days=1))
    compare()
    assert Finding.objects.count() == 1
    assert Comparison.objects.count() == 2


def test_an_account_that_stripe_does_not_answer_for_is_reported_as_such(stripe):
    a_paid_attempt(stripe)
    stripe.knobs.faults.append(Fault("*", times=0, status=503, stored=False))
    assert compare().fault == "Unreachable"


def test_every_night_it_is_on_the_agenda(stripe, nordvik, at):
    a_paid_attempt(stripe)
    due = Due.objects.get(company=nordvik, kind=agenda.COMPARE)
    assert clock.local_date(due.due_at) == clock.local_date(clock.now()) + timedelta(days=1)
    at(due.due_at)
    agenda.compare_with_stripe("nightly", due.due_at)
    assert Comparison.objects.get().account == ACCOUNT
    assert Due.objects.get(company=nordvik, kind=agenda.COMPARE).due_at == due.due_at + timedelta(days=1)


def test_an_account_that_a_payee_has_left_is_still_compared(stripe):
    a_paid_attempt(stripe)
    payee = a_payee()
    payee.account = ""
    payee.save()
    agenda.compare_with_stripe("nightly", clock.now())
    assert Comparison.objects.get().account == ACCOUNT
