"""`manage.py sweep [--company S] [--at ISO] [--dry-run] [--json]`: one run of the reminder sweep (spec 6).

First the ledger is brought into line with the facts, then what is due is written. A dry run does the same and
takes everything back.
"""

import json

from django.core.management.base import BaseCommand
from django.db import transaction
from django.utils import translation

from renewals.audit import audit
from renewals.models import Reminder
from renewals.printing import LINE, as_told, companies_called, moment_of
from renewals.sweep import sweep
from velory import clock
from velory.tenancy.context import inside

OUTCOMES = ("planned", "sent", "skipped")


class Command(BaseCommand):
    help = "One run of the reminder sweep: what was planned, sent, skipped, each with its reason."

    def add_arguments(self, parser):
        parser.add_argument("--company", help="a company's slug; without it, every company")
        parser.add_argument(
            "--at", help="ISO date-time, the company's local time where it names no zone; now without it"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would happen and change nothing")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, company, at, dry_run, **options):
        told = {"at": at or clock.now().isoformat(), "dry_run": dry_run} | {what: [] for what in OUTCOMES}
        with translation.override("en"):
            for host in companies_called(company):
                with inside(host):
                    run = _run(moment_of(at, clock.zone()) if at else clock.now(), dry_run)
                for what in OUTCOMES:
                    told[what] += [{"company": host.slug} | row for row in run[what]]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
            return
        for what in OUTCOMES:
            self.stdout.write(f"{len(told[what])} {what}")
            for row in told[what]:
                self.stdout.write("  " + LINE.format(**row))


def _run(moment, dry_run) -> dict:
    if not dry_run:
        return _swept(moment)
    with transaction.atomic():
        told = _swept(moment)
        transaction.set_rollback(True)
    return told


def _swept(moment) -> dict:
    changed = audit(moment)
    run = sweep(moment)
    while run.goes_on:
        more = sweep(moment)
        run.sent += more.sent
        run.settled += more.settled
        run.planned += more.planned
        run.goes_on = more.goes_on
    planned = [row for row in (*changed, *run.planned) if row.state == Reminder.State.PLANNED]
    settled = [row for row in (*changed, *run.settled) if row.state != Reminder.State.PLANNED]
    return {"planned": _told(planned), "sent": _told(run.sent), "skipped": _told(settled)}


def _told(rows):
    found = Reminder.objects.with_what_a_letter_needs().in_bulk([row.pk for row in rows])
    return [as_told(found.get(row.pk, row)) for row in rows]
