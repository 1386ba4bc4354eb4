"""manage.py suspend_company S: closed to everybody, nothing sent, nothing lost; resume_company opens it again."""

from django.core.management.base import BaseCommand, CommandError

from velory.tenancy.models import Company
from velory.tenancy.opening import suspend
from velory.tenancy.routing import KEEP


class Command(BaseCommand):
    help = "Close a company to everybody until it is resumed. Its data stays."

    def add_arguments(self, parser):
        parser.add_argument("slug", metavar="S", help="the company's short name")

    def handle(self, slug, **options):
        company = Company.objects.filter(slug=slug, state__in=[Company.State.READY, Company.State.SUSPENDED]).first()
        if company is None:
            raise CommandError(f"There is no company “{slug}” that could be suspended.")
        suspend(company)
        self.stdout.write(f"{company} is suspended; every web process knows it within {KEEP} seconds.")
