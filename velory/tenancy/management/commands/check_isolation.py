"""manage.py check_isolation: one line for each finding; exit status 1 where there is one."""

import sys

from django.core.management.base import BaseCommand

from velory.tenancy.isolation import findings


class Command(BaseCommand):
    help = "Check that the database keeps the companies apart and that every schema is built alike."

    def handle(self, **options):
        found = findings()
        for finding in found:
            self.stdout.write(finding)
        if found:
            sys.exit(1)
        self.stdout.write("Every company stands apart, and every schema is built alike.")
