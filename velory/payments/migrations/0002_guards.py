"""What the database itself holds of payments: which way a payment moves, that money is never rewritten, and that no
more goes back than came, whoever asks at once (reliability R13, P4, P6).

MOVES is what stands in velory/payments/models/attempt.py; a test compares them.
"""

from django.db import migrations

MOVES = [
    ("creating", "expired"),
    ("creating", "mismatch"),
    ("creating", "open"),
    ("creating", "paid"),
    ("creating", "refund_due"),
    ("creating", "superseding"),
    ("expired", "mismatch"),
    ("expired", "paid"),
    ("expired", "refund_due"),
    ("mismatch", "expired"),
    ("mismatch", "refunded"),
    ("open", "expired"),
    ("open", "mismatch"),
    ("open", "paid"),
    ("open", "refund_due"),
    ("open", "superseding"),
    ("paid", "refunded"),
    ("refund_due", "refunded"),
    ("refunded", "refund_due"),
    ("superseding", "expired"),
    ("superseding", "mismatch"),
    ("superseding", "paid"),
    ("superseding", "refund_due"),
]
VALUES = ", ".join(f"('{source}', '{target}')" for source, target in MOVES)

GUARD = f"""
CREATE FUNCTION payments_attempt_moves() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a payment is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.uuid, NEW.kind, NEW.subject_ref, NEW.account, NEW.livemode, NEW.amount, NEW.amount_minor, NEW.currency)
        IS DISTINCT FROM
       (OLD.uuid, OLD.kind, OLD.subject_ref, OLD.account, OLD.livemode, OLD.amount, OLD.amount_minor, OLD.currency)
    THEN
        RAISE EXCEPTION 'what a payment is for, and how much, never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'a payment''s version rises by one at each change' USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.state <> OLD.state AND (OLD.state, NEW.state) NOT IN (VALUES {VALUES}) THEN
        RAISE EXCEPTION 'a payment does not move from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_attempt_moves BEFORE UPDATE OR DELETE ON payments_attempt
    FOR EACH ROW EXECUTE FUNCTION payments_attempt_moves();

CREATE FUNCTION payments_money_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'money that moved is never rewritten' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER payments_money_append_only BEFORE UPDATE OR DELETE ON payments_money
    FOR EACH ROW EXECUTE FUNCTION payments_money_is_append_only();
CREATE TRIGGER payments_money_not_emptied BEFORE TRUNCATE ON payments_money
    FOR EACH STATEMENT EXECUTE FUNCTION payments_money_is_append_only();

CREATE FUNCTION payments_refund_moves() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    steps CONSTANT text[] := ARRAY['due', 'pending', 'succeeded', 'failed'];
BEGIN
    IF TG_OP = 'DELETE' THEN
        RAISE EXCEPTION 'a refund is never deleted' USING ERRCODE = 'restrict_violation';
    END IF;
    IF (NEW.uuid, NEW.attempt_id, NEW.amount_minor, NEW.currency)
        IS DISTINCT FROM (OLD.uuid, OLD.attempt_id, OLD.amount_minor, OLD.currency)
    THEN
        RAISE EXCEPTION 'of what a refund is, and how much, never changes' USING ERRCODE = 'restrict_violation';
    END IF;
    IF array_position(steps, NEW.state::text) < array_position(steps, OLD.state::text) THEN
        RAISE EXCEPTION 'a refund does not move from % to %', OLD.state, NEW.state USING ERRCODE = 'restrict_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER payments_refund_moves BEFORE UPDATE OR DELETE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_refund_moves();

CREATE FUNCTION payments_no_more_back_than_came() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    captured bigint;
    disputed bigint;
    asked bigint;
    moved bigint;
BEGIN
    PERFORM 1 FROM payments_attempt WHERE id = NEW.attempt_id FOR UPDATE;
    SELECT coalesce(sum(amount_minor) FILTER (WHERE kind = 'charge'), 0),
           coalesce(sum(amount_minor) FILTER (WHERE kind = 'dispute'), 0)
             - coalesce(sum(amount_minor) FILTER (WHERE kind = 'dispute_won'), 0),
           coalesce(sum(amount_minor) FILTER (WHERE kind = 'refund'), 0)
             - coalesce(sum(amount_minor) FILTER (WHERE kind = 'refund_failed'), 0)
      INTO captured, disputed, moved
      FROM payments_money WHERE attempt_id = NEW.attempt_id;
    SELECT coalesce(sum(amount_minor), 0) INTO asked
      FROM payments_refund WHERE attempt_id = NEW.attempt_id AND state <> 'failed';
    IF greatest(asked, moved) + disputed > captured THEN
        RAISE EXCEPTION 'more would go back (% asked, % moved, % disputed) than came (%)', asked, moved, disputed, captured
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER payments_refund_within AFTER INSERT OR UPDATE ON payments_refund
    FOR EACH ROW EXECUTE FUNCTION payments_no_more_back_than_came();
CREATE TRIGGER payments_money_within AFTER INSERT ON payments_money
    FOR EACH ROW EXECUTE FUNCTION payments_no_more_back_than_came();
"""
UNGUARD = """
DROP TRIGGER payments_attempt_moves ON payments_attempt;
DROP FUNCTION payments_attempt_moves();
DROP TRIGGER payments_money_append_only ON payments_money;
DROP TRIGGER payments_money_not_emptied ON payments_money;
DROP FUNCTION payments_money_is_append_only();
DROP TRIGGER payments_refund_moves ON payments_refund;
DROP FUNCTION payments_refund_moves();
DROP TRIGGER payments_refund_within ON payments_refund;
DROP TRIGGER payments_money_within ON payments_money;
DROP FUNCTION payments_no_more_back_than_came();
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
