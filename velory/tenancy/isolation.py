"""Whether the database keeps the companies apart: read from its catalogue, one sentence for each finding.

A table that stands both in `public` and in a company's schema could be read in the other's place (V4); a schema
that is not built like the others answers differently than the tests have shown; a key across schemas joins what
belongs apart.
"""

from collections import Counter

from django.db import connection

from velory.tenancy.context import outside
from velory.tenancy.models import Company

IN_BOTH = {"django_migrations", "django_content_type"}

PARTS = """
    SELECT 'column ' || c.relname || '.' || a.attname,
           concat_ws(' ', format_type(a.atttypid, a.atttypmod), CASE WHEN a.attnotnull THEN 'not null' END,
                     a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid))
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
    WHERE c.relnamespace = %(schema)s::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm')
  UNION ALL
    SELECT 'constraint ' || conrelid::regclass::text || '.' || conname,
           concat_ws(' ', pg_get_constraintdef(oid), CASE WHEN NOT convalidated THEN 'not validated' END)
    FROM pg_constraint WHERE connamespace = %(schema)s::regnamespace AND conrelid <> 0 AND contype <> 'n'
  UNION ALL
    SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = %(schema)s
  UNION ALL
    SELECT 'trigger ' || c.relname || '.' || t.tgname, concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
    FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
    WHERE c.relnamespace = %(schema)s::regnamespace AND NOT t.tgisinternal
  UNION ALL
    SELECT 'function ' || proname, pg_get_functiondef(oid)
    FROM pg_proc WHERE pronamespace = %(schema)s::regnamespace AND prokind IN ('f', 'p')
"""
ACROSS = """
    SELECT conrelid::regclass::text, conname FROM pg_constraint k
    JOIN pg_class c ON c.oid = k.conrelid JOIN pg_class f ON f.oid = k.confrelid
    WHERE k.contype = 'f' AND c.relnamespace = %(schema)s::regnamespace
    AND f.relnamespace NOT IN (%(schema)s::regnamespace, 'public'::regnamespace)
"""


def findings() -> list[str]:
    """Everything that is not as it should be; empty where all is well."""
    with outside():
        companies = list(Company.objects.exclude(state=Company.State.OPENING).order_by("slug"))
        schemas = _schemas()
        found = list(_schemas_and_companies(companies, schemas))
        companies = [company for company in companies if company.schema_name in schemas]
        for company in companies:
            found += _tables_in_both(company)
            found += _keys_across(company)
        behind = list(Company.objects.behind())
        found += [f"{company.slug}: behind on migrations; run migrate_companies." for company in behind]
        found += _unlike_the_others([company for company in companies if company not in behind])
    return found


def parts_of(schema: str) -> dict[str, str]:
    """How a schema is built: each column, constraint, index, trigger and function with its definition."""
    return {
        name.replace(f"{schema}.", ""): definition.replace(f"{schema}.", "").replace(f"'{schema}'", "''")
        for name, definition in _rows(PARTS, schema=schema)
    }


def _schemas_and_companies(companies, schemas):
    named = {company.schema_name for company in Company.objects.all()}
    yield from (f"{c.slug}: has no schema {c.schema_name}." for c in companies if c.schema_name not in schemas)
    yield from (f"{schema}: belongs to no company." for schema in sorted(schemas - named) if schema.startswith("c_"))


def _tables_in_both(company):
    both = _tables(company.schema_name) & _tables("public") - IN_BOTH
    return [f"{company.slug}: {table} stands in public too." for table in sorted(both)]


def _keys_across(company):
    across = _rows(ACROSS, schema=company.schema_name)
    return [f"{company.slug}: {table}.{name} points into another schema." for table, name in across]


def _unlike_the_others(companies):
    """Each part that is otherwise than in most schemas, or missing, or there alone."""
    built = {company.slug: parts_of(company.schema_name) for company in companies}
    usual = {
        name: Counter(parts.get(name) for parts in built.values()).most_common(1)[0][0]
        for name in sorted(set().union(*built.values()))
    }
    found = []
    for slug, parts in built.items():
        for name, definition in usual.items():
            if parts.get(name) != definition:
                what = (
                    "is missing" if name not in parts else "stands here alone" if definition is None else "is otherwise"
                )
                found.append(f"{slug}: {name} {what}.")
    return found


def _tables(schema):
    rows = _rows("SELECT tablename, '' FROM pg_tables WHERE schemaname = %(schema)s", schema=schema)
    return {table for table, _nothing in rows}


def _schemas():
    return {name for name, _nothing in _rows("SELECT nspname, '' FROM pg_namespace")}


def _rows(sql, **params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()
