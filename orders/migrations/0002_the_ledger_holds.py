"""What the database itself holds of budgets: a line is never rewritten, it undoes what it says, and nobody's lines take
more than their budget gives, whoever asks at once (spec 3).

The person's row is the lock: it outlives a change of budget, and lines of the earlier one count on.
"""

from django.db import migrations

GUARD = """
CREATE FUNCTION orders_ledger_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the ledger is append-only' USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER orders_ledger_append_only BEFORE UPDATE OR DELETE ON orders_ledgerline
    FOR EACH ROW EXECUTE FUNCTION orders_ledger_is_append_only();
CREATE TRIGGER orders_ledger_not_emptied BEFORE TRUNCATE ON orders_ledgerline
    FOR EACH STATEMENT EXECUTE FUNCTION orders_ledger_is_append_only();

CREATE FUNCTION orders_ledger_holds() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whose bigint;
    ended timestamptz;
    of_budget bigint;
    undone record;
    given record;
    taken numeric;
BEGIN
    SELECT person_id, until_at, budget_id INTO whose, ended, of_budget FROM orders_grant WHERE id = NEW.grant_id;
    PERFORM 1 FROM people_person WHERE id = whose FOR NO KEY UPDATE;
    IF NEW.undoes_id IS NOT NULL THEN
        SELECT * INTO undone FROM orders_ledgerline WHERE id = NEW.undoes_id;
        IF (NEW.kind, undone.kind) NOT IN (('release', 'reserve'), ('give_back', 'spend'))
            OR (NEW.amount, NEW.grant_id, NEW.category_id, NEW.mode, NEW.currency, NEW.counts_until)
                IS DISTINCT FROM (-undone.amount, undone.grant_id, undone.category_id, undone.mode, undone.currency,
                                  undone.counts_until)
        THEN
            RAISE EXCEPTION 'a line undoes the whole of another, and nothing else' USING ERRCODE = 'check_violation';
        END IF;
        RETURN NULL;
    END IF;
    SELECT until_at INTO ended FROM orders_grant WHERE id = NEW.grant_id;
    IF ended IS NOT NULL THEN
        RAISE EXCEPTION 'the budget is not theirs any more' USING ERRCODE = 'check_violation';
    END IF;
    SELECT allowance.amount, allowance.mode, budget.currency INTO given
      FROM orders_allowance AS allowance JOIN orders_budget AS budget ON budget.id = allowance.budget_id
     WHERE allowance.budget_id = of_budget AND allowance.category_id = NEW.category_id;
    IF NOT FOUND OR (given.mode, given.currency) IS DISTINCT FROM (NEW.mode, NEW.currency) THEN
        RAISE EXCEPTION 'the budget gives nothing of this kind' USING ERRCODE = 'check_violation';
    END IF;
    IF given.amount IS NULL THEN
        RETURN NULL;
    END IF;
    SELECT coalesce(sum(line.amount), 0) INTO taken
      FROM orders_ledgerline AS line JOIN orders_grant AS g ON g.id = line.grant_id
     WHERE g.person_id = whose AND line.category_id = NEW.category_id AND line.mode = NEW.mode
       AND line.currency = NEW.currency AND line.counts_until > NEW."on";
    IF given.amount + taken < 0 THEN
        RAISE EXCEPTION 'more would be taken (%) than the budget gives (%)', -taken, given.amount
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER orders_ledger_holds AFTER INSERT ON orders_ledgerline
    FOR EACH ROW EXECUTE FUNCTION orders_ledger_holds();
"""
UNGUARD = """
DROP TRIGGER orders_ledger_holds ON orders_ledgerline;
DROP FUNCTION orders_ledger_holds();
DROP TRIGGER orders_ledger_append_only ON orders_ledgerline;
DROP TRIGGER orders_ledger_not_emptied ON orders_ledgerline;
DROP FUNCTION orders_ledger_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("orders", "0001_tables")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
