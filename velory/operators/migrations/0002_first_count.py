"""Companies that stand already are counted for the first time: one row each on the agenda."""

from django.db import migrations

PUT = """
    INSERT INTO public.agenda_due (company_id, kind, ref, due_at, attempts, fault, revision)
    SELECT id, 'operators.figures', 'nightly', now(), 0, '', 1 FROM public.tenancy_company
    ON CONFLICT (company_id, kind, ref) DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("operators", "0001_initial"), ("agenda", "0001_initial"), ("tenancy", "0003_suspended")]
    operations = [migrations.RunSQL(PUT, migrations.RunSQL.noop)]
