"""Ask every registered invariant, in every company."""

from django.core.management.base import BaseCommand

from velory.journal.invariants import findings
from velory.journal.management.every_company import in_every_company


class Command(BaseCommand):
    help = "Each finding on a line; exit status 1 where there is one."

    def add_arguments(self, parser):
        parser.add_argument("--company", help="Its slug; every ready company if none is named")

    def handle(self, *, company=None, **options):
        in_every_company(self, findings, only=company)
