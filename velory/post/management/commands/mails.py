"""`manage.py mails [--company S] [--since ISO] [--json]`: the outbox, for checks from outside (spec 6)."""

import html
import json
import re
from datetime import datetime

from django.core.management.base import BaseCommand, CommandError

from velory import clock
from velory.post.models import Letter
from velory.tenancy.context import inside
from velory.tenancy.models import Company

ADDRESSES = re.compile(r'href="(https?://[^"]+)"')


class Command(BaseCommand):
    help = "Prints the outbox: key, template, recipient, language, subject, state, links, created, sent."

    def add_arguments(self, parser):
        parser.add_argument("--company", help="a company's slug; without it, every company")
        parser.add_argument("--since", help="ISO date or date-time, the company's local time where it names no zone")
        parser.add_argument("--json", action="store_true")

    def handle(self, *, company, since, **options):
        companies = Company.objects.servable().order_by("slug")
        if company:
            companies = companies.filter(slug=company)
            if not companies:
                raise CommandError(f"There is no company {company}.")
        found = []
        for host in companies:
            with inside(host):
                found += [{"company": host.slug} | as_told(letter) for letter in _letters(since)]
        if options["json"]:
            self.stdout.write(json.dumps(found, ensure_ascii=False, indent=2))
        else:
            for row in found:
                self.stdout.write("{created}  {state:<10} {template:<32} {recipient:<40} {subject}".format(**row))


def _letters(since):
    letters = Letter.objects.order_by("written_at", "pk")
    return letters.written_since(_moment(since)) if since else letters


def _moment(since):
    try:
        moment = datetime.fromisoformat(since)
    except ValueError as wrong:
        raise CommandError(f"--since {since}: not an ISO date or date-time.") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=clock.zone())


def as_told(letter: Letter) -> dict:
    """A letter as the command prints it. Links stand in a letter once it is put into words, secrets as dots."""
    return {
        "key": letter.key,
        "template": letter.template,
        "recipient": letter.to,
        "language": letter.language,
        "subject": letter.subject,
        "state": letter.state,
        "reason": letter.reason,
        "repeat": letter.repeat,
        "links": list(dict.fromkeys(html.unescape(found) for found in ADDRESSES.findall(letter.html))),
        "created": letter.written_at.isoformat(),
        "sent": letter.sent_at.isoformat() if letter.sent_at else None,
    }
