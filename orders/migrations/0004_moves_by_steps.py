"""What the database itself holds of requests, orders and money: a status moves along a declared step only, a salary
deduction is never rewritten, and giving back to a budget waits for nobody.

The lists are what `velory.journal.edges.edges` gives; a test compares them.
"""

from importlib import import_module

from django.db import migrations

EDGES = {
    "orders.productrequest": [
        ("payment_needed", "approved"),
        ("payment_needed", "withdrawn"),
        ("pending", "approved"),
        ("pending", "payment_needed"),
        ("pending", "rejected"),
        ("pending", "withdrawn"),
    ],
    "orders.order": [
        ("confirmed", "confirmed"),
        ("failed", "called_off"),
        ("failed", "confirmed"),
        ("failed", "queued"),
        ("queued", "called_off"),
        ("queued", "confirmed"),
        ("queued", "failed"),
        ("queued", "sent"),
        ("sent", "confirmed"),
    ],
    "orders.proposeddevice": [
        ("proposed", "accepted"),
        ("proposed", "declined"),
    ],
}
GUARD = """
CREATE FUNCTION orders_moves_by_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE known boolean;
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION '%: version must rise by one', OLD.ref USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.status <> OLD.status THEN
        EXECUTE format(
            'SELECT EXISTS (SELECT 1 FROM %I.journal_edge WHERE machine = $1 AND source = $2 AND target = $3)',
            TG_TABLE_SCHEMA
        ) INTO known USING TG_ARGV[0], OLD.status, NEW.status;
        IF NOT known THEN
            RAISE EXCEPTION '%: no step leads from % to %', OLD.ref, OLD.status, NEW.status
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER request_moves_by_steps BEFORE UPDATE OF status, version ON orders_productrequest
    FOR EACH ROW EXECUTE FUNCTION orders_moves_by_steps('orders.productrequest');
CREATE TRIGGER order_moves_by_steps BEFORE UPDATE OF status, version ON orders_order
    FOR EACH ROW EXECUTE FUNCTION orders_moves_by_steps('orders.order');
CREATE TRIGGER proposal_moves_by_steps BEFORE UPDATE OF status, version ON orders_proposeddevice
    FOR EACH ROW EXECUTE FUNCTION orders_moves_by_steps('orders.proposeddevice');
CREATE TRIGGER deduction_append_only BEFORE UPDATE OR DELETE ON orders_deduction
    FOR EACH ROW EXECUTE FUNCTION orders_ledger_is_append_only();
"""
UNGUARD = """
DROP TRIGGER deduction_append_only ON orders_deduction;
DROP TRIGGER proposal_moves_by_steps ON orders_proposeddevice;
DROP TRIGGER order_moves_by_steps ON orders_order;
DROP TRIGGER request_moves_by_steps ON orders_productrequest;
DROP FUNCTION orders_moves_by_steps();
"""

# Whoever gives back holds a device already; waiting for the person's row, which an order holds while it waits for the
# person's devices, would be a deadlock. Giving back only makes room: it needs no lock.
LOCK = "    PERFORM 1 FROM people_person WHERE id = whose FOR NO KEY UPDATE;\n"
AS_IT_WAS = import_module("orders.migrations.0002_the_ledger_holds").GUARD
HOLDS = AS_IT_WAS[AS_IT_WAS.index("CREATE FUNCTION orders_ledger_holds") : AS_IT_WAS.index("CREATE TRIGGER orders_ledger_holds")]
TAKING = "    SELECT until_at INTO ended FROM orders_grant WHERE id = NEW.grant_id;\n    IF ended"
LATER = HOLDS.replace(LOCK, "").replace(TAKING, LOCK + TAKING).replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")


def know(apps, schema_editor):
    edge = apps.get_model("journal", "Edge")
    edge.objects.bulk_create(
        edge(machine=machine, source=s, target=t) for machine, moves in EDGES.items() for s, t in moves
    )


def forget(apps, schema_editor):
    apps.get_model("journal", "Edge").objects.filter(machine__in=EDGES).delete()


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_from_wish_to_desk"), ("journal", "0002_append_only")]
    operations = [
        migrations.RunPython(know, forget),
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(LATER, HOLDS.replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION")),
    ]
