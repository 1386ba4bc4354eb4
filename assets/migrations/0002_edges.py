"""The database knows the graph: a status moves along a declared step only, and each change raises the version by one.

The list is what `velory.journal.edges.edges(Device)` gives; a house test compares them.
"""

from django.db import migrations

EDGES = [
    ("active", "active"),
    ("active", "needs_repair"),
    ("active", "pending_buyout"),
    ("active", "preliminary_buyout"),
    ("active", "preliminary_return"),
    ("active", "removed"),
    ("active", "return_pending"),
    ("active", "to_return"),
    ("active", "trade_in"),
    ("backordered", "backordered"),
    ("backordered", "cancelled"),
    ("backordered", "delivered"),
    ("backordered", "not_started"),
    ("backordered", "on_hold"),
    ("backordered", "preparing"),
    ("backordered", "shipped"),
    ("bought_by_employee", "bought_out"),
    ("delivered", "received"),
    ("in_repair", "active"),
    ("in_repair", "recycled"),
    ("needs_repair", "active"),
    ("needs_repair", "in_repair"),
    ("needs_repair", "preliminary_buyout"),
    ("needs_repair", "preliminary_return"),
    ("needs_repair", "removed"),
    ("not_started", "backordered"),
    ("not_started", "cancelled"),
    ("not_started", "delivered"),
    ("not_started", "not_started"),
    ("not_started", "on_hold"),
    ("not_started", "preparing"),
    ("not_started", "shipped"),
    ("on_hold", "backordered"),
    ("on_hold", "cancelled"),
    ("on_hold", "delivered"),
    ("on_hold", "not_started"),
    ("on_hold", "on_hold"),
    ("on_hold", "preparing"),
    ("on_hold", "shipped"),
    ("ordered", "backordered"),
    ("ordered", "cancelled"),
    ("ordered", "delivered"),
    ("ordered", "not_started"),
    ("ordered", "on_hold"),
    ("ordered", "preparing"),
    ("ordered", "shipped"),
    ("pending_buyout", "active"),
    ("pending_buyout", "bought_by_employee"),
    ("pending_buyout", "preliminary_buyout"),
    ("pending_buyout", "preliminary_return"),
    ("preliminary_buyout", "needs_repair"),
    ("preliminary_buyout", "pending_buyout"),
    ("preliminary_buyout", "preliminary_return"),
    ("preliminary_buyout", "removed"),
    ("preliminary_buyout", "return_pending"),
    ("preliminary_buyout", "to_return"),
    ("preliminary_return", "needs_repair"),
    ("preliminary_return", "pending_buyout"),
    ("preliminary_return", "preliminary_buyout"),
    ("preliminary_return", "removed"),
    ("preliminary_return", "return_pending"),
    ("preliminary_return", "to_return"),
    ("preparing", "backordered"),
    ("preparing", "cancelled"),
    ("preparing", "delivered"),
    ("preparing", "not_started"),
    ("preparing", "on_hold"),
    ("preparing", "preparing"),
    ("preparing", "shipped"),
    ("received", "active"),
    ("received", "removed"),
    ("recycled", "active"),
    ("removed", "active"),
    ("return_pending", "active"),
    ("return_pending", "removed"),
    ("return_pending", "returned"),
    ("return_pending", "to_return"),
    ("returned", "removed"),
    ("returned", "trade_in"),
    ("shipped", "delivered"),
    ("shipped", "received"),
    ("to_return", "removed"),
    ("to_return", "returned"),
    ("trade_in", "active"),
    ("trade_in", "returned"),
    ("trade_in", "traded_in"),
]
GUARD = """
CREATE FUNCTION device_moves_by_steps() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE known boolean;
BEGIN
    IF NEW.version <> OLD.version + 1 THEN
        RAISE EXCEPTION 'device %: version must rise by one', OLD.ref USING ERRCODE = 'restrict_violation';
    END IF;
    IF NEW.status <> OLD.status THEN
        EXECUTE format(
            'SELECT EXISTS (SELECT 1 FROM %I.journal_edge WHERE machine = $1 AND source = $2 AND target = $3)',
            TG_TABLE_SCHEMA
        ) INTO known USING 'assets.device', OLD.status, NEW.status;
        IF NOT known THEN
            RAISE EXCEPTION 'device %: no step leads from % to %', OLD.ref, OLD.status, NEW.status
                USING ERRCODE = 'restrict_violation';
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER device_moves_by_steps BEFORE UPDATE OF status, version ON assets_device
    FOR EACH ROW EXECUTE FUNCTION device_moves_by_steps();
"""
UNGUARD = "DROP TRIGGER device_moves_by_steps ON assets_device; DROP FUNCTION device_moves_by_steps();"


def know(apps, schema_editor):
    edge = apps.get_model("journal", "Edge")
    edge.objects.bulk_create(edge(machine="assets.device", source=s, target=t) for s, t in EDGES)


class Migration(migrations.Migration):
    dependencies = [("assets", "0001_initial"), ("journal", "0002_append_only")]
    operations = [migrations.RunPython(know, migrations.RunPython.noop), migrations.RunSQL(GUARD, UNGUARD)]
