"""manage.py resume_company S: opens a suspended company again."""

from django.core.management.base import BaseCommand, CommandError

from velory.tenancy.models import Company
from velory.tenancy.opening import resume


class Command(BaseCommand):
    help = "Open a suspended company again."

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="S", help="the company's short name")

    def handle(self, slug, **options):
        company = Company.objects.filter(slug=slug, state__in=[Company.State.READY, Company.State.SUSPENDED]).first()
        if company is None:
            raise CommandError(f"There is no company “{slug}” that could be resumed.")
        resume(company)
        self.stdout.write(f"{company} is open: {company.address()}")
