"""manage.py resume_company S: opens a suspended company again."""

from django.core.management.base import BaseCommand, CommandError

from velory import clock
from velory.journal.reason import Refused
from velory.operators.changing import resume_company
from velory.tenancy.models import Company


class Command(BaseCommand):
    help = "Open a suspended company again."

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="S", help="the company's short name")

    def handle(self, slug, **options):
        company = Company.objects.filter(slug=slug, state__in=[Company.State.READY, Company.State.SUSPENDED]).first()
        if company is None:
            raise CommandError(f"There is no company “{slug}” that could be resumed.")
        try:
            resume_company(company, by=None, at=clock.now())
        except Refused as refused:
            raise CommandError(str(refused.reason)) from refused
        self.stdout.write(f"{company} is open: {company.address()}")
