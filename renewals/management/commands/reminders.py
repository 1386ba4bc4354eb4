"""`manage.py reminders [--company S] [--state planned|sent|…] [--json]`: the ledger (spec 6)."""

import json

from django.core.management.base import BaseCommand
from django.utils import translation

from renewals.models import Reminder
from renewals.printing import LINE, as_told, companies_called
from velory.tenancy.context import inside


class Command(BaseCommand):
    help = "Prints the ledger: device, recipient, stage, renewal date, send date, state, reason, letter key."

    def add_arguments(self, parser):
        parser.add_argument("--company", help="a company's slug; without it, every company")
        parser.add_argument("--state", choices=Reminder.State.values)
        parser.add_argument("--json", action="store_true")

    def handle(self, *, company, state, **options):
        told = []
        with translation.override("en"):
            for host in companies_called(company):
                with inside(host):
                    told += [{"company": host.slug} | as_told(row) for row in _rows(state)]
        if options["json"]:
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2))
        else:
            for row in told:
                self.stdout.write(LINE.format(**row))


def _rows(state):
    rows = Reminder.objects.in_order().with_what_a_letter_needs()
    return rows.in_state(state) if state else rows
