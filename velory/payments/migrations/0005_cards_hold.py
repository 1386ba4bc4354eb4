"""What the database itself holds of saved cards: they move along CARD_MOVES, their owner and account never change, and
one that is forgotten never comes back. Which card an attempt charges never changes either.

The pairs are CARD_MOVES of velory/payments/models/card.py; a test compares them.
"""

from importlib import import_module

from django.db import migrations

MOVES = [
    ("saving", "not_saved"),
    ("saving", "saved"),
    ("not_saved", "saved"),
    ("saved", "forgetting"),
    ("saved", "forgotten"),
    ("forgetting", "forgotten"),
]
VALUES = ", ".join(f"('{source}', '{target}')" for source, target in MOVES)
GUARD = f"""
CREATE FUNCTION payments_card_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a card is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.uuid, NEW.person_id, NEW.payee_id, NEW.account, NEW.livemode)
        IS DISTINCT FROM (OLD.uuid, OLD.person_id, OLD.payee_id, OLD.account, OLD.livemode)
    THEN
        RAISE EXCEPTION 'whose a card is never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'a card''s version rises by one at each change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (VALUES {VALUES}) THEN
        RAISE EXCEPTION 'a card does not move from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_card_moves BEFORE UPDATE OR DELETE ON payments_card
    FOR EACH ROW EXECUTE FUNCTION payments_card_moves();
"""
UNGUARD = """
DROP TRIGGER payments_card_moves ON payments_card;
DROP FUNCTION payments_card_moves();
"""

BEFORE = import_module("velory.payments.migrations.0002_guards").GUARD
START, END = BEFORE.index("CREATE FUNCTION payments_attempt_moves"), BEFORE.index("CREATE TRIGGER payments_attempt_moves")
AS_IT_WAS = BEFORE[START:END].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")
WITH_CARD = AS_IT_WAS.replace("NEW.amount_minor, NEW.currency)", "NEW.amount_minor, NEW.currency, NEW.card_id)").replace(
    "OLD.amount_minor, OLD.currency)", "OLD.amount_minor, OLD.currency, OLD.card_id)"
)


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_saved_cards")]
    operations = [migrations.RunSQL(GUARD, UNGUARD), migrations.RunSQL(WITH_CARD, AS_IT_WAS)]
