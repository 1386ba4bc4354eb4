"""manage.py check_archive FILE: is an exported company's archive whole? Counts rows and compares every sum."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from velory.archive.checking import NotAnArchive, check


class Command(BaseCommand):
    help = "Compare an archive with its own manifest. Exit status 0 where all holds, each finding on a line."
    requires_system_checks = []

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path, help="the archive that was downloaded")

    def handle(self, file, **options):
        try:
            says, findings = check(file)
        except NotAnArchive as wrong:
            raise CommandError(str(wrong)) from wrong
        for finding in findings:
            self.stdout.write(finding)
        if findings:
            sys.exit(1)
        company, files = says["company"], says["files"]
        self.stdout.write(
            f"{company['name']}, {says['snapshot_at']}: {len(says['tables'])} tables with {says['rows']} rows and "
            f"{files['count']} files are whole."
        )
