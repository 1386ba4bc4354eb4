"""One company for all races: opening one takes seconds, emptying it does not."""

from django.db import connection, transaction

from velory.tenancy.models import Company, Domain

ASIDE = "race_aside"


class RaceGround:
    """A company's schema with the rows that it was opened with. Taken, it is a company; put aside, nobody's."""

    def __init__(self, company):
        self.facts = {
            f.attname: getattr(company, f.attname) for f in Company._meta.concrete_fields if not f.primary_key
        }
        self.domain = company.domains.get().domain
        self.schema = company.schema_name
        with connection.cursor() as cursor:
            self.tables = self._named(cursor, "SELECT tablename FROM pg_tables WHERE schemaname = %s")
            self.guarded = self._named(
                cursor,
                "SELECT DISTINCT relname FROM pg_trigger JOIN pg_class c ON c.oid = tgrelid"
                " WHERE NOT tgisinternal AND c.relnamespace = %s::regnamespace",
            )
            self.rows = {table: b"".join(map(bytes, self._copied(cursor, table))) for table in self.tables}

    def _named(self, cursor, query):
        cursor.execute(query, [self.schema])
        return [f'"{self.schema}"."{name}"' for (name,) in cursor.fetchall()]

    def _copied(self, cursor, table):
        with cursor.copy(f"COPY {table} TO STDOUT") as rows:
            yield from rows

    def take(self) -> Company:
        """The company, with a number of its own each time."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f'ALTER SCHEMA "{ASIDE}" RENAME TO "{self.schema}"')
            (company,) = Company.objects.bulk_create([Company(**self.facts)])
            Domain.objects.create(domain=self.domain, tenant=company, is_primary=True)
        return company

    def empty(self):
        """What a test has written is gone, and what the company was opened with is there.

        Few tables have rows at all: those are emptied row by row, which costs a fraction of truncating all of them.
        """
        with transaction.atomic(), connection.cursor() as cursor:
            full = self._with_rows(cursor)
            guarded = [table for table in self.guarded if table in full or self.rows[table]]
            self._say(cursor, "ALTER TABLE {} DISABLE TRIGGER USER", guarded)
            self._say(cursor, "DELETE FROM {}", full)
            for table, rows in self.rows.items():
                if rows:
                    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                        copy.write(rows)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            self._say(cursor, "ALTER TABLE {} ENABLE TRIGGER USER", guarded)

    def _with_rows(self, cursor):
        asked = [f"SELECT '{table}' WHERE EXISTS (SELECT FROM {table})" for table in self.tables]
        cursor.execute(" UNION ALL ".join(asked))
        return {table for (table,) in cursor.fetchall()}

    @staticmethod
    def _say(cursor, statement, tables):
        if tables:
            cursor.execute("; ".join(statement.format(table) for table in tables))

    def put_aside(self):
        """No company is there any more, and no schema of one."""
        with transaction.atomic(), connection.cursor() as cursor:
            Company.objects.filter(slug=self.facts["slug"]).delete()
            cursor.execute(f'ALTER SCHEMA "{self.schema}" RENAME TO "{ASIDE}"')
