"""What one transaction of a company does at a time, whatever rows it is about."""

from django.db import connection


def take_turn(at: str) -> None:
    """Wait for whoever has the turn at something in this company, and keep it until the transaction ends."""
    assert connection.in_atomic_block, "take_turn() needs a transaction"
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(current_schema() || ' ' || %s))", [at])
