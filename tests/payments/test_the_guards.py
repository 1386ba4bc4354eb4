"""What the database itself holds of payments, whatever the code does (reliability R7, R13, P4, P6, R38)."""

from itertools import product

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from tests.making import a_person
from tests.payments.making import a_chair, a_payee, an_attempt, an_open_attempt
from velory import clock
from velory.payments.apply import apply
from velory.payments.models import MOVES, Attempt, Money, Refund


def sql(statement, *params):
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, params)


def settled():
    """What waits for the transaction's end is checked now: a table with such checks left takes no change of itself."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")


def refused(statement, *params, why):
    with pytest.raises(DatabaseError, match=why):
        sql(statement, *params)


@pytest.fixture
def paid(stripe):
    attempt = an_open_attempt(stripe, amount="1000.00")
    stripe.pay(attempt.session_url)
    return apply(attempt, at=clock.now())


def raw_refund(attempt, minor, state="due"):
    sql(
        "INSERT INTO payments_refund"
        " (ref, uuid, attempt_id, amount_minor, currency, cause, note, state, why, tries, asked_at) VALUES"
        " (left(gen_random_uuid()::text, 12), gen_random_uuid(), %s, %s, 'SEK', 'by_admin', '', %s, '', 1, now())",
        attempt.pk, minor, state,
    )  # fmt: skip


def raw_money(attempt, kind, minor, id_):
    sql(
        "INSERT INTO payments_money (attempt_id, kind, amount_minor, currency, account, livemode, provider_id, at)"
        " VALUES (%s, %s, %s, 'SEK', 'acct_Nordvik', false, %s, now())",
        attempt.pk, kind, minor, id_,
    )  # fmt: skip


def test_every_move_by_raw_sql_is_one_of_the_table(stripe):
    attempt = an_attempt(stripe)
    settled()
    allowed = set()
    for source, target in product(Attempt.State.values, repeat=2):
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE payments_attempt DISABLE TRIGGER USER")
            cursor.execute(
                "UPDATE payments_attempt SET state = %s, session_id = 'cs_1' WHERE id = %s", [source, attempt.pk]
            )
            cursor.execute("ALTER TABLE payments_attempt ENABLE TRIGGER USER")
        try:
            sql("UPDATE payments_attempt SET state = %s, version = version + 1 WHERE id = %s", target, attempt.pk)
            allowed.add((source, target))
        except DatabaseError:
            pass
    own = {(state, state) for state in Attempt.State.values}
    declared = {(str(source), str(target)) for source, targets in MOVES.items() for target in targets}
    assert allowed - own == declared


def test_a_payments_facts_never_change(stripe):
    attempt = an_attempt(stripe)
    for column, value in (
        ("amount_minor", 1),
        ("amount", 1),
        ("currency", "EUR"),
        ("account", "acct_x"),
        ("livemode", True),
    ):
        refused(
            f"UPDATE payments_attempt SET {column} = %s, version = version + 1 WHERE id = %s", value, attempt.pk,
            why="never changes",
        )  # fmt: skip
    refused("UPDATE payments_attempt SET state = 'expired' WHERE id = %s", attempt.pk, why="version")
    refused("DELETE FROM payments_attempt WHERE id = %s", attempt.pk, why="never deleted")


def test_p6_money_is_never_rewritten(paid):
    refused("UPDATE payments_money SET amount_minor = 1", why="never rewritten")
    refused("DELETE FROM payments_money", why="never rewritten")
    settled()
    refused("TRUNCATE payments_money", why="never rewritten")
    charge = paid.money.get()
    with pytest.raises(IntegrityError):
        raw_money(paid, "charge", 5, charge.provider_id)


def test_r13_no_more_goes_back_than_came_whoever_writes_it(paid):
    raw_refund(paid, 60000)
    refused_refund = "more would go back"
    with pytest.raises(DatabaseError, match=refused_refund):
        raw_refund(paid, 40001)
    raw_refund(paid, 40000, state="failed")
    raw_refund(paid, 40000)
    with pytest.raises(DatabaseError, match=refused_refund):
        raw_refund(paid, 1)
    with pytest.raises(DatabaseError, match=refused_refund):
        raw_refund(paid, 40000, state="succeeded")


def test_r13_a_lost_dispute_and_a_refund_share_what_came(paid):
    raw_money(paid, "dispute", 100000, "dp_1")
    with pytest.raises(DatabaseError, match="more would go back"):
        raw_refund(paid, 1)
    raw_money(paid, "dispute_won", 100000, "dp_1")
    raw_refund(paid, 100000)
    with pytest.raises(DatabaseError, match="more would go back"):
        raw_money(paid, "dispute", 1, "dp_2")


def test_a_refund_goes_one_way_and_is_never_deleted(paid):
    raw_refund(paid, 100, state="succeeded")
    refused("UPDATE payments_refund SET state = 'due'", why="does not move")
    refused("UPDATE payments_refund SET amount_minor = 1", why="never changes")
    refused("DELETE FROM payments_refund", why="never deleted")
    sql("UPDATE payments_refund SET state = 'failed'")
    refused("UPDATE payments_refund SET state = 'succeeded'", why="does not move")


def test_r7_two_open_attempts_about_one_thing_cannot_stand(stripe):
    chair, payee = a_chair(), a_payee(stripe)
    first = an_attempt(stripe, thing=chair, payee=payee)
    twin = Attempt.objects.get(pk=first.pk)
    twin.pk, twin.ref, twin.uuid = None, "A-TWIN", "0b7a5f3e-6a50-4ae3-9f1f-0c6c1a3c8a11"
    with pytest.raises(IntegrityError, match="attempt_open_once"), transaction.atomic():
        twin.save(force_insert=True)


def test_a_refund_with_more_than_is_left_is_refused_with_words(paid):
    from decimal import Decimal

    from velory.journal.reason import Refused
    from velory.payments.refunds import refund

    refund(paid, amount=Decimal("600.00"), reason="A dent", by=a_person(), at=clock.now())
    for amount, words in (
        ("400.01", "No more than 400.00"), ("0", "more than nothing"), ("-1", "more than nothing"),
        ("0.001", "cannot be paid"), ("NaN", "cannot be paid"), ("Infinity", "cannot be paid"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=words):
            refund(paid, amount=Decimal(amount), reason="", by=a_person(), at=clock.now())
    assert Refund.objects.count() == 1
    assert Money.objects.count() == 1
