"""Print or write the life of everything that has one. Needs no database."""

import json

from django.core.management.base import BaseCommand, CommandError

from velory.environment import ROOT
from velory.journal.lifelines import as_data, as_document


class Command(BaseCommand):
    help = "Writes docs/lifelines.md; with --format json prints the states and steps instead."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("--format", choices=["markdown", "json"], default="markdown")
        parser.add_argument("--check", action="store_true", help="Compare only; exit status 1 where it differs")

    def handle(self, *, format, check, **options):  # noqa: A002
        if format == "json":
            self.stdout.write(json.dumps(as_data(), ensure_ascii=False, indent=2))
            return
        page = ROOT / "docs" / "lifelines.md"
        fresh = as_document()
        if check and (not page.exists() or page.read_text() != fresh):
            raise CommandError(f"{page.relative_to(ROOT)} is older than the steps: run manage.py lifelines.")
        if not check:
            page.write_text(fresh)
            self.stdout.write(f"{page.relative_to(ROOT)} is written.")
