"""`manage.py import_fleet --company nordvik fleet.csv`: people and devices from a file, as on the screens."""

import json
from pathlib import Path

from django.core.management import BaseCommand, CommandError
from django.utils import translation

from assets.importing.applying import apply_all
from assets.importing.columns import COLUMNS
from assets.importing.models import Import
from assets.importing.reading import MOST_BYTES, Unreadable
from assets.importing.verdicts import VERDICTS
from velory import clock
from velory.agenda import book
from velory.tenancy.context import inside
from velory.tenancy.models import Company


class Command(BaseCommand):
    help = "Import people and devices from a workbook or CSV; prints what was created, changed, unchanged and refused."

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", type=Path)
        parser.add_argument("--company", required=True, metavar="S", help="the company's short name")
        parser.add_argument(
            "--sheet", default="", metavar="NAME", help="which sheet of a workbook, where several have rows"
        )
        parser.add_argument("--preview", action="store_true", help="show what it would do and write nothing")
        parser.add_argument("--invite", action="store_true", help="invite the people who are new")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *, file, company, preview, invite, sheet="", **options):
        translation.activate("en")
        found = Company.objects.servable().filter(slug=company).first()
        if found is None:
            raise CommandError(f"There is no company “{company}” that is open.")
        try:
            with file.open("rb") as opened:
                content = opened.read(MOST_BYTES + 1)
        except OSError as fault:
            raise CommandError(f"{file} cannot be read: {fault.strerror}.")
        with inside(found):
            told = self._import(content, file.name, preview=preview, invite=invite, sheet=sheet)
        told = {"company": company, "file": file.name, "preview": preview} | told
        self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2) if options["json"] else in_words(told))

    def _import(self, content, name, *, preview, invite, sheet):
        at = clock.now()
        try:
            an_import = Import.begin(content, name, by=None, at=at)
        except Unreadable as unreadable:
            raise CommandError(str(unreadable))
        if an_import.sheets and sheet not in an_import.sheets:
            an_import.delete()
            raise CommandError(f"Several sheets hold rows. Say which with --sheet: {', '.join(an_import.sheets)}.")
        if sheet and an_import.sheets:
            an_import.take_sheet(sheet)
        if not an_import.has_key:
            an_import.delete()
            raise CommandError("No heading of the file is known, so its rows mean nobody and nothing.")
        an_import.read_here(at=at)
        if not preview:
            an_import.confirm(by=None, plan=an_import.plan_digest, invite=invite, at=at)
            apply_all(an_import, at=at)
            book.drop("import.apply", an_import.ref)
            an_import = Import.objects.defer("content").get(pk=an_import.pk)
        told = summary(an_import, an_import.outcome if not preview else an_import.counts)
        if preview:
            an_import.delete()
        return told


def summary(an_import, counts) -> dict:
    """What the import did or would do, as plain data."""
    refused = [
        {"row": row.number, "column": fault.column, "cell": fault.cell, "reason": fault.why, "help": fault.help}
        for row in an_import.rows.with_verdict("refused")
        for fault in row.reasons
    ]
    new = [name for row in an_import.rows.order_by("number") if row.verdict != "refused" for name in row.plan["new"]]
    counted = {kind: {verdict: counts[kind][verdict] for verdict in VERDICTS} for kind in ("people", "devices", "rows")}
    return counted | {
        "import": an_import.ref,
        "refused": refused,
        "also_new": [{"what": str(COLUMNS[code].label), "name": name} for code, name in new],
        "left_out": an_import.unknown_headings,
    }


def in_words(told) -> str:
    """The summary as lines to read."""
    verb = "would be" if told["preview"] else "were"
    lines = [
        f"{told[kind]['created']} {kind} {verb} created, {told[kind]['changed']} changed, "
        f"{told[kind]['unchanged']} unchanged, {told[kind]['refused']} refused."
        for kind in ("people", "devices")
    ]
    lines += [f"Also new: {new['what']} {new['name']}." for new in told["also_new"]]
    lines += [f"Left out: the column “{heading}” is not known." for heading in told["left_out"]]
    lines += [
        f"Row {refusal['row']}, {refusal['column'] or 'whole row'}"
        f"{' “' + refusal['cell'] + '”' if refusal['cell'] else ''}: {refusal['reason']} {refusal['help']}"
        for refusal in told["refused"]
    ]
    return "\n".join(lines)
