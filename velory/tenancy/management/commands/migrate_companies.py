"""manage.py migrate_companies: the platform's tables, then every company that is behind.

Can be stopped and started again at any moment: a company counts as done once its schema has every migration of this
code. One that fails stays closed (503) and is named; the others go on.
"""

import sys
from contextlib import contextmanager

from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection

from velory.tenancy.context import outside
from velory.tenancy.models import Company
from velory.tenancy.opening import migrate

LOCK = 7_262_001


@contextmanager
def one_at_a_time():
    """Wait for another of these to end. On a connection of its own, because migrating closes the usual one."""
    own = connection.copy()
    own.set_schema_to_public()
    try:
        with own.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        yield
    finally:
        own.close()


class Command(BaseCommand):
    help = "Bring the platform's tables and every company's schema up to this code's migrations."

    def add_arguments(self, parser):
        parser.add_argument("--company", metavar="S", help="only the company with this short name")

    def handle(self, *, company=None, **options):
        with one_at_a_time(), outside():
            failed = self.bring_up(company)
        if failed:
            sys.exit(1)

    def bring_up(self, slug) -> int:
        """Migrate what is behind; returns how many companies failed."""
        self.say("Platform tables …")
        call_command("migrate_schemas", shared=True, verbosity=0, interactive=False)
        behind = Company.objects.behind().order_by("opened_at")
        behind = list(behind.filter(slug=slug) if slug else behind)
        failed = 0
        for number, company in enumerate(behind, 1):
            self.say(f"{company.slug} ({number} of {len(behind)}) …")
            try:
                migrate(company)
            except Exception as fault:  # noqa: BLE001 - the others must not wait for this one
                failed += 1
                connection.set_schema_to_public()
                self.stderr.write(f"{company.slug} could not be migrated: {type(fault).__name__}: {fault}")
        done = f"{len(behind) - failed} of {len(behind)} companies were brought up to date."
        self.say(done if behind else "Every company is up to date.")
        return failed

    def say(self, words):
        """Tell at once how far it is."""
        self.stdout.write(words)
        self.stdout.flush()
