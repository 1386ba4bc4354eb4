"""manage.py suspend_company S: closed to everybody, nothing sent, nothing lost; resume_company opens it again."""

from django.core.management.base import BaseCommand, CommandError

from velory import clock
from velory.journal.reason import Refused
from velory.operators.changing import suspend_company
from velory.tenancy.models import Company
from velory.tenancy.routing import KEEP


class Command(BaseCommand):
    help = "Close a company to everybody until it is resumed. Its data stays."

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="S", help="the company's short name")
        parser.add_argument("--because", metavar="WORDS", default="", help="the reason, which its admins read")

    def handle(self, slug, *, because, **options):
        company = Company.objects.filter(slug=slug, state__in=[Company.State.READY, Company.State.SUSPENDED]).first()
        if company is None:
            raise CommandError(f"There is no company “{slug}” that could be suspended.")
        try:
            suspend_company(company, reason=because, by=None, at=clock.now())
        except Refused as refused:
            raise CommandError(str(refused.reason)) from refused
        self.stdout.write(f"{company} is suspended; every web process knows it within {KEEP} seconds.")
